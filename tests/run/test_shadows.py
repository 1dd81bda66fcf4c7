"""Shadows on every plane of a subspace are those that projection gives, plane by plane."""

from types import SimpleNamespace

import numpy as np
import pytest

from landscape.plane.subspace import Subspace
from landscape.run.exploration import explore
from landscape.run.portrait import portray
from landscape.run.setup import Setup
from landscape.run.shadows import SLAB, Shadows
from landscape.run.turntable import touring, turning
from landscape.run.variation import shadows_of

SMALL = {"network": {"sizes": (784, 5, 10)}, "descent": {"epochs": 2, "batch_size": 100}, "data": {"examples": 300}}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run = explore(Setup().changed(**SMALL), tmp_path_factory.mktemp("runs") / "run")
    yield run
    run.close()


def last(generator):
    """What a generator ends with."""
    *_, item = generator
    return item


def agrees(found, run, plane):
    """A portrait from shadows, and the one that `portray` makes of the same plane."""
    wanted = portray(run, plane)
    np.testing.assert_allclose(found.coordinates, wanted.coordinates, atol=2e-5)
    np.testing.assert_allclose(found.off_plane, wanted.off_plane, rtol=1e-4, atol=2e-4)
    np.testing.assert_allclose(found.coverage, wanted.coverage, atol=1e-4)
    assert found.coverage_all == pytest.approx(wanted.coverage_all, abs=1e-4)


def test_a_turned_plane_has_the_shadows_of_a_projection(run):
    plane = portray(run, "pca_all").plane
    rng = np.random.default_rng(3)
    space = Subspace.around(plane, *rng.standard_normal((2, run.net.P)).astype(np.float32))
    shadows = last(Shadows.cast(run, space))
    assert shadows.coefficients.shape == (run.frames, run.K, 4)
    pose = space.pose(plane).turned([0, 0, 1, 0.5], 0.7, "u").turned([0, 0, 0, 1], -0.4, "v").shifted([0, 1, 1, 0], 2.0)
    agrees(shadows.portrait(pose, "turned", ("u", "v")), run, space.plane(pose))


def test_a_run_that_grows_meanwhile_casts_the_shadows_of_the_frames_it_had(run):
    space = Subspace.around(portray(run, "pca_all").plane)
    had = run.frames - 5
    growing = SimpleNamespace(frames=had, K=run.K, net=run.net, thetas=run.thetas)  # five frames came since
    shadows = last(Shadows.cast(growing, space))
    whole = last(Shadows.cast(run, space))
    assert shadows.coefficients.shape == (had, run.K, space.m)
    np.testing.assert_array_equal(shadows.coefficients, whole.coefficients[:had])
    beside = last(shadows_of(growing, portray(run, "pca_all").plane))
    assert beside.shape == (had, run.K, 2) and np.isfinite(beside).all()


def test_casting_stops_between_slabs(run):
    plane = portray(run, "pca_all").plane
    items = list(Shadows.cast(run, Subspace.around(plane)))
    assert items[:-1] == [None] * -(-run.frames // SLAB)
    casting = Shadows.cast(run, Subspace.around(plane))
    assert next(casting) is None
    casting.close()


def test_a_turntable_turns_towards_its_heading_and_pictures_are_exact(run):
    portrait = portray(run, "pca_one", 2)
    table = last(turning(run, portrait.plane, "best", 0, (0.3, 0.3), "training"))
    best, here = run.best.theta, portrait.plane.point(0.3, 0.3)
    off = portrait.plane.off_direction((best - here)[None])[0]
    assert off > 0.01
    rise = np.arcsin(off / np.linalg.norm(best - here))
    far = table.pose.turned(table.towards, rise, "plane", (0.3, 0.3))
    turned, surface = table.picture(far, portrait.extent())
    assert turned.plane.off_direction((best - here)[None])[0] < 1e-3 * np.linalg.norm(best - here)
    agrees(turned, run, turned.plane)
    X, y = run.measured()
    j, i = 7, 20
    theta = turned.plane.point(surface.a[i], surface.b[j])
    assert surface.loss[j, i] == pytest.approx(float(run.net.loss(theta, X[:1000], y[:1000])), rel=1e-4)
    assert surface.examples == 300


def test_a_tour_begins_and_ends_at_its_planes(run):
    before = portray(run, "random", seed=2)
    table = last(touring(run, before.plane, "pca_all", 0, 0, "validation"))
    assert table.kind == "tour" and table.destination.choice == "pca_all"
    first, _ = table.picture(table.tour.pose(0.0), before.extent())
    end, surface = table.picture(table.tour.pose(1.0), table.destination.extent())
    agrees(first, run, before.plane)
    agrees(end, run, table.destination.plane)
    X, y = run.measured("validation")
    theta = end.plane.point(surface.a[3], surface.b[9])
    assert surface.loss[9, 3] == pytest.approx(float(run.net.loss(theta, X, y)), rel=1e-4)


def test_the_digits_of_moving_pictures_are_of_every_class(run):
    _, y = run.measured()
    assert len(np.unique(y[:100])) == 10
