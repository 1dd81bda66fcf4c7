"""Nine planes at once, and the page on rescaling."""

import numpy as np
import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QImage

from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.loss_axis import short
from landscape.gui.gallery.small_map import SmallMap
from tests.gui.conftest import LONG, settled


def test_a_press_on_one_of_nine_makes_it_the_plane(qtbot, window):
    session = window.session
    qtbot.keyClick(window, Qt.Key.Key_9)
    page = window.gallery.pages["nine"]
    qtbot.waitUntil(lambda: len(page.tiles) == 9 and not session.lanes.running("nine planes"), timeout=LONG)
    limits = {tile._heights.limits for tile in page.maps}
    assert len(limits) == 1, "one scale of colours for all"
    ends = page.maps[0]._heights.ends
    drawn = [tile.surface.loss for tile in page.tiles.values()]
    assert ends[0] == pytest.approx(min(float(loss.min()) for loss in drawn))
    assert ends[1] <= max(float(loss.max()) for loss in drawn)  # what is steeper than nearly all has the last colour
    assert f"same colours: loss, from {short(ends[0])} to {short(ends[1])}." in page.words.text()
    assert "None holds more than" in page.words.text() and page.maps[3].text().startswith("seed 3 · holds ")
    chosen = page.tiles[3].surface.plane
    qtbot.mouseClick(page.maps[3], Qt.MouseButton.LeftButton)
    settled(qtbot, window)
    assert not page.isVisible()
    np.testing.assert_array_equal(session.portrait.plane.u, chosen.u)
    assert (session.picture.choice, session.picture.plane_seed) == ("filter", 3)
    window.gallery.open_nine()
    assert page.seed == 3
    page.draw_others()
    assert page.seed == 12 and page.maps[0].text() == "seed 12 …"
    page.close()
    assert not session.lanes.running("nine planes")
    settled(qtbot, window)


def test_rescaling_changes_the_raw_map_alone(qtbot, window):
    session = window.session
    window.gallery.open_rescaling()
    page = window.gallery.pages["rescaling"]
    qtbot.waitUntil(lambda: page._first is not None, timeout=LONG)
    assert "α = 1" in page.verdict.text()
    before = page.raw._heights.values, page.normalised._heights.values
    page.slider.setValue(page.slider.maximum())
    assert page.factor == pytest.approx(10)
    qtbot.waitUntil(lambda: "nothing but rounding" in page.verdict.text(), timeout=LONG)
    np.testing.assert_allclose(page.normalised._heights.values, before[1], atol=1e-4)
    assert np.abs(page.raw._heights.values - before[0]).max() > 0.1
    page.close()
    settled(qtbot, window)
    assert session.run is not None


def test_a_network_that_can_not_be_rescaled_says_why(qtbot, window):
    session = window.session
    session.train(session.setup.changed(network={"activation": "tanh"}))
    qtbot.waitUntil(lambda: not session.training and session.run.net.activation == "tanh", timeout=LONG)
    settled(qtbot, window)
    with qtbot.waitSignal(session.failed) as said:
        window.gallery.open_rescaling()
    assert "tanh" in said.args[0] and not window.gallery.pages["rescaling"].isVisible()


def test_a_small_map_is_the_right_way_up(qtbot):
    small = SmallMap()
    qtbot.addWidget(small)
    small.resize(200, 220)
    a, b = np.linspace(-1, 1, 21), np.linspace(-1, 1, 21)
    small.show_heights(Heights.of_values(a, b, a[None, :] + 3 * b[:, None], False, "slope"), "a slope")
    image = small.grab().toImage()
    colours = [image.pixelColor(x, y) for x, y in ((15, 205), (185, 205), (15, 35), (185, 35))]
    lights = [0.2 * colour.red() + 0.7 * colour.green() + 0.1 * colour.blue() for colour in colours]
    assert lights == sorted(lights), "dark below, bright above, brighter to the right"


def test_the_lines_of_a_small_map_reach_its_edges(qtbot):
    small = SmallMap()
    qtbot.addWidget(small)
    small.resize(200, 220)
    a, b = np.linspace(-1, 1, 11), np.linspace(-1, 1, 11)
    small.show_heights(Heights.of_values(a, b, 0 * a[None, :] + b[:, None], False, "level along a"), "level along a")
    image = small.grab().toImage()

    def column(x):
        return [image.pixelColor(x, y).green() for y in range(24, 216)]

    steps = np.abs(np.diff(column(60)))
    assert (steps > 12).sum() >= 10  # contour lines are crossed
    for x in (4, 195):
        np.testing.assert_allclose(column(x), column(60), atol=6)


@pytest.mark.parametrize("density", [1, 2])
def test_the_cross_of_a_small_map_is_as_large_on_a_dense_screen(qtbot, monkeypatch, density):
    small = SmallMap()
    qtbot.addWidget(small)
    small.resize(200, 220)
    monkeypatch.setattr(small, "devicePixelRatioF", lambda: float(density))
    a = np.linspace(-1, 1, 11)
    small.show_heights(Heights.of_values(a, a, a[None, :] ** 2 + a[:, None] ** 2, False, "a bowl"), "")
    image = QImage(200 * density, 220 * density, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(density)
    small.render(image)
    middle = image.copy(80 * density, 100 * density, 40 * density, 40 * density)
    white = np.array(
        [[middle.pixelColor(x, y).lightness() > 150 for x in range(40 * density)] for y in range(40 * density)]
    )
    for places in (np.flatnonzero(white.any(axis=0)), np.flatnonzero(white.any(axis=1))):
        assert 9 * density <= np.ptp(places) <= 13 * density and abs(places.mean() - 20 * density) <= 2 * density
