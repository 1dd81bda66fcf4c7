"""The four stages of an update in figures: those of the dissection, and a plane's descent has no optimiser's own lines."""

import numpy as np
import pytest

import landscape as ls
from landscape.run import dissect
from landscape.run.step_figures import steepest_weight, step_figures, step_lines


def test_the_steepest_weight_is_that_of_the_largest_gradient(small_run):
    found = dissect(small_run, 0, 3)
    at = found.place(*steepest_weight(found))
    assert abs(found.gradient[at]) == np.abs(found.gradient[found.net.is_weight]).max()


def test_figures_are_those_of_the_dissection(small_run):
    found = dissect(small_run, 0, 3)
    figures = step_figures(found, (1, 4, 1))  # a bias: one past the last input
    assert figures["update_of_weight"]["old"] == found.theta[-1]
    assert figures["backward"]["layers"][0]["gradient"] == pytest.approx(
        np.linalg.norm(found.gradient[found.net.layout[0][0]])
    )
    assert figures["forward"]["layers"][0]["silent"] == pytest.approx((found.passes.handed_on[0] <= 0).mean())
    assert figures["largest_difference_to_the_record"] == found.difference < 1e-6
    assert "bias, neuron 1, layer 2" in step_lines(found, (1, 4, 1))[4]


def test_inside_a_plane_two_coordinates_move(small_setup):
    run = ls.explore(small_setup.changed(descent={"in_plane": True, "learning_rate": 1.0}))
    found = dissect(run, 0, 3)
    figures = step_figures(found, steepest_weight(found))["update_of_weight"]
    assert figures["steps"] == [] and figures["new"] == pytest.approx(figures["recorded"], abs=1e-6)
    assert "two coordinates of the plane move" in step_lines(found, (0, 0, 0))[-1]
    run.close()
