from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from landscape.errors import SetupError
from landscape.export.caption import share_text
from landscape.export.tour_film import TourStage, filming_tour
from landscape.run.portrait import portray
from landscape.run.turntable import touring


def stage(run, frames=5, cells=9, digits=40):
    before = portray(run, "starts")
    *_, table = touring(run, before.plane, "pca_all", 0, 0, "training", digits)
    return TourStage(run, before, table, frames, cells, 400, "training", "light", "log", "viridis")


def test_the_way_begins_and_ends_on_the_two_planes_and_tells_its_coverage(small):
    run = small.run
    tour = stage(run)
    X, y = run.measured()
    for frame, name in ((0, "starts"), (4, "pca_all")):
        scene, portrait = tour.scene(frame), portray(run, name)
        np.testing.assert_allclose(scene.shadows, portrait.coordinates, atol=1e-3)
        assert scene.portrait.coverage_all == pytest.approx(portrait.coverage_all, abs=1e-4)
        a, b = scene.surface.a, scene.surface.b
        loss = float(run.net.loss(portrait.plane.point(a[3], b[2]), X[:40], y[:40]))
        assert scene.surface.loss[2, 3] == pytest.approx(loss, rel=1e-3)
    middle = tour.scene(2)
    way, holds = tour.words(middle, 2)
    assert "50 % of the way" in way and "9 × 9 cells, 40 training digits" in way
    assert 0.1 < middle.portrait.coverage_all < 0.99 and share_text(middle.portrait.coverage_all) in holds


def test_cells_and_the_map_stay_square_on_the_whole_way(small):
    tour = stage(small.run, cells=11)
    for frame in range(5):
        surface = tour.scene(frame).surface
        lengths = np.sqrt(np.diag(surface.plane.gram))
        assert surface.loss.shape == (11, 11)
        assert np.ptp(surface.a) * lengths[0] == pytest.approx(np.ptp(surface.b) * lengths[1])


@pytest.mark.parametrize("ending", [".gif", ".mp4"])
def test_a_tour_is_a_film(small, tmp_path, ending):
    if ending == ".mp4":
        imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / f"tour{ending}"
    before = portray(small.run, "starts")
    events = list(filming_tour(small.run, before, "pca_all", path, frames=4, cells=9, digits=40, width=400))
    assert events[-1].done == 1.0 and events[-1].frames == 4
    assert all(one.done <= other.done for one, other in pairwise(events))
    if ending == ".mp4":
        size = next(imageio_ffmpeg.read_frames(str(path)))["size"]
        assert size == (400, 390)
        return
    with Image.open(path) as picture:
        assert picture.n_frames == 4 and picture.size == (400, 390)
        assert b"[descent]" in picture.info["comment"]
        first = np.asarray(picture.convert("RGB")).astype(int)
        picture.seek(3)
        assert (np.asarray(picture.convert("RGB")).astype(int) != first).mean() > 0.1


def test_a_closed_tour_leaves_nothing(small, tmp_path):
    work = filming_tour(
        small.run, portray(small.run, "starts"), "pca_all", tmp_path / "t.gif", frames=4, cells=9, width=300
    )
    while next(work).frames < 2:
        pass
    work.close()
    assert not list(tmp_path.iterdir())


def test_wishes_that_make_no_sense_are_refused_at_once(small, tmp_path):
    before = portray(small.run, "starts")
    for wrong, match in (
        ({"cells": 2}, "cells"),
        ({"digits": 0}, "digit"),
        ({"which": "moon"}, "is unknown"),
        ({"frames": 1}, "frames"),
    ):
        with pytest.raises(SetupError, match=match):
            filming_tour(small.run, before, "pca_all", tmp_path / "t.gif", **wrong)
