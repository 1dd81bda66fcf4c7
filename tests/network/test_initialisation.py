import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.initialisation import SCHEMES, spreads

NET = Network((400, 300, 10))


@pytest.mark.parametrize(
    ("scheme", "spreads"),
    [
        ("normal", (0.01, 0.01)),
        ("scaled", (400**-0.5, 300**-0.5)),
        ("xavier", ((2 / 700) ** 0.5, (2 / 310) ** 0.5)),
        ("he", ((2 / 400) ** 0.5, (2 / 300) ** 0.5)),
    ],
)
def test_schemes_spread_as_their_papers_say(scheme, spreads):
    weights, biases = NET.unpack(NET.init(seed=1, scheme=scheme))
    for W, spread in zip(weights, spreads, strict=True):
        error = spread / np.sqrt(2 * W.size)  # standard error of a standard deviation
        assert W.std() == pytest.approx(spread, abs=4 * error)
        assert abs(W.mean()) < 4 * spread / np.sqrt(W.size)
    assert not any(b.any() for b in biases)


def test_biases_of_standard_deviation_one_and_a_scale_of_ones_own():
    weights, biases = NET.unpack(NET.init(seed=2, biases="normal", scale=0.5))
    assert np.concatenate(biases).std() == pytest.approx(1, abs=0.2)
    assert weights[0].std() == pytest.approx(0.5, abs=0.01)


def test_the_same_seed_draws_the_same_weights_whatever_the_biases():
    plain, biased = NET.init(seed=3), NET.init(seed=3, biases="normal")
    np.testing.assert_array_equal(plain, NET.init(seed=3))
    np.testing.assert_array_equal(plain[NET.is_weight], biased[NET.is_weight])
    assert not np.array_equal(plain, NET.init(seed=0))
    assert plain.dtype == np.float32


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_spread_of_every_parameter_is_that_of_what_is_drawn(scheme):
    shapes = NET.layer_shapes
    wide = spreads(shapes, scheme, "normal")
    narrow = spreads(shapes, scheme, "zero")
    assert wide.shape == (NET.P,)
    np.testing.assert_array_equal(wide == narrow, NET.is_weight)
    assert not narrow[~NET.is_weight].any()
    theta = NET.init(seed=1, scheme=scheme, biases="normal")
    for at in (at for pair in NET.layout for at in pair):
        assert np.sqrt(np.mean((theta[at] / wide[at]) ** 2)) == pytest.approx(
            1, abs=0.6 if theta[at].size < 20 else 0.15
        )
    np.testing.assert_array_equal(spreads(shapes, scheme, "zero", 0.3)[NET.is_weight], 0.3)


def test_unknown_names_are_refused():
    with pytest.raises(SetupError, match="choose one of normal, scaled, xavier, he"):
        spreads(NET.layer_shapes, "bogus", "zero")
    with pytest.raises(SetupError, match="choose one of normal, scaled, xavier, he"):
        NET.init(scheme="bogus")
    with pytest.raises(SetupError, match="zero, normal"):
        NET.init(biases="bogus")
