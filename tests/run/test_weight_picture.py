import numpy as np

from landscape.data import load_digits
from landscape.network import Network
from landscape.run.weight_cloud import CELLS, weight_cloud
from landscape.run.weight_picture import neuron_names, weight_pictures


def test_a_hidden_neuron_is_a_picture_of_its_incoming_weights():
    net = Network((784, 5, 3))
    theta = np.random.default_rng(0).standard_normal(net.P).astype(np.float32)
    W = net.unpack(theta)[0][0]
    pictures = weight_pictures(net, load_digits(classes=(3, 5, 7)), 1, theta)
    assert pictures.pixels and pictures.names == tuple(f"neuron {k}" for k in range(5))
    np.testing.assert_array_equal(pictures.values[2], W[:, 2].reshape(28, 28))
    assert pictures.limit == np.percentile(np.abs(W), 99.5)
    assert pictures.beyond == (np.abs(W) > pictures.limit).sum() == 20
    levels = pictures.levels
    assert levels.dtype == np.uint8 and levels.max() == 254 and levels.min() == 0
    np.testing.assert_allclose(
        (levels / 127.0 - 1) * pictures.limit,
        np.clip(pictures.values, -pictures.limit, pictures.limit),
        atol=pictures.limit / 250,
    )


def test_a_deeper_layer_is_a_matrix_with_a_row_a_neuron():
    net = Network((784, 5, 3))
    theta = np.random.default_rng(0).standard_normal(net.P)
    pictures = weight_pictures(net, load_digits(classes=(3, 5, 7)), 2, theta)
    assert not pictures.pixels and pictures.values.shape == (1, 3, 5)
    np.testing.assert_array_equal(pictures.values[0], net.unpack(theta)[0][1].T)


def test_after_pca_the_pictures_show_what_each_pixel_weighs():
    digits = load_digits(classes=(3, 7), preprocess=("scale", "pca:20"))
    net = Network((20, 5, 2))
    theta = net.init(0)
    pictures = weight_pictures(net, digits, 1, theta)
    assert pictures.pixels and pictures.through and pictures.values.shape == (5, 28, 28)
    # A brighter pixel changes a neuron's input by its weight in the picture, in the digits as the network sees them.
    picture = digits.train.pictures[:1].reshape(1, 784).astype(float)
    brighter = picture.copy()
    brighter[0, 400] += 51
    W = net.unpack(theta)[0][0]
    seen = [digits.pipeline.apply(each) @ W for each in (picture, brighter)]
    np.testing.assert_allclose((seen[1] - seen[0])[0], 0.2 * pictures.values.reshape(5, 784)[:, 400], atol=1e-5)


def test_inputs_of_another_kind_give_a_matrix():
    net = Network((20, 5, 3))
    pictures = weight_pictures(net, load_digits(classes=(0, 1, 2)), 1, net.init(0))
    assert not pictures.pixels and not pictures.through and pictures.values.shape == (1, 5, 20)


def test_outputs_are_called_by_their_digits():
    assert neuron_names(Network((784, 10)), tuple(range(10)), 1)[3] == "output 3"
    assert neuron_names(Network((784, 1), cost="mnist_loss"), (3, 7), 1) == ("output: 7 rather than 3",)


def test_zeros_and_what_is_not_finite_have_the_middle_colour():
    net = Network((784, 2, 3))
    theta = np.zeros(net.P)
    assert (weight_pictures(net, load_digits(classes=(0, 1, 2)), 1, theta).levels == 127).all()
    theta[0], theta[1] = np.nan, 2.0
    pictures = weight_pictures(net, load_digits(classes=(0, 1, 2)), 1, theta)
    assert pictures.limit == 2.0 and pictures.levels[0, 0, 0] == 127 and pictures.levels[1, 0, 0] == 254


def test_the_cloud_counts_every_weight_once():
    random = np.random.default_rng(1)
    x, y = 10 ** random.uniform(-3, 1, (2, 500))
    x[:7] = 0
    cloud = weight_cloud(-x, y)
    assert cloud.counts.shape == (CELLS, CELLS) and cloud.counts.sum() == 493 and cloud.missing == 7
    assert cloud.x[0] < np.log10(x[7:].min()) and cloud.x[1] > np.log10(x.max())
    column = int((np.log10(x[9]) - cloud.x[0]) / (cloud.x[1] - cloud.x[0]) * CELLS)
    row = int((np.log10(y[9]) - cloud.y[0]) / (cloud.y[1] - cloud.y[0]) * CELLS)
    assert cloud.counts[row, column] >= 1
    assert weight_cloud(np.zeros(4), np.ones(4)).empty


def test_values_far_below_the_rest_stand_at_the_edge():
    cloud = weight_cloud(np.array([1e-30, 1.0, 0.5]), np.ones(3))
    assert cloud.counts.sum() == 3 and cloud.x[1] - cloud.x[0] < 6.2
