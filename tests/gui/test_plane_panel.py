"""A plane in detail: seed, point, layer, weights and three points; planes kept with the run and forgotten."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt

from landscape.plane import layer_shares
from landscape.run.choice import PLANES
from landscape.run.kept_plane import kept_planes
from tests.gui.conftest import LONG, settled


@pytest.fixture
def panel(qtbot, window):
    """The open page of a random plane."""
    window.session.picture.choose_plane("filter")
    settled(qtbot, window)
    qtbot.mouseClick(window.bar.plane_details, Qt.MouseButton.LeftButton)
    panel = window.bar.plane_panel
    assert panel.isVisible()
    yield panel
    panel.hide()


def pick(box, value):
    """Choose an entry as a hand does."""
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_the_seed_draws_the_plane(qtbot, window, panel):
    session = window.session
    first = session.portrait.plane
    qtbot.mouseClick(panel.another, Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert panel.seed.value() == session.picture.plane_seed == session.portrait.seed
    assert not np.array_equal(session.portrait.plane.u, first.u)
    panel.seed.setValue(panel.seed.value() - 1)
    settled(qtbot, window)
    np.testing.assert_array_equal(session.portrait.plane.u, first.u)


def test_only_what_the_plane_has_a_use_for_is_shown(qtbot, window, panel):
    shown = {
        "filter": {"seed", "at"}, "one_layer": {"seed", "at", "layer"}, "pca_all": set(), "pca_one": {"start"},
        "hessian": {"at"}, "through": {"start"}, "weights": {"start", "at", "farthest"},
    }  # fmt: skip
    for choice, names in shown.items():
        window.session.picture.choose_plane(choice)
        settled(qtbot, window)
        panel.refresh()
        assert {
            name for name in ("seed", "start", "at", "layer", "farthest") if getattr(panel, name).isVisible()
        } == names
        assert all(box.isVisible() == (choice == "through") for box in panel.corners)
        assert all(box.isVisible() == (choice == "weights") for box in panel.weights)


def test_point_layer_weights_and_corners_are_followed(qtbot, window, panel):
    session, run = window.session, window.session.run
    pick(panel.at, "end:2")
    settled(qtbot, window)
    np.testing.assert_array_equal(session.portrait.plane.origin, run.thetas[-1, 2])
    session.picture.choose_plane("one_layer")
    pick(panel.layer, 2)
    settled(qtbot, window)
    assert layer_shares(run.net, session.portrait.plane.u)["W2"] == pytest.approx(1)
    session.picture.choose_plane("weights")
    settled(qtbot, window)
    panel.weights[0].setValue(7)
    settled(qtbot, window)
    assert session.portrait.plane.facts["i"] == 7
    assert "layer 1" in panel.weight_names[0].text()
    session.picture.choose_plane("through")
    settled(qtbot, window)
    pick(panel.corners[2], "end:4")
    settled(qtbot, window)
    np.testing.assert_allclose(session.portrait.plane.point(0, 1), run.thetas[-1, 4], atol=1e-5)


def test_the_gradient_can_be_taken_at_the_step_shown(qtbot, window, panel):
    session = window.session
    step = int(session.run.steps[2])
    session.playback.jump(step)
    session.picture.choose_plane("gradient")
    settled(qtbot, window)
    panel.refresh()
    pick(panel.at, "shown")
    settled(qtbot, window)
    np.testing.assert_array_equal(session.portrait.plane.origin, session.run.thetas[2, session.selected])


def test_a_plane_is_kept_shown_again_and_forgotten(qtbot, window, panel):
    session, box = window.session, window.bar.plane
    plane, extent = session.portrait.plane, session.picture.extent_shown()
    assert not panel.keep.isEnabled()
    panel.name.setText("my valley")
    qtbot.mouseClick(panel.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: box.findData("kept:my valley") > 0, timeout=LONG)
    [kept] = kept_planes(session.run)
    assert (kept.choice, kept.seed) == ("filter", session.picture.plane_seed)
    session.picture.choose_plane("pca_all")
    settled(qtbot, window)
    pick(box, "kept:my valley")
    settled(qtbot, window)
    np.testing.assert_array_equal(session.portrait.plane.u, plane.u)
    np.testing.assert_allclose(session.picture.extent_shown().a, extent.a)
    session.picture.forget_kept("my valley")
    qtbot.waitUntil(lambda: box.findData("kept:my valley") < 0, timeout=LONG)
    assert session.portrait.choice == "custom" and not kept_planes(session.run)
    settled(qtbot, window)


def test_it_opens_by_key_and_every_plane_says_what_it_is(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    assert window.bar.plane_panel.isVisible()
    qtbot.keyClick(window.bar.plane_panel, Qt.Key.Key_Escape)
    assert not window.bar.plane_panel.isVisible()
    box = window.bar.plane
    for index in range(len(PLANES)):
        assert box.itemData(index, Qt.ItemDataRole.ToolTipRole).endswith(".")
