from dataclasses import replace

import pytest

from landscape.comparison import seen_sentence
from landscape.model import Model


@pytest.mark.parametrize("setup", ['[data]\nsource = "full"', '[data]\nsource = "/home/me/mnist"'])
def test_a_model_of_all_of_mnist_has_seen_the_digits_that_ship_with_the_app(taught, all_digits, setup):
    net, a, b = taught
    away = Model(net, a, {"setup": setup})
    here = Model(net, b, {"setup": '[data]\nsource = "embedded"'})
    said = seen_sentence([("A", here), ("B", away)], all_digits)
    assert said.startswith("B has learnt from MNIST's training file") and "A" not in said.split(" has ")[0]
    assert seen_sentence([("A", away), ("B", away)], all_digits).startswith("A and B have learnt")
    assert seen_sentence([("A", away), ("B", here)], replace(all_digits, shipped=False)) == ""


@pytest.mark.parametrize("about", [{}, {"setup": "no TOML = ["}, {"setup": "data = 3"}, {"setup": "[network]"}])
def test_of_what_a_file_does_not_say_nothing_is_said(taught, all_digits, about):
    net, a, _ = taught
    assert seen_sentence([("A", Model(net, a, about))], all_digits) == ""
