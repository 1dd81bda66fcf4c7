import numpy as np
import pytest

from landscape.errors import SetupError
from landscape.export.origin import read_setup
from landscape.export.picture import write_picture
from landscape.export.provenance import Provenance
from landscape.export.weights_figure import GAP, tiled, weights_figure
from landscape.run import Setup, explore
from landscape.run.update import update_from


def texts(figure) -> str:
    return "\n".join(text.get_text() for text in figure.texts)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_it_becomes_a_file_that_knows_its_setup(small, tmp_path, ending):
    path = tmp_path / f"weights{ending}"
    write_picture(weights_figure(small.run, 1), path, Provenance.of(small.run))
    assert path.stat().st_size > 10_000
    assert read_setup(path) == small.run.setup.to_toml()


def test_it_shows_the_weights_and_says_the_figures(small):
    update = update_from(small.run, 1, 4)
    figure = weights_figure(small.run, 1, 4, style="dark")
    W = small.run.net.unpack(update.theta)[0][0]
    shown = np.asarray(figure.axes[0].images[0].get_array().filled(np.nan))
    np.testing.assert_array_equal(shown[:28, :28], W[:, 0].reshape(28, 28))
    words = texts(figure)
    assert "Update 5 of" in words and f"learning rate {update.rate:.3g}" in words
    change = small.run.net.unpack(update.change)[0][0]
    assert f"{np.linalg.norm(change) / np.linalg.norm(W):.2g}".replace("e-0", "e-") in words
    assert "follows the gradient, not the size" in words.replace("\n", " ")


def test_at_the_end_it_shows_the_last_update(small):
    assert f"Update {small.run.last_step} of" in texts(weights_figure(small.run, 0))
    with pytest.raises(SetupError, match="step 9,999"):
        weights_figure(small.run, 0, 9999)
    with pytest.raises(SetupError, match="start 99"):
        weights_figure(small.run, 99)


def test_many_layers_and_a_single_output_fit(tmp_path):
    for network in ({"sizes": (784, 5, 5, 5, 5, 2)}, {"sizes": (784, 1), "cost": "mnist_loss"}):
        run = explore(
            Setup().changed(
                data={"classes": (3, 7), "examples": 50}, network=network, descent={"epochs": 0.1, "batch_size": 40}
            )
        )
        words = texts(weights_figure(run, 0))
        assert ("more layers are left out" in words) == (len(network["sizes"]) > 4)
        run.close()


def test_pictures_are_laid_side_by_side_with_gaps():
    values = np.arange(5 * 4, dtype=float).reshape(5, 2, 2)
    mosaic = tiled(values)
    assert mosaic.shape == (2 * (2 + GAP) - GAP, 3 * (2 + GAP) - GAP)
    np.testing.assert_array_equal(mosaic[2 + GAP :, :2], values[3])
    assert np.isnan(mosaic).sum() == mosaic.size - values.size
