import numpy as np
import pytest
from PIL import Image

from landscape.errors import SetupError
from landscape.export.lab_figure import lab_figure
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.lab import Check, GradientNoise, Ranges, Reading, Restarts, SanityChecks, Search, Trial
from landscape.lab.rate_range import read_sweep


def drawn(result, path, style="light"):
    """The picture's pixels (rows, columns, 3), once written and read back."""
    write_picture(lab_figure(result, style=style), path, Provenance("", title="a test"), width=800)
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def words(figure):
    """All that is written beside the plots, as one text."""
    return " ".join(text.get_text() for text in figure.texts)


@pytest.mark.parametrize("style", ["light", "dark"])
def test_the_sweep_is_drawn_with_its_readings(tmp_path, style):
    losses = np.concatenate([np.linspace(2.3, 0.5, 100), np.linspace(0.5, 9, 60)])
    found = read_sweep(losses, 1e-4, 10.0, 160, 32)
    pixels = drawn(found, tmp_path / "sweep.png", style)
    assert (pixels.mean() > 128) == (style == "light")
    figure = lab_figure(found)
    (axes,) = figure.axes
    assert axes.get_xscale() == "log"
    uprights = [float(line.get_xdata()[0]) for line in axes.lines[2:]]
    assert uprights == pytest.approx([found.steepest, found.suggestion, found.largest])
    assert "lowest" in words(figure)
    lab_figure(read_sweep(np.ones(30), 1e-4, 1.0, 30, 8))  # nothing fell: no readings, no error


def test_the_checks_are_drawn_with_the_digits_learnt_by_heart():
    check = Check("a check", 1.0, "2", False, "It is 1.", "It means something.")
    learning = np.array([2.3, 0.1, 0.001])
    figure = lab_figure(SanityChecks((check,), learning))
    np.testing.assert_array_equal(figure.axes[0].lines[0].get_ydata(), learning)
    assert "FAILED: a check. It is 1. It means something." in words(figure)


def test_the_curves_are_drawn_with_what_was_read_from_them():
    losses = np.array([[2.0, 3.0], [1.0, 1.5]])
    figure = lab_figure(Reading((), ("one", "two"), np.array([0.0, 1.0]), losses, losses + 0.5))
    drawn_losses = [line.get_ydata().tolist() for line in figure.axes[0].lines]
    assert drawn_losses == [[2.0, 1.0], [2.5, 1.5], [3.0, 1.5], [3.5, 2.0]]
    assert "healthy" in words(figure)


def test_restarts_are_drawn_against_long_runs():
    losses = {kind: np.array([0.3, 0.4]) + row for row, kind in enumerate(("corner", "middle", "random"))}
    band = np.array([[2.3, 2.3], [2.4, 2.4]])
    found = Restarts(losses, np.array([[2.5, 2.0]]), 100, np.array([2.35, 2.3]), band)
    race, spread = lab_figure(found).axes
    assert [line.get_ydata().tolist() for line in race.lines] == [[2.35, 2.3], [2.5, 2.0]]
    assert [line.get_xdata().tolist() for line in spread.lines] == [each.tolist() for each in losses.values()]
    assert "one long descent is better" in words(lab_figure(found)).replace("\n", " ")


def test_a_search_is_drawn_with_its_best_and_its_warnings():
    trials = (Trial("coarse", 0, 0.1, 1e-4, 30, 0.5, 0.9), Trial("fine", 0, 2.9, 1e-3, 30, 0.4, 0.92))
    trials = (Trial("coarse", 1, 2.0, 1e-2, 30, 5.0, 0.1, "exploded"), *trials)
    figure = lab_figure(Search(trials, Ranges(), (784, 30, 10)))
    axes, accuracies = figure.axes
    assert accuracies.lines[-1].get_ydata().tolist() == [0.92]
    assert [float(axes.lines[0].get_xdata()[0]), float(axes.lines[0].get_ydata()[0])] == [2.9, 1e-3]
    assert len(axes.collections) == 3
    assert "upper edge" in words(figure)
    assert not lab_figure(Search((), Ranges(), (784, 30, 10))).axes[0].lines


def test_noise_is_drawn_by_batch_size(tmp_path):
    cosine = np.array([[0.3, 0.9], [0.1, 0.5]])
    found = GradientNoise(("first", "later"), (1, 64), cosine, cosine / 10, np.array([1e-5, 1e-4]))
    noise, cost = lab_figure(found).axes
    shown = [container.lines[0].get_ydata().tolist() for container in noise.containers]
    assert shown == cosine.tolist()
    assert cost.lines[0].get_ydata() == pytest.approx([10, 100])
    assert drawn(found, tmp_path / "noise.png").std() > 0


def test_what_has_no_picture_is_refused():
    with pytest.raises(SetupError, match="no picture of int"):
        lab_figure(3)
