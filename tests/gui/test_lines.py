"""Lines thinned to pixels, dashes, and the ways of the starts, checked by the pixels they leave."""

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtGui import QColor

from landscape.gui.drawing.lines import DASH, GAP, Line, Lines, Paths, dashes, segments
from landscape.gui.drawing.markers import Marker, Markers

UNIT = np.ones(2)


def test_segments_join_the_ends_and_leave_out_what_no_pixel_shows():
    points = np.column_stack([np.linspace(0, 100, 5001), np.zeros(5001)])
    lines, ends = segments(points, UNIT)
    np.testing.assert_array_equal(lines[0, :2], points[0])
    np.testing.assert_array_equal(lines[-1, 2:], points[-1])
    np.testing.assert_array_equal(lines[1:, :2], lines[:-1, 2:])
    np.testing.assert_array_equal(points[ends], lines[:, 2:])
    assert 50 < len(lines) < 110
    assert len(segments(points, UNIT * 100)[0]) > 2000  # seen closer, more of them are apart


def test_a_point_that_is_no_number_is_a_gap_and_nothing_more():
    points = np.array([[0.0, 0], [0.1, 0], [np.nan, 0], [50, 0], [50.1, 0]])
    lines, _ = segments(points, UNIT)
    np.testing.assert_allclose(lines, [[0, 0, 0.1, 0], [50, 0, 50.1, 0]])
    assert len(segments(points[:1], UNIT)[0]) == 0


def test_dashes_are_as_long_as_they_should_be_in_pixels():
    points = np.array([[0.0, 0.0], [30.0, 40.0]])
    drawn = dashes(points, UNIT * 2)
    lengths = np.linalg.norm((drawn[:, 2:] - drawn[:, :2]) * 2, axis=1)
    np.testing.assert_allclose(lengths[:-1], DASH)
    assert len(drawn) == np.ceil(100 / (DASH + GAP))


@pytest.fixture
def plot(qtbot):
    """A bare plot of the square from 0 to 100, black."""
    plot = pg.PlotWidget(background="k")
    qtbot.addWidget(plot)
    plot.hideAxis("left")
    plot.hideAxis("bottom")
    plot.resize(300, 300)
    plot.setRange(xRange=(0, 100), yRange=(0, 100), padding=0)
    plot.show()
    return plot


def seen(plot, x, y):
    """The colour at a point of the plot."""
    spot = plot.mapFromScene(plot.getViewBox().mapViewToScene(pg.Point(x, y)))
    return plot.grab().toImage().pixelColor(spot)


def test_ways_are_drawn_up_to_the_cursor_and_taken_back_again(plot):
    paths = Paths()
    plot.addItem(paths)
    paths.set_colours(["#ff0000", "#0000ff"])
    along = np.linspace(5, 95, 200)
    ways = np.stack(
        [np.column_stack([along, np.full(200, 30.0)]), np.column_stack([along, np.full(200, 70.0)])], axis=1
    )
    paths.show_paths(ways)
    paths.show_until(100, ways[100])
    assert seen(plot, 40, 30).red() > 60 and seen(plot, 40, 30).blue() < 60
    assert seen(plot, 40, 70).blue() > 60 and seen(plot, 40, 70).red() < 60
    assert seen(plot, 80, 30) == QColor("black")
    assert seen(plot, 10, 30).red() < seen(plot, 48, 30).red()  # what is older is fainter
    paths.show_until(180, ways[180])
    assert seen(plot, 80, 30).red() > 200
    paths.show_until(50, ways[50])
    assert seen(plot, 80, 30) == QColor("black")
    assert seen(plot, 20, 30).red() > 60


def test_bold_ways_and_markers_cover_more_and_what_was_drawn_before_is_drawn_anew(plot):
    def inked():
        image = plot.grab().toImage()
        spots = ((x, y) for x in range(0, 300, 2) for y in range(300))
        return sum(image.pixelColor(*spot) != QColor("black") for spot in spots)

    along = np.linspace(5, 95, 100)
    way = np.column_stack([along, np.full(100, 50.0)])
    paths, lines, markers = Paths(), Lines(), Markers()
    for drawn in (paths, lines, markers):
        plot.addItem(drawn)
        bare = inked()
        if drawn is paths:
            paths.set_colours(["#ff0000"])
            paths.show_paths(way[:, None])
            paths.show_until(99, way[99:])
        elif drawn is lines:
            lines.show_lines([Line(pg.mkPen("#00ff00", width=3), way[:, ::-1])])
        else:
            markers.show_markers([20, 20], [Marker("s", 14, "#ffffff", "#0000ff")])
        usual = inked() - bare
        drawn.draw_bold(1.5)
        assert inked() - bare > 1.25 * usual
        drawn.draw_bold(1.0)
        assert inked() - bare == usual


def test_ways_that_have_grown_are_drawn_as_if_anew(plot):
    along = np.linspace(5, 95, 100)
    ways = np.column_stack([along, 50 + 30 * np.sin(along / 9)])[:, None]
    pictures = []
    for parts in ((40, 100), (100,)):
        paths = Paths()
        plot.addItem(paths)
        paths.set_colours(["#ffffff"])
        for frames in parts:
            paths.show_paths(ways[:frames])
            paths.show_until(frames - 1, ways[frames - 1])
            pictures.append(plot.grab().toImage())
        plot.removeItem(paths)
    grown, whole = pictures[1], pictures[2]
    differing = [
        (x, y) for x in range(0, 300, 2) for y in range(0, 300, 2) if grown.pixelColor(x, y) != whole.pixelColor(x, y)
    ]
    assert len(differing) < 25  # rims of joints at most


def test_many_ways_are_drawn_in_several_paintings_while_the_old_picture_stands_in(plot, monkeypatch):
    paths = Paths()
    plot.addItem(paths)
    paths.set_colours(["#ff0000"] * 6)
    along = np.linspace(5, 95, 200)
    ways = np.stack([np.column_stack([along, np.full(200, 15.0 * k + 10)]) for k in range(6)], axis=1)
    paths.show_paths(ways)
    paths.show_until(190, ways[190])
    plot.grab()
    while not paths.whole:
        plot.grab()
    assert seen(plot, 50, 85).red() > 60
    monkeypatch.setattr(paths, "MOST_AT_ONCE", 100)  # one way a time
    plot.setRange(xRange=(10, 110), padding=0)
    plot.grab()
    assert not paths.whole
    assert seen(plot, 50, 85).red() > 60  # from the old picture, moved to where it now belongs
    while not paths.whole:
        plot.grab()
    assert seen(plot, 100, 85) == QColor("black") and seen(plot, 85, 85).red() > 200
    paths.show_paths(ways[:, ::-1])  # others, of which nothing is drawn yet: they come one after the other
    assert seen(plot, 50, 85).red() > 60 and seen(plot, 50, 10) == QColor("black") and not paths.whole
    paths.show_paths(ways + 1e-9)  # too soon for the last to be finished: these are drawn at once
    assert seen(plot, 50, 10).red() > 60 and paths.whole
    paths.show_until(100, ways[100])  # back in time: at once as well
    assert seen(plot, 30, 85).red() > 60 and seen(plot, 85, 85) == QColor("black") and paths.whole


def test_a_line_with_a_dash_has_gaps(plot):
    lines = Lines()
    plot.addItem(lines)
    lines.show_lines([Line(pg.mkPen("w", width=2), np.array([[0.0, 50.0], [100.0, 50.0]]), dashed=True)])
    row = [seen(plot, x, 50).red() for x in np.arange(2, 98, 0.5)]
    assert max(row) > 200 and min(row) < 40


def test_markers_stand_upright_at_their_points_and_can_be_found(plot):
    markers = Markers()
    plot.addItem(markers)
    look = Marker("s", 20, "#00ff00", "#00ff00")
    markers.show_markers(np.array([[20.0, 20.0], [np.nan, 5.0], [80.0, 60.0]]), [look] * 3)
    assert seen(plot, 20, 20).green() == 255 and seen(plot, 80, 60).green() == 255
    assert seen(plot, 50, 40) == QColor("black")
    assert markers.nearest(81, 60, 12) == 2
    assert markers.nearest(50, 40, 12) is None
    markers.clear()
    assert seen(plot, 20, 20) == QColor("black")
    assert markers.nearest(20, 20, 12) is None
