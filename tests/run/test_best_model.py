import hashlib
import json

import pytest

from landscape.errors import RecordError
from landscape.model import read_model
from landscape.run import Setup
from landscape.run.best_model import save_best


@pytest.mark.parametrize("ending", [".safetensors", ".npz", ".json", ".pkl"])
def test_the_best_of_a_run_says_what_it_is(small_run, tmp_path, ending):
    model = read_model(save_best(small_run, tmp_path / f"best{ending}"))
    best = small_run.best
    assert (model.theta == best.theta).all()
    assert float(model.about["accuracy"]) == pytest.approx(best.accuracy, abs=1e-4)
    assert json.loads(model.about["preprocessing"]) == ["scale"]
    assert model.classes == (3, 7)
    assert Setup.from_toml(model.about["setup"]) == small_run.setup
    assert model.about["setup_hash"] == hashlib.sha256(small_run.setup.to_toml().encode()).hexdigest()
    assert model.about["app_version"]


def test_a_run_without_a_finite_loss_has_no_best(monkeypatch, small_run, tmp_path):
    monkeypatch.setattr(type(small_run), "best", None)
    with pytest.raises(RecordError, match="no best model"):
        save_best(small_run, tmp_path / "best.npz")
    assert not any(tmp_path.iterdir())
