"""The digits that a saved run learnt from, on this machine: where they lie now, and whether they are the same."""

from pathlib import Path

import numpy as np

from landscape.data import Digits, load_digits
from landscape.errors import DataError
from landscape.run.measured import means
from landscape.run.run import Run

# Another engine or processor rounds otherwise; other digits have another loss in the second decimal.
CLOSE = 1e-3


def read_digits(run: Run, elsewhere: str) -> None:
    """Read a run's digits from its own source or, if they are not there, from `elsewhere`, a source as in a setup.

    Where neither holds them, `run.missing` says so, and the run shows what its record holds.
    """
    try:
        run.digits = run.setup.load_digits()
    except DataError as error:
        try:
            run.digits = digits_from(run, elsewhere)
        except DataError:
            run.missing = _sentence(run, error)


def digits_from(run: Run, source: str) -> Digits:
    """The digits of a run, read from another source; DataError where they are not those that it learnt from."""
    data = run.setup.data
    digits = load_digits(None if source == "embedded" else source, data.classes, data.preprocess)
    X, y = digits.train.images[: data.examples], digits.train.labels[: data.examples]
    recorded = run.figure("loss")
    frames, starts = np.nonzero(np.isfinite(recorded))
    if len(frames):  # the latest model whose loss is known: the more it has learnt, the better it tells digits apart
        frame, start = frames[-1], starts[-1]
        found, known = float(means(run.net, run.thetas[frame, start : start + 1], X, y)[0][0]), recorded[frame, start]
        if not abs(found - known) <= CLOSE * max(abs(known), CLOSE):
            raise DataError(
                f"the digits in {source} are not those that this run learnt from: over them its last loss is {found:.4g}, "
                f"and its record says {known:.4g}; choose the folder that holds its own"
            )
    return digits


def _sentence(run: Run, error: DataError) -> str:
    """What is missing and what to do."""
    source = run.setup.data.source
    shown = "its paths, curves and figures are shown, but no surface"
    choose = "choose the folder that holds them with File > Open data folder…"
    if source == "full":
        return (
            f"this run learnt from the full MNIST, which is not on this machine: {shown}; fetch it with "
            f"File > Download the full MNIST…, or {choose}"
        )
    if not Path(source).expanduser().is_dir():
        return f"this run learnt from the digits in {source}, which is not here: {shown}; {choose}"
    return f"the digits that this run learnt from can't be read ({error}): {shown}; {choose}"
