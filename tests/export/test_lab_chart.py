from dataclasses import replace

import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.export.lab_chart import Series, drawing
from landscape.export.lab_figure import lab_figure
from landscape.lab import Curvature, GradientCheck, Race, Racer


def test_points_that_do_not_fit_together_are_refused():
    with pytest.raises(ValueError, match="fit together"):
        Series(np.arange(3), np.arange(2))
    with pytest.raises(ValueError, match="fit together"):
        Series(np.arange(3), np.arange(3), low=np.arange(2), high=np.arange(3))
    with pytest.raises(SetupError, match="no picture of str"):
        drawing("words")


def test_the_curvature_is_drawn_with_its_lowest_and_its_mean():
    found = Curvature(100, 50, 0.5, 0.1, np.array([9.0, 4.0]), -0.5, 25.0, 1.0, 10)
    (chart,) = drawing(found).charts
    assert chart.series[0].y.tolist() == [9.0, 4.0]
    assert [mark.at for mark in chart.marks] == [0.0, 0.5, -0.5]
    (axes,) = lab_figure(found).axes
    assert axes.lines[0].get_ydata().tolist() == [9.0, 4.0]
    begun = replace(found, lowest=np.nan, trace=np.nan)
    assert [mark.label for mark in drawing(begun).charts[0].marks] == ["flat"]


def test_gradient_checks_are_drawn_error_by_error():
    values = np.ones(3)
    errors, kinked = np.array([1e-9, 1e-2, 0.5]), np.array([False, False, True])
    found = GradientCheck(np.arange(3), ("a", "b", "c"), values, values, errors, kinked)
    shown = {series.label.split(":")[0]: series.y.tolist() for series in drawing(found).charts[0].series}
    assert shown == {"agree": [1e-9], "differ": [1e-2], "left out": [0.5]}
    assert lab_figure(found, "dark").axes[0].get_yscale() == "log"


def test_a_race_is_drawn_with_bands_and_trials_and_its_budget():
    curves = np.array([[2.0, 1.0], [2.2, 1.4]])
    racer = Racer("sgd", 0.3, ((0.1, 1.2), (0.3, 0.9)), curves, curves, curves / 4)
    found = Race((racer, replace(racer, optimiser="adam")), np.array([0, 10]), 2, 5, 2, 10, 32)
    losses, accuracies, trials = drawing(found).charts
    np.testing.assert_allclose(losses.series[0].y, [2.1, 1.2])
    np.testing.assert_allclose(losses.series[0].low, [2.0, 1.0])
    np.testing.assert_allclose(losses.series[0].high, [2.2, 1.4])
    assert [series.label for series in losses.series] == ["SGD, η 0.3", "Adam, η 0.3"]
    assert losses.series[0].colour != losses.series[1].colour
    assert trials.series[0].x.tolist() == [0.1, 0.3]
    figure = lab_figure(found)
    assert len(figure.axes) == 3
    assert drawing(found).under == found.budget and found.budget not in drawing(found).sentences
    lowest = min(axes.get_position().y0 for axes in figure.axes)
    (budget,) = [text for text in figure.texts if "gradient evaluations over" in text.get_text()]
    assert budget.get_position()[1] < lowest  # under the plots
    assert "30 gradient evaluations" in " ".join(text.get_text() for text in figure.texts).replace("\n", " ")
    begun = replace(found, racers=(replace(racer, losses=np.empty((0, 0)), accuracies=np.empty((0, 0))),))
    assert drawing(begun).charts[0].series == ()
    lab_figure(begun)
    assert accuracies.y == "validation accuracy"
