"""2D, 3D or both in the real window; and 2D with a reason where 3D can't be drawn."""

import gc
from itertools import pairwise

import imageio_ffmpeg
import numpy as np
import pytest
from PIL import Image, ImageSequence
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtWidgets import QApplication

from landscape.gui.commands.screen_film import LANE, ScreenFilm, Wish
from landscape.gui.guide.words import words_of
from landscape.gui.jobs import Activity
from landscape.gui.relief import opengl
from landscape.gui.relief.opengl import why_no_opengl
from landscape.gui.relief.view import SAMPLES
from landscape.gui.settings import Settings
from tests.gui.by_keys import controls, does_without_the_mouse, dull, nameless, untold, walked_to
from tests.gui.conftest import LONG, activate, settled


def frames_of(path):
    """The pictures of a film, (height, width, 3) each, by readers that are not ours."""
    if path.suffix == ".gif":
        with Image.open(path) as film:
            return [np.asarray(frame.convert("RGB")).astype(int) for frame in ImageSequence.Iterator(film)]
    frames = imageio_ffmpeg.read_frames(str(path))
    width, height = next(frames)["size"]
    return [np.frombuffer(frame, np.uint8).reshape(height, width, 3).astype(int) for frame in frames]


@pytest.fixture
def without_opengl(monkeypatch):
    """A machine that can't draw in 3D."""
    monkeypatch.setattr(opengl, "_answer", None)
    monkeypatch.setenv("LANDSCAPE_OPENGL", "0")


@pytest.mark.usefixtures("without_opengl")
@pytest.mark.parametrize("key", [Qt.Key.Key_2, Qt.Key.Key_3])
def test_without_opengl_the_window_stays_flat_and_says_why(qtbot, window, key):
    activate(qtbot, window)
    qtbot.keyClick(window, key)
    assert window.stage.shown == "2d" and window.stage.relief is None
    assert window.map.isVisible()
    assert window.bar.views.actions["2d"].isChecked()
    text = window.banner.text.text()
    assert window.banner.isVisible() and "switched off" in text and "Picture in 3D" in text


def test_the_relief_is_not_made_before_it_is_wanted(window):
    assert window.stage.relief is None
    assert window.bar.views.actions["2d"].isChecked()


def test_what_the_driver_takes_time_for_is_prepared_before_it_is_wanted(qtbot, window):
    qtbot.waitUntil(lambda: not window.stage._warm.isActive())
    if why_no_opengl():
        assert window.stage._canvas is None  # there is nothing to prepare, and nobody is told before he asks
        assert not window.banner.isVisible()
        return
    prepared = window.stage._canvas
    assert prepared is not None and next(prepared.preparing(), "nothing left") == "nothing left"
    assert (
        not prepared.uploads and not prepared._buffers and not prepared._pictures._pictures
    )  # what it practised with is gone
    window.bar.views.show_view("both")
    assert window.stage.relief._canvas is prepared


def test_progress_does_not_paint_the_window_at_once(qtbot, window):
    painted = []

    class Watch(QObject):
        def eventFilter(self, _, event):
            painted.extend([event] if event.type() == QEvent.Type.Paint else [])
            return False

    watch = Watch()
    window.map.plot.viewport().installEventFilter(watch)
    status, activity = window.status, window.session.lanes.activity
    for done in (0.25, 0.5):
        activity["export"] = Activity("something long", done, 0.0)
        qtbot.waitUntil(lambda: not window.session.turns.due)
        window.map.plot.viewport().update()
        painted.clear()
        status.refresh()
        assert not painted
    assert status.bar.isVisible() and status.bar.value() == 500
    qtbot.waitUntil(lambda: bool(painted))
    del activity["export"]
    status.refresh()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("ending", [".gif", ".mp4"])
def test_the_relief_and_the_curves_beside_it_are_filmed(qtbot, window, tmp_path, monkeypatch, ending):
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    window.bar.views.show_view("3d")
    settled(qtbot, window)
    path, relief = tmp_path / f"film{ending}", window.stage.relief
    relief._cost = 1.0  # a slow machine: while time moves its pictures are rough
    quality, render = [], relief._canvas.render
    monkeypatch.setattr(relief._canvas, "render", lambda *given: (quality.append(given[-1]), render(*given))[1])
    ScreenFilm(window, Wish("pages", 0, 5, 1.0, ending), path)
    qtbot.waitUntil(lambda: not window.session.lanes.running(LANE), timeout=LONG)
    assert len(quality) >= 5 and set(quality) == {SAMPLES}  # but not one of those that are filmed
    qtbot.waitUntil(lambda: not relief.always_fine)
    pictures = frames_of(path)
    gc.collect()  # the reader leaves its pipe to the collector
    assert len(pictures) == 5
    edge = round(window.stage.width() * window.devicePixelRatioF())
    for one, other in pairwise(pictures):
        assert one.shape[1] > edge
        moved = np.abs(one - other).max(axis=2) > 40
        assert moved[:, :edge].any() and moved[:, edge:].any()  # the balls, and the cursor in the curves
    surface = pictures[0][:, :edge]
    assert len(np.unique(surface.reshape(-1, 3) // 16, axis=0)) > 100  # a lit surface, no empty canvas


def test_the_names_of_the_axes_stay_in_the_middle_whatever_room_they_have(qtbot, window):
    plot = window.map.plot

    def offsets():
        """Pixels between the middle of each name and that of its axis, along the axis."""
        left, bottom = (plot.getAxis(side) for side in ("left", "bottom"))
        names = [axis.mapRectFromItem(axis.label, axis.label.boundingRect()).center() for axis in (left, bottom)]
        return names[0].y() - left.rect().center().y(), names[1].x() - bottom.rect().center().x()

    words = set()
    for height in (540, 250, 380, 540):
        window.stage.setFixedHeight(height)
        qtbot.waitUntil(lambda height=height: window.map.height() == height and not window.session.turns.due)
        words.add(plot.getAxis("left").labelText)
        assert offsets() == pytest.approx((0, 0), abs=4)
    assert len(words) > 1


def test_keys_buttons_and_menu_choose_the_view(qtbot, window):
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    activate(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_2)
    settled(qtbot, window)
    assert window.stage.relief.isVisible() and not window.map.isVisible()
    assert window.bar.views.actions["3d"].isChecked() and window.settings.view == "3d"
    surface = window.session.surface
    assert 0.8 < surface.loss.shape[1] / surface.loss.shape[0] < 1.6  # a shape for itself, not the hidden map's
    qtbot.keyClick(window, Qt.Key.Key_3)
    settled(qtbot, window)
    assert window.stage.relief.isVisible() and window.map.isVisible()
    relief = window.stage.relief
    window.bar.views.actions["2d"].trigger()
    settled(qtbot, window)
    assert not relief.isVisible() and window.map.isVisible()
    assert relief in window.stage.findChildren(type(relief))  # kept for the next time


def test_the_relief_is_used_by_keys_alone(qtbot, window):
    """The 3D view in the Tab walk: its focus is seen and named, Help lists its keys, and the mouse can be done without."""
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    activate(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_2)
    relief = window.stage.relief
    settled(qtbot, window)
    assert relief in controls(window.stage) and len(controls(relief)) > 3
    for part in (window.stage, relief):
        assert not dull(qtbot, part) and not nameless(part)
    silent = [widget for widget in (relief, *controls(relief)) if not (widget.toolTip() or widget.whatsThis())]
    assert not silent and words_of(relief).term.name == "Surface"
    assert not untold(window, relief)
    camera, rim = relief.camera, relief.palette().highlight().color()
    relief.clearFocus()
    # Its pictures differ anyway, finer and rougher: the rim alone counts.
    assert relief.grab().toImage().pixelColor(0, relief.height() // 2) != rim
    walked_to(qtbot, window, relief)
    assert relief.grab().toImage().pixelColor(0, relief.height() // 2) == rim
    alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
    for key, held in ((Qt.Key.Key_Left, alt), (Qt.Key.Key_Up, alt | shift), (Qt.Key.Key_Plus, alt)):
        before = relief.camera
        qtbot.keyClick(relief, key, held)
        assert relief.camera != before
    assert relief.camera.azimuth != camera.azimuth and relief.camera.centre != camera.centre
    assert relief.camera.zoom > camera.zoom
    qtbot.keyClick(relief, Qt.Key.Key_Tab)
    assert not relief.hasFocus()
    does_without_the_mouse(qtbot, window, relief, relief)


def test_themes_reach_the_relief(window):
    if why_no_opengl():
        pytest.skip(f"no OpenGL here: {why_no_opengl()}")
    window.bar.views.show_view("both")
    window.use_theme("light")
    assert window.stage.relief.scene.theme.name == "light"
    window.use_theme("dark")


def test_the_choice_is_remembered_and_nonsense_is_not(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    Settings(view="both").save()
    assert Settings.load().view == "both"
    next(tmp_path.rglob("window.json")).write_text('{"view": "4d"}')
    assert Settings.load().view == "2d"


def test_both_views_stand_as_there_is_room(window):
    window.stage.resize(1000, 400)
    assert window.stage.orientation() == Qt.Orientation.Horizontal
    window.stage.resize(500, 600)
    assert window.stage.orientation() == Qt.Orientation.Vertical


def test_no_axis_counts_in_thousandths(qtbot, window):
    """pyqtgraph would write 300 and "(x0.001)" where the cards say 0.3."""
    import pyqtgraph as pg

    for name in ("Curves", "Step", "Weights", "Lab", "Compare"):
        window.inspect.show_page(name)
    window.gallery.open_line()
    window.session.picture.choose_plane("line")
    settled(qtbot, window)
    plots = [plot for top in QApplication.topLevelWidgets() for plot in top.findChildren(pg.PlotWidget)]
    assert len(plots) > 5 and window.map.plot in plots
    for plot in plots:
        for side in ("left", "bottom"):
            axis = plot.getPlotItem().getAxis(side)
            assert not (axis.isVisible() and axis.label.isVisible() and axis.autoSIPrefix), plot.accessibleName()
    assert np.ptp(window.map.plot.getPlotItem().getAxis("left").range) < 2
    assert "0.001" not in window.map.plot.getPlotItem().getAxis("left").labelString()
