import numpy as np
import pytest

import landscape as ls
from landscape.errors import SetupError
from landscape.lab.curves import Curve

# Middle start alone; losses measured over few digits, to be quick.
GROUND = ls.Setup(data={"examples": 1000}, starts={"kind": "middle"}, network={"sizes": (784, 16, 10)})
ILL = {
    "exploding": {"descent": {"learning_rate": 5.0, "epochs": 1}},
    "dead units": {"network": {"sizes": (784, 4, 10)}, "descent": {"learning_rate": 0.7, "epochs": 2}},
    "too slow": {"descent": {"learning_rate": 0.002, "epochs": 2}},
    "flat": {
        "network": {"sizes": (784, 16, 16, 10), "scheme": "normal", "scale": 1e-3},
        "descent": {"learning_rate": 0.1, "epochs": 2},
    },
    "wild start weights": {"network": {"scale": 1.0}, "descent": {"learning_rate": 0.1, "epochs": 2}},
    "too noisy": {"descent": {"batch_size": 2, "learning_rate": 0.1, "epochs": 2}},
    "overfitting": {"network": {"sizes": (784, 60, 10)}, "descent": {"epochs": 40, "batch_size": 16}},
    "underfitting": {"network": {"sizes": (784, 2, 10)}, "descent": {"epochs": 12, "learning_rate": 0.1}},
}


def finished(setup):
    run = ls.explore(setup)
    reading = ls.read_curves(run)
    loss = run.figure("validation_loss")[-5:].mean()
    run.close()
    return reading, loss


@pytest.mark.parametrize("name", ILL)
def test_what_was_made_ill_on_purpose_is_named_and_its_cure_helps(name):
    reading, ill = finished(GROUND.changed(**ILL[name]))
    assert name in [finding.name for finding in reading.findings], str(reading)
    finding = next(finding for finding in reading.findings if finding.name == name)
    assert finding.starts == ("middle",)
    assert finding.evidence in str(reading)
    assert finding.cure in str(finding)
    _, cured = finished(finding.try_setup)
    assert cured < 0.97 * ill, f"{finding.cure}: {ill} became {cured}"


def test_a_good_run_is_left_alone():
    reading, _ = finished(GROUND.changed(network={"sizes": (784, 30, 10)}, descent={"learning_rate": 0.1}))
    assert reading.findings == ()
    assert "healthy" in str(reading)


def test_starts_that_suffer_alike_are_named_together():
    setup = GROUND.changed(starts={"kind": "random", "count": 2}, descent={"learning_rate": 5.0, "epochs": 1})
    reading, _ = finished(setup)
    (finding,) = reading.findings
    assert finding.starts == ("restart 1", "restart 2")
    assert finding.try_setup.descent.learning_rate == 0.5
    assert finding.try_setup.starts == setup.starts
    assert reading.losses.shape == (len(reading.epochs), 2)


def test_a_run_that_is_too_short_is_refused(small_run):
    growing = ls.exploring(GROUND.changed(descent={"epochs": 1}))
    run = next(growing).run
    with pytest.raises(SetupError, match="too short"):
        ls.read_curves(run)
    growing.close()
    run.close()


def curve(loss, validation=None):
    loss = np.asarray(loss, float)
    nothing = np.zeros(len(loss))
    return Curve(nothing, loss, loss if validation is None else np.asarray(validation), nothing, nothing, nothing)


def test_the_figures_of_known_curves():
    line = curve(np.linspace(2, 1, 101))
    assert line.late_share == pytest.approx(0.5)
    assert line.left == pytest.approx(0.5)
    assert curve(np.exp(-np.linspace(0, 20, 101))).late_share < 1e-4
    assert curve(np.exp(-np.linspace(0, 20, 101))).wiggle == pytest.approx(0, abs=1e-9)
    noise = np.random.default_rng(0).standard_normal(4000)
    assert curve(np.exp(0.2 * noise - np.linspace(0, 3, 4000))).wiggle == pytest.approx(0.2, rel=0.05)
    frame, lowest, last = curve(np.ones(101), (np.linspace(-1, 2, 101)) ** 2 + 1).turn
    assert abs(frame - 33) <= 2
    assert lowest == pytest.approx(1, abs=0.01)
    assert last == pytest.approx(np.mean((np.linspace(-1, 2, 101)[-10:]) ** 2 + 1))
    assert np.isnan(Curve(*[np.full(9, np.nan)] * 6).typical_update)
