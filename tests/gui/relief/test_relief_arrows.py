"""Arrows on a relief: they lie on the surface, point where they should, and those of the microscope run beside the others."""

import numpy as np
import pytest
from PyQt6.QtGui import QColor, QImage, QPainter

from landscape.gui.drawing.arrow_legend import LOOKS
from landscape.gui.drawing.step_marks import COLOUR, RING, StepMarks
from landscape.gui.microscope import Marks
from landscape.gui.relief.arrows import LIFT, LONGEST, SHORTEST, Ground, ReliefArrows
from landscape.gui.relief.box import ReliefBox
from landscape.gui.session import Session
from landscape.run.dissection import dissect
from landscape.run.portrait import portray
from landscape.run.step_arrows import NAMES, step_arrows

BOX = ReliefBox((-2.0, 2.0), (-1.0, 1.0), (0.0, 3.0), (1.0, 0.5, 0.6), False)


def slope(a, b):
    """A tilted surface that ends where the box does."""
    return np.where((np.abs(a) <= 2) & (np.abs(b) <= 1), 1 + 0.25 * a + 0.5 * b, np.nan)


@pytest.fixture
def ground():
    return Ground(BOX, slope)


def test_an_arrow_lies_on_the_surface_and_ends_where_its_way_does(ground):
    base, way = np.array([-1.0, -0.5]), np.array([1.2, 0.6])
    shaft, head = ground.arrow(base, way, layer=2)
    for points in (shaft, head):
        np.testing.assert_allclose(points[:, 2], slope(*points[:, :2].T) + 2 * LIFT * 3)
    np.testing.assert_allclose(shaft[0, :2], base)
    np.testing.assert_allclose(shaft[-1, :2], base + way)
    assert (np.linalg.norm(head[:, :2] - (base + way), axis=1) < 1e-9).any()


def test_off_the_map_it_goes_on_at_the_height_of_the_edge(ground):
    shaft, _ = ground.arrow(np.array([1.5, 0.0]), np.array([2.0, 0.0]), layer=0)
    assert shaft[-1, 0] == pytest.approx(3.5) and shaft[-1, 2] == pytest.approx(1.5)


def test_a_way_without_length_is_no_arrow(ground):
    assert ground.arrow(np.zeros(2), np.zeros(2), 1) == [] == ground.rails(np.zeros(2), np.array([np.nan, 1.0]), 1, 0.1)


def test_dashes_leave_gaps(ground):
    shaft, _ = ground.arrow(np.zeros(2), np.array([1.0, 0.0]), 1, dashed=True)
    assert 5 < np.isnan(shaft[:, 0]).sum() < len(shaft) / 2


@pytest.fixture
def session(qapp, small_run, tmp_path):
    """A session that shows the first step of the small run, with its arrows and its dissected update."""
    session = Session(tmp_path)
    session.run = small_run
    session.picture.portrait = portray(small_run, "starts")
    session.playback.set_steps(small_run.steps)
    session.show_step()
    session.arrows.current = step_arrows(small_run, 0, 0).on(session.portrait.plane)
    session.microscope._watched, session.microscope.found = True, dissect(small_run, 0, 1)
    session.microscope.stage = 3
    yield session
    session.close()


@pytest.fixture
def laid(session):
    arrows = ReliefArrows(session)
    extent = session.portrait.extent()
    box = ReliefBox(extent.a, extent.b, (0.0, 3.0), (1.0, 1.0, 0.6), False)
    ground = Ground(box, lambda a, b: np.ones_like(a))
    arrows.lay(ground)
    return arrows, ground


def colour(line):
    return QColor.fromRgbF(*map(float, line.colour)).name()


def test_all_three_gradients_and_the_step_of_the_microscope_are_drawn(session, laid):
    arrows, ground = laid
    base = session.moment.shadows[0]
    lengths = []
    for name, look in LOOKS.items():
        shaft = next(line.points for line in arrows.lines if colour(line) == look.colour)
        way = shaft[-1, :2] - base
        np.testing.assert_allclose(way, session.arrows.current.shadows[NAMES.index(name)] * arrows.enlarged, rtol=1e-6)
        lengths.append(float(ground.length(way)))
    assert max(lengths) == pytest.approx(LONGEST)
    own = [line for line in arrows.lines if colour(line) == COLOUR.name()]
    assert len(own) == 3  # a head and two lines
    assert float(ground.length(own[0].points[5, :2] - base)) > SHORTEST - 1e-6
    assert "update 1, drawn ×" in arrows.words[0] and len(arrows.rings) == 1


def test_the_arrow_of_the_microscope_keeps_clear_of_the_gradients(session, laid):
    arrows, ground = laid
    own = [line.points for line in arrows.lines if colour(line) == COLOUR.name()]
    step = next(line.points for line in arrows.lines if colour(line) == LOOKS["step"].colour)
    for shaft in own[1:]:
        gaps = ground.length(shaft[:, None, :2] - step[None, :, :2]).min(axis=1)
        assert gaps.min() > 0.015
    session.arrows.current = None
    arrows.lay(ground)
    middle = np.mean([line.points[0, :2] for line in arrows.lines[1:]], axis=0) - session.moment.shadows[0]
    way = session.microscope.marks.after - session.microscope.marks.before
    assert abs(way[0] * middle[1] - way[1] * middle[0]) < 1e-6 * np.hypot(*way)  # alone it begins at the point itself


@pytest.mark.parametrize("aside", [False, True])
def test_on_the_map_the_ring_stays_at_the_point_when_the_arrow_runs_beside(qapp, aside):
    marks = Marks("update", "update 7", np.array([100.0, 100.0]), np.array([190.0, 100.0]), np.zeros(2))
    item, picture = StepMarks(), QImage(300, 200, QImage.Format.Format_RGB32)
    picture.fill(QColor("#404040"))
    item.show_marks(marks, aside)
    painter = QPainter(picture)
    item.paint(painter)
    painter.end()
    yellow = [QColor(picture.pixel(100, round(100 + side * RING))).yellowF() for side in (-1, 1)]
    assert min(yellow) > 0.3
    shaft = [row for row in range(90, 125) if QColor(picture.pixel(150, row)).red() > 200]
    assert np.mean(shaft) == pytest.approx(111 if aside else 100, abs=1.1)
    assert len(shaft) < max(shaft) - min(shaft) + 1  # a double line
