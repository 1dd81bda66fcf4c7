"""The gradient arrows: those of the shown step or none, on any plane, also while time runs."""

import numpy as np
import pytest

from landscape.gui.drawing.arrow_layer import LONGEST
from landscape.gui.drawing.arrow_legend import legend_text
from landscape.run.step_arrows import step_arrows
from tests.gui.conftest import LONG, settled


@pytest.fixture
def arrows(window):
    window.session.playback.jump(3)
    window.session.arrows.toggle()
    return window.session.arrows


def stands(qtbot, session, step):
    qtbot.waitUntil(lambda: session.arrows.current is not None and session.arrows.current.step == step, timeout=LONG)


def test_the_arrows_are_drawn_at_the_selected_start(qtbot, window, arrows):
    session = window.session
    stands(qtbot, session, 3)
    expected = step_arrows(session.run, session.selected, 3).on(session.portrait.plane)
    np.testing.assert_allclose(arrows.current.shadows, expected.shadows, rtol=1e-4, atol=1e-9)
    drawn = window.map.arrows.item
    np.testing.assert_allclose(drawn.base, session.moment.shadows[session.selected])
    pixels = drawn.ways / np.array(window.map.box.viewPixelSize())
    assert np.linalg.norm(pixels, axis=1).max() == pytest.approx(LONGEST)
    legend = window.map.arrows.legend
    assert legend.isVisible() and f"{expected.cosine:.2f}" in legend.text() and "100 digits" in legend.text()
    assert legend.geometry().right() < window.map.width()


def test_never_are_the_arrows_of_another_step_shown(qtbot, window, arrows):
    session, wrong = window.session, []

    def look():
        current = arrows.current
        if current is not None and (current.step, current.start) != (session.moment.step, session.selected):
            wrong.append((current.step, session.moment.step))
        if current is None:
            assert not len(window.map.arrows.item.ways)

    arrows.changed.connect(look)
    session.moment_changed.connect(look)
    session.select(2)
    session.playback.play()
    qtbot.waitUntil(lambda: len(arrows._known) == session.run.frames, timeout=LONG)
    before = session.playback.step
    qtbot.waitUntil(lambda: session.playback.step != before and arrows.current is not None, timeout=LONG)
    session.playback.jump(5)
    stands(qtbot, session, 5)
    assert not wrong and arrows.current.start == 2


def test_another_plane_has_other_shadows_of_the_same_vectors(qtbot, window, arrows):
    session = window.session
    stands(qtbot, session, 3)
    before = arrows.current
    session.picture.choose_plane("filter")
    settled(qtbot, window)
    stands(qtbot, session, 3)
    assert arrows.current.plane is session.portrait.plane
    assert arrows.current.cosine == pytest.approx(before.cosine)
    assert not np.allclose(arrows.current.shadows, before.shadows)


def test_at_the_end_no_step_is_drawn(qtbot, window, arrows):
    session = window.session
    session.playback.jump(session.run.last_step)
    stands(qtbot, session, session.run.last_step)
    assert len(window.map.arrows.item.ways) == 2
    assert "this descent ends here" in window.map.arrows.legend.text()


def test_where_a_held_run_stands_its_descent_has_not_ended(qtbot, window, arrows):
    session = window.session
    before = session.run
    session.train(session.setup.changed(descent={"epochs": 400}))
    qtbot.waitUntil(lambda: session.run is not before and session.run.frames > 5, timeout=LONG)
    session.cancel()
    settled(qtbot, window)
    session.playback.jump(session.run.last_step)
    stands(qtbot, session, session.run.last_step)
    assert session.unfinished and "the step from here is not taken yet" in window.map.arrows.legend.text()
    page = window.inspect.show_page("Step")
    qtbot.waitUntil(lambda: "the last one so far" in page.title.text(), timeout=LONG)


def test_they_go_when_they_are_no_longer_wanted(qtbot, window, arrows):
    stands(qtbot, window.session, 3)
    assert window.menus.arrows.isChecked()
    window.menus.arrows.trigger()
    assert not window.menus.arrows.isChecked() and arrows.current is None
    assert not window.map.arrows.legend.isVisible() and not len(window.map.arrows.item.ways)


def test_the_legend_says_what_lengths_mean(small_run):
    plane = small_run.plane
    drawn = step_arrows(small_run, 0, 2).on(plane)
    assert "lengths: η · gradient, and the step, enlarged 38×" in legend_text(drawn, "middle", 38.0)
    assert "at 1/4 of their size" in legend_text(drawn, "middle", 0.25)
    assert "enlarged 1,560×" in legend_text(drawn, "middle", 1558.0)  # and no power of ten
