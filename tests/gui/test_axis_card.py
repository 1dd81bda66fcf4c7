"""Cards of the axes, and the gauge beside the verdict."""

import pytest
from PyQt6.QtCore import Qt

from landscape.gui.verdict import verdict
from landscape.plane import layer_shares
from landscape.run.axis_card import most_coverage
from tests.gui.conftest import LONG, settled


def test_an_axis_has_a_card(qtbot, window):
    session = window.session
    button = window.map.about_axes[1]
    assert button.isVisible()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.card.isVisible() and button.card.title.text().startswith("b: 2nd principal direction")
    assert button.card.bars.shares == layer_shares(session.run.net, session.portrait.plane.v)
    qtbot.keyClick(button.card, Qt.Key.Key_Escape)
    assert not button.card.isVisible()


def test_the_gauge_and_the_way_to_a_better_plane(qtbot, window):
    session = window.session
    gauge = window.verdict.gauge
    session.picture.choose_plane("pca_movement")
    settled(qtbot, window)
    assert gauge.share == session.portrait.coverage_all and gauge.yardstick == session.portrait.yardstick
    assert window.verdict._known == (session.run, session.run.frames, session.portrait.coverage_all)
    session.picture.choose_plane("filter")
    settled(qtbot, window)
    window.verdict._known = None  # as in a run that was opened on this plane: found beside the window
    window.verdict.refresh()
    qtbot.waitUntil(lambda: window.verdict._known is not None, timeout=LONG)
    assert window.verdict._known[2] == pytest.approx(most_coverage(session.run))
    assert "would show" in window.verdict.text()
    assert gauge.share == session.portrait.coverage_all < 0.1 and gauge.yardstick is None
    window.verdict.words.linkActivated.emit("pca_movement")
    settled(qtbot, window)
    assert session.portrait.choice == "pca_movement" and "href" not in window.verdict.text()


def test_the_sentence_names_the_better_plane_only_if_it_is_better(small_run):
    from landscape.run.portrait import portray

    shadow, good = portray(small_run, "filter"), portray(small_run, "pca_all")
    assert "would show 96%" in verdict(shadow, False, 0.96)
    assert "Press P" in verdict(shadow, False) and "Press P" not in verdict(shadow, False, 0.96)
    assert "href" not in verdict(good, False, good.coverage_all + 0.01)
    assert pytest.approx(good.coverage_all) != shadow.coverage_all
