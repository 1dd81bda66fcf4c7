import numpy as np
import pytest

from landscape.data import load_digits
from landscape.data.stages import Stages
from landscape.export.stages_figure import SHOWN, stages_figure


@pytest.mark.parametrize("style", ["light", "dark"])
def test_a_row_a_stage_and_the_way_back(style):
    digits, steps = load_digits(), ("scale", "centre", "pca:30")
    figure = stages_figure(digits, steps, style=style)
    words = [text.get_text() for text in figure.texts]
    for label in ("as written", "scale to 0 … 1", "zero-centre", "principal components", "PCA to 30", "back to pixels"):
        assert label in words
    assert len(figure.axes) == 6 * SHOWN
    places = [int(np.flatnonzero(digits.train.labels == label)[0]) for label in range(10)]  # one of each class
    shown = [axes.images[0].get_array() for axes in figure.axes[-SHOWN:]]
    expected = Stages.fit(steps, digits.train.pictures).looks(digits.train.pictures[places])[-1].pictures
    np.testing.assert_allclose(np.array(shown), expected, atol=1e-3)
    assert any("of the variance is kept" in " ".join(words[at : at + 3]) for at in range(len(words)))


def test_of_two_classes_there_are_several_digits_each():
    digits = load_digits(classes=(3, 7))
    assert len(stages_figure(digits, ("scale",)).axes) == 2 * SHOWN
