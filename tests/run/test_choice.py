import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.plane import Plane, layer_shares
from landscape.run.choice import DRAWN, OF_PATHS, PLANES, SENTENCES, known_plane, plane_words
from landscape.run.portrait import portray


def test_every_choice_has_its_sentence():
    assert set(SENTENCES) == set(PLANES)
    assert all(sentence.endswith(".") and len(sentence) < 130 for sentence in SENTENCES.values())
    assert set(DRAWN) | set(OF_PATHS) <= set(PLANES)
    assert plane_words("kept:mine") == "kept plane “mine”"


@pytest.mark.parametrize("choice", PLANES)
def test_the_seed_draws_anew_where_it_is_said_to_and_only_there(small_run, choice):
    first, again, other = (portray(small_run, choice, seed=seed).plane for seed in (3, 3, 4))
    np.testing.assert_array_equal([first.u, first.v], [again.u, again.v])
    assert (choice in DRAWN) == (not np.array_equal(first.v, other.v))
    assert known_plane(small_run, choice)


@pytest.mark.parametrize("start", range(5))
@pytest.mark.parametrize("upto_best", [False, True])
def test_the_planes_through_models_hold_them(small_run, start, upto_best):
    best = small_run.best
    frames = best.frame + 1 if upto_best else small_run.frames
    path = np.array(small_run.thetas[:frames, start])
    through, line = (portray(small_run, choice, start, frames=frames).plane for choice in ("through", "line"))
    np.testing.assert_allclose(through.project(path[[0, -1]])[0], [[0, 0], [1, 0]], atol=1e-3)
    np.testing.assert_allclose(through.project(path[[0, -1]])[1], 0, atol=1e-5)
    np.testing.assert_allclose(line.project(np.stack([path[0], best.theta]))[0], [[0, 0], [1, 0]], atol=1e-3)
    if start == best.start and upto_best:  # its end is the best
        assert "bend" in through.labels[1]
        way = path[-1] - path[0]
        off = [np.linalg.norm(offset - way * (offset @ way) / (way @ way)) for offset in path - path[0]]
        np.testing.assert_allclose(through.point(0, 1), path[np.argmax(off)], atol=1e-5)
    else:
        np.testing.assert_allclose(through.point(0, 1), best.theta, atol=1e-4)


def test_planes_at_the_best_point(small_run):
    run, best = small_run, small_run.best.theta
    X, y = run.measured()
    for choice in ("hessian", "hessian_ends", "gradient", "layer", "biases", "one_layer", "weights"):
        np.testing.assert_array_equal(portray(run, choice).plane.origin, best)
    curved, ends = portray(run, "hessian").plane, portray(run, "hessian_ends").plane
    product = run.net.hessian_product(best.astype(np.float64), curved.u.astype(np.float64), X, y)
    assert curved.u @ product == pytest.approx(curved.facts["eigenvalue_1"], rel=1e-3)
    assert ends.facts["eigenvalue_1"] == pytest.approx(curved.facts["eigenvalue_1"], rel=1e-3)
    assert ends.facts["eigenvalue_2"] < curved.facts["eigenvalue_2"]
    assert layer_shares(run.net, portray(run, "one_layer", layer=2).plane.u)["W2"] == pytest.approx(1)
    assert layer_shares(run.net, portray(run, "biases").plane.u)["b2"] > 0
    assert layer_shares(run.net, portray(run, "filter").plane.u)["b2"] == 0


def test_details_are_followed(small_run):
    shown = np.array(small_run.thetas[2, 1])
    np.testing.assert_array_equal(portray(small_run, "gradient", point=shown).plane.origin, shown)
    assert portray(small_run, "weights", weights=(5, 7)).plane.facts == {"i": 5, "j": 7}
    moved = portray(small_run, "weights", 1).plane.facts
    change = np.abs(small_run.thetas[-1, 1] - small_run.thetas[0, 1])
    assert {moved["i"], moved["j"]} == set(np.argsort(change)[-2:])
    with pytest.raises(SetupError, match="layers 1 to 2"):
        portray(small_run, "one_layer", layer=3)
    with pytest.raises(SetupError, match="starts 0 to 4"):
        portray(small_run, "through", 5)
    with pytest.raises(SetupError, match="no plane named 'x'"):
        portray(small_run, "kept:x")
    assert not known_plane(small_run, "kept:x")
    assert not known_plane(small_run, "bogus")


def test_a_plane_itself_can_be_portrayed(small_run):
    best = small_run.best.theta
    plane = Plane(best, *np.eye(len(best))[:2], kind="turned")
    portrait = portray(small_run, plane)
    assert (portrait.plane, portrait.choice, portrait.words) == (plane, "turned", "turned by hand")
    assert portray(small_run, Plane(best, *np.eye(len(best))[:2], kind="through")).choice == "custom"


def test_planes_are_laid_through_the_place_asked_for(small_run):
    run = small_run
    models = {"start": run.thetas[0, 2], "end": run.thetas[-1, 2], "end:4": run.thetas[-1, 4], "best": run.best.theta}
    for place, theta in models.items():
        for choice in ("filter", "hessian", "gradient", "weights"):
            np.testing.assert_array_equal(portray(run, choice, 2, at=place).plane.origin, theta)
    step = int(run.steps[1]) + 1
    np.testing.assert_array_equal(
        portray(run, "filter", 1, at="shown", step=step).plane.origin, run.state_at(step).thetas[1]
    )
    with pytest.raises(SetupError, match="'moon' is unknown"):
        portray(run, "filter", at="moon")


def test_a_plane_through_three_chosen_points(small_run):
    run = small_run
    plane = portray(run, "through", 1, points=("best", "end:3", "start")).plane
    corners = [run.best.theta, run.thetas[-1, 3], run.thetas[0, 1]]
    np.testing.assert_allclose(plane.project(np.stack(corners))[0], [[0, 0], [1, 0], [0, 1]], atol=1e-4)
    assert plane.labels[0] == f"from the best so far to the end of {run.starts[3].name}"
