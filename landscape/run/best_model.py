"""The best parameters of a run as a model file that says what it is, how good, and how it was made."""

import hashlib
import json
from pathlib import Path

from landscape.errors import RecordError
from landscape.model import save_model
from landscape.run.finding import Best
from landscape.run.run import Run


def save_best(run: Run, path: str | Path) -> Path:
    """Write the best parameters so far; the ending chooses the format. Raises RecordError if no start has a finite loss."""
    best = run.best
    if best is None:
        raise RecordError("no start has a finite loss: there is no best model to save")
    return save_model(path, run.net, best.theta, best_facts(run, best))


def best_facts(run: Run, best: Best) -> dict[str, str]:
    """What a model file says about the best of a run: its digits, figures and place in the run, and the whole setup."""
    data, setup = run.setup.data, run.setup.to_toml()
    return {
        "preprocessing": json.dumps(data.preprocess),
        "classes": json.dumps(data.classes),
        "loss": f"{best.loss:.6g}",
        "accuracy": f"{best.accuracy:.4f}",
        "validation_loss": f"{best.validation_loss:.6g}",
        "validation_accuracy": f"{best.validation_accuracy:.4f}",
        "start": best.start_name,
        "step": str(best.step),
        "setup": setup,
        "setup_hash": hashlib.sha256(setup.encode()).hexdigest(),
    }
