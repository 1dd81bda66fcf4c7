import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape.errors import SetupError
from landscape.network import Network
from landscape.plane import Plane, filter_normalise
from landscape.plane.direction import layer_normalise

NET = Network((6, 5, 4))


def skew_plane(seed: int, skewness: float, dtype: type = np.float64) -> tuple[Plane, np.ndarray]:
    """A plane whose directions are uneven and far from perpendicular, and some models off it."""
    random = np.random.default_rng(seed)
    u = random.normal(0, 3, NET.P)
    v = skewness * u + random.normal(0, 0.1, NET.P)
    return Plane(random.normal(0, 1, NET.P).astype(dtype), u, v), random.normal(0, 2, (7, NET.P)).astype(dtype)


@given(seed=st.integers(0, 1000), skewness=st.floats(-3, 3))
def test_projection_is_least_squares_however_skew(seed, skewness):
    plane, thetas = skew_plane(seed, skewness)
    coordinates, off_plane = plane.project(thetas)
    basis = np.stack([plane.u, plane.v], axis=1)
    wanted = np.linalg.lstsq(basis, (thetas - plane.origin).T, rcond=None)[0].T
    np.testing.assert_allclose(coordinates, wanted, rtol=1e-6, atol=1e-8)
    rest = np.linalg.norm(thetas - plane.origin - wanted @ basis.T, axis=1)
    np.testing.assert_allclose(off_plane, rest, rtol=1e-9)


@given(a=st.floats(-5, 5), b=st.floats(-5, 5), skewness=st.floats(-3, 3))
def test_a_point_of_the_plane_is_its_own_shadow(a, b, skewness):
    plane, _ = skew_plane(0, skewness)
    coordinates, off_plane = plane.project(plane.point(a, b)[None])
    np.testing.assert_allclose(coordinates, [[a, b]], atol=1e-9)
    assert off_plane[0] < 1e-9


def test_paths_and_surfaces_use_one_rule_for_coordinates(problem):
    """The loss that a surface has at a model's shadow is the loss of the model, if the model lies in the plane."""
    from landscape.surface import evaluate

    net, theta, X, y = problem()
    random = np.random.default_rng(5)
    plane = Plane(theta, random.normal(0, 1, net.P), 0.7 * random.normal(0, 1, net.P) + 0.5)
    models = plane.point(np.array([-1.5, 0.25, 0.8]), np.array([0.5, -2.0, 0.125]))
    shadows, _ = plane.project(models)
    for (a, b), model in zip(shadows, models, strict=True):
        assert evaluate(net, plane, X, y, [a], [b]).loss[0, 0] == pytest.approx(float(net.loss(model, X, y)), rel=1e-9)


def test_points_of_a_grid_and_their_dtype():
    plane, _ = skew_plane(1, 0.5, np.float32)
    a, b = np.meshgrid(np.linspace(-1, 1, 3), np.linspace(0, 2, 4))
    points = plane.point(a, b)
    assert points.shape == (4, 3, NET.P)
    assert points.dtype == np.float32  # numpy's own float64 numbers must not promote it
    np.testing.assert_allclose(points[3, 0], plane.origin - plane.u + 2 * plane.v, rtol=1e-6)


def test_coverage_in_closed_form():
    plane = Plane(np.zeros(4), [2.0, 0, 0, 0], [1.0, 1.0, 0, 0])
    within = np.array([[0.0, 0, 0, 0], [1, 0, 0, 0], [1, 5, 0, 0]])
    assert plane.coverage(within) == pytest.approx(1)
    assert plane.coverage(within[:, ::-1]) == pytest.approx(0)
    half = np.array([[9.0, 9, 9, 9], [9 + 3, 9, 9 + 4, 9]])  # 9 of 25 squared units lie along the plane
    assert plane.coverage(half) == pytest.approx(9 / 25)
    both = np.stack([within[:2], half - 9], axis=1)  # two starts: 1 + 9 of 1 + 25
    assert plane.coverage(both) == pytest.approx(10 / 26)
    assert np.isnan(plane.coverage(np.ones((3, 4))))


def test_a_plane_through_three_models():
    t0, t1, t2 = np.random.default_rng(0).normal(size=(3, NET.P))
    coordinates, off_plane = Plane.through(t0, t1, t2).project(np.stack([t0, t1, t2]))
    np.testing.assert_allclose(coordinates, [[0, 0], [1, 0], [0, 1]], atol=1e-12)
    np.testing.assert_allclose(off_plane, 0, atol=1e-12)


def test_pca_equals_the_singular_vectors():
    thetas = np.random.default_rng(3).normal(size=(9, 4)) @ np.diag([5, 2, 1, 0.5])
    plane = Plane.pca(thetas)
    _, values, vectors = np.linalg.svd(thetas - thetas.mean(axis=0), full_matrices=False)
    np.testing.assert_allclose(np.abs(np.stack([plane.u, plane.v]) @ vectors[:2].T), np.eye(2), atol=1e-9)
    shares = values**2 / np.square(values).sum()
    assert [plane.facts["variance_1"], plane.facts["variance_2"]] == pytest.approx(shares[:2].tolist())
    np.testing.assert_allclose(plane.origin, thetas.mean(axis=0))
    assert (plane.project(thetas[-1:])[0] > 0).all()  # the directions point the way the last model lies


def test_no_plane_holds_more_than_that_of_the_movement():
    rng = np.random.default_rng(4)
    starts, drift = 50 * rng.normal(size=(4, 30)), np.zeros(30)
    drift[:2] = 3, 1
    ways = rng.normal(size=(4, 30)) + drift  # what all have in common, and a direction of its own for each
    paths = starts + np.linspace(0, 1, 12)[:, None, None] ** [[1], [2], [1], [0.5]] * ways
    plane = Plane.movement(paths)
    moved = (paths - paths[0]).reshape(-1, 30)
    shares = np.linalg.svd(moved, compute_uv=False) ** 2 / np.square(moved).sum()
    assert plane.coverage(paths) == pytest.approx(shares[:2].sum())
    assert [plane.facts["movement_1"], plane.facts["movement_2"]] == pytest.approx(shares[:2].tolist())
    others = [
        Plane.pca(paths),
        Plane.through(*paths[-1, :3]),
        *(Plane(starts[0], *rng.normal(size=(2, 30))) for _ in range(9)),
    ]
    assert plane.coverage(paths) > 1.5 * max(
        other.coverage(paths) for other in others
    )  # those see the starts' distances
    np.testing.assert_allclose(plane.origin, paths.reshape(-1, 30).mean(axis=0))


@pytest.mark.parametrize("thetas", [np.ones((5, 8)), np.outer(np.arange(5.0), np.ones(8)), np.eye(8)[:2]])
def test_models_that_span_no_plane_are_refused(thetas):
    with pytest.raises(SetupError):
        Plane.pca(thetas)


def test_directions_that_span_no_plane_are_refused():
    for u, v in ((np.ones(4), -2 * np.ones(4)), (np.zeros(4), np.ones(4)), (np.full(4, np.nan), np.ones(4))):
        with pytest.raises(SetupError):
            Plane(np.zeros(4), u, v)
    with pytest.raises(SetupError, match="one length"):
        Plane(np.zeros(4), np.ones(3), np.ones(4))


@pytest.mark.parametrize("biases", [False, True])
def test_filter_normalised_neurons_have_the_lengths_of_their_weights(biases):
    theta = NET.init(seed=1, biases="normal")
    direction = np.random.default_rng(2).normal(size=NET.P).astype(np.float32)
    scaled = filter_normalise(NET, direction, theta, biases)
    (d_weights, d_biases), (t_weights, t_biases) = NET.unpack(scaled), NET.unpack(theta)
    raw, _ = NET.unpack(direction)
    for d, t, r in zip(d_weights, t_weights, raw, strict=True):
        np.testing.assert_allclose(np.linalg.norm(d, axis=0), np.linalg.norm(t, axis=0), rtol=1e-6)
        cosines = (d * r).sum(axis=0) / np.linalg.norm(d, axis=0) / np.linalg.norm(r, axis=0)
        np.testing.assert_allclose(cosines, 1, rtol=1e-6)
    for d, t in zip(d_biases, t_biases, strict=True):
        assert np.linalg.norm(d) == pytest.approx(np.linalg.norm(t) if biases else 0, rel=1e-6)


def test_layer_normalised_layers_have_the_lengths_of_their_weights():
    theta = NET.init(seed=1)
    direction = np.random.default_rng(2).normal(size=NET.P).astype(np.float32)
    scaled, _ = NET.unpack(layer_normalise(NET, direction, theta))
    for d, t in zip(scaled, NET.unpack(theta)[0], strict=True):
        assert np.linalg.norm(d) == pytest.approx(np.linalg.norm(t), rel=1e-6)


def test_random_planes_come_from_their_seed_and_leave_biases_alone():
    theta = NET.init(seed=4, biases="normal")
    plane = Plane.random(NET, theta, seed=5, orthogonal=True)
    again = Plane.random(NET, theta, seed=5, orthogonal=True)
    np.testing.assert_array_equal([plane.u, plane.v], [again.u, again.v])
    assert not np.array_equal(plane.u, Plane.random(NET, theta, seed=6).u)
    assert abs(plane.gram[0, 1]) < 1e-6 * plane.gram[0, 0]
    assert not plane.u[~NET.is_weight].any()
    with pytest.raises(SetupError, match="filter, layer"):
        Plane.random(NET, theta, normalise="bogus")


def test_models_of_another_space_have_no_shadow():
    plane, thetas = skew_plane(0, 0.5)
    for wrong in (thetas[:, :-1], thetas[:, :1], np.float64(3)):
        for call in (plane.project, plane.coverage):
            with pytest.raises(SetupError, match="space of"):
                call(wrong)
