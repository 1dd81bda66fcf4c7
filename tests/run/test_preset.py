"""Presets: what their cards promise, on the full MNIST where they promise it."""

import os

import numpy as np
import pytest

import landscape as ls
from landscape.run import Setup
from landscape.run.preset import PRESETS


@pytest.mark.parametrize("name", PRESETS)
def test_a_card_says_where_it_comes_from_and_what_it_should_reach(name):
    preset = PRESETS[name]
    assert preset.name == name
    assert preset.reaches.startswith("Reaches ")
    assert preset.note == f"{preset.origin} {preset.reaches}"
    assert Setup.from_toml(preset.setup.to_toml()) == preset.setup


def test_parameter_counts_are_those_of_the_books():
    counts = {name: preset.setup.build_network().P for name, preset in PRESETS.items()}
    assert counts["3Blue1Brown 784-16-16-10"] == 13_002
    assert counts["Nielsen 784-30-10"] == counts["Nielsen 784-30-10, cross-entropy"] == 23_860
    assert counts["Nielsen 784-100-10"] == 79_510
    assert counts["fastai 3 or 7, linear"] == 785
    assert counts["fastai 3 or 7, 784-30-1"] == 23_581
    assert counts["CS231n 784-50-10"] == 39_760


def accuracies(name, source, seeds=3):
    """Test accuracy at the end of a preset's descent, from the first weights of some seeds."""
    setup = PRESETS[name].setup
    chosen, learning = setup.network, setup.descent
    digits = ls.load_digits(source, classes=setup.data.classes)
    net = setup.build_network()
    thetas = np.stack([net.init(seed, chosen.scheme, chosen.biases, chosen.scale) for seed in range(seeds)])
    *_, last = ls.descend(
        net,
        thetas,
        digits.train.images,
        digits.train.labels,
        learning.build_optimiser(),
        learning.batch_size,
        learning.epochs,
        shared_batches=False,
        frames=ls.FrameSchedule(10**9),
    )
    return net.accuracy(last.thetas, digits.test.images, digits.test.labels)


@pytest.mark.parametrize(
    ("name", "lowest"),
    [
        ("Landscape demo", 0.88),
        ("3Blue1Brown 784-16-16-10", 0.87),
        ("fastai 3 or 7, linear", 0.9),
        ("fastai 3 or 7, 784-30-1", 0.95),
        ("CS231n 784-50-10", 0.9),
    ],
)
def test_presets_learn_the_built_in_digits(name, lowest):
    assert accuracies(name, None).min() >= lowest


@pytest.mark.full_mnist
@pytest.mark.skipif("LANDSCAPE_DATA" not in os.environ, reason="needs the full MNIST")
@pytest.mark.parametrize(
    ("name", "reached", "tolerance"),
    [
        ("Nielsen 784-30-10", 0.95, 0.003),
        ("Nielsen 784-30-10, cross-entropy", 0.951, 0.003),
        ("fastai 3 or 7, 784-30-1", 0.982, 0.003),
        ("3Blue1Brown 784-16-16-10", 0.937, 0.005),
        ("CS231n 784-50-10", 0.963, 0.005),
    ],
)
def test_presets_reach_with_the_full_set_what_their_cards_say(name, reached, tolerance):
    assert accuracies(name, os.environ["LANDSCAPE_DATA"]).mean() == pytest.approx(reached, abs=tolerance)
