import matplotlib.text
import numpy as np
import pytest
from PIL import Image

from landscape.comparison import comparing, falling
from landscape.data import load_digits
from landscape.errors import RecordError, SetupError
from landscape.export.barrier_film import BarrierStage, filming_barrier
from landscape.export.comparison_figure import comparison_figure, write_comparison
from landscape.export.origin import read_setup
from landscape.model import Model
from landscape.network import Network

NET = Network((784, 6, 10))


@pytest.fixture(scope="module")
def digits():
    return load_digits()


@pytest.fixture(scope="module")
def whole(digits):
    wide = Network((784, 5, 10))
    models = [
        ("one.npz", Model(NET, NET.init(1))),
        ("two.npz", Model(NET, NET.init(2))),
        ("w", Model(wide, wide.init())),
    ]
    *_, last = comparing(models, [digits] * 3, points=5)
    return last


@pytest.fixture(scope="module")
def falls(digits):
    sets = {"train": digits.validation, "test": digits.test}
    return [fall for fall in falling(NET, NET.init(1), NET.init(2), sets, points=5) if fall.whole]


def test_the_picture_holds_the_figures_and_the_digits(whole, digits, tmp_path):
    figure = comparison_figure(whole, digits.test.pictures, digits.classes, style="dark", digits="built in")
    said = " ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text))
    for entry in whole.entries:
        assert f"{entry.verdicts['test'].accuracy:.2%}" in said
    assert "differ in size" in said
    plots = [axes for axes in figure.axes if axes.get_ylabel() == "loss"]
    assert len(plots) == 1  # the third model is of another network
    pair = whole.pairs[0]
    np.testing.assert_allclose(plots[0].lines[0].get_ydata(), pair.before["train"].loss)
    np.testing.assert_allclose(plots[0].lines[3].get_ydata(), pair.after["test"].loss)
    first = next(axes for axes in figure.axes if axes.images)
    np.testing.assert_array_equal(first.images[0].get_array(), digits.test.pictures[pair.disagreements[0]])
    path = write_comparison(whole, tmp_path / "compared.png", digits.test.pictures, digits.classes)
    assert read_setup(path) is None
    with Image.open(path) as picture:
        assert "one.npz, two.npz" in picture.text["Title"]


def test_the_film_shows_every_moment(falls, tmp_path):
    path = tmp_path / "fall.gif"
    events = list(filming_barrier(falls, path, ("one.npz", "two.npz"), width=320))
    assert events[-1].done == 1
    with Image.open(path) as film:
        assert (film.n_frames, film.size) == (len(falls), (320, 180))
    assert read_setup(path) is None
    stage = BarrierStage(falls, ("one", "two"), 320, "dark")
    assert not np.array_equal(stage.picture(0), stage.picture(len(falls) - 1))
    np.testing.assert_allclose(stage.moving[0].get_ydata(), falls[-1].lines["train"].loss)


def test_what_can_not_be_filmed_is_told(falls, tmp_path):
    with pytest.raises(SetupError, match="nothing to film"):
        filming_barrier(falls[:1], tmp_path / "a.gif", ("a", "b"))
    with pytest.raises(RecordError, match=r"\.gif or \.mp4"):
        filming_barrier(falls, tmp_path / "a.png", ("a", "b"))


def test_models_marked_on_a_plane_are_in_its_pictures(small_setup, tmp_path):
    from landscape.export.map_figure import map_figure
    from landscape.export.relief_figure import relief_figure
    from landscape.run import explore
    from landscape.run.choice import KEPT
    from landscape.run.landmark import keep_plane_through
    from landscape.run.portrait import Extent, evaluating, portray

    run = explore(small_setup, tmp_path / "run")
    kept = keep_plane_through(run, [(f"team{seed}.npz", run.net.init(seed)) for seed in (1, 2, 3)])
    portrait = portray(run, KEPT + kept.name)
    *_, surface = evaluating(run, portrait, cells=5, extent=Extent(*kept.extent))
    for draw in (map_figure, relief_figure):
        figure = draw(run, portrait, surface)
        said = [text.get_text().strip() for text in figure.findobj(matplotlib.text.Text)]
        assert {"A", "B", "C", "team1", "team2", "team3"} <= set(said)
        write = tmp_path / f"{draw.__name__}.png"
        figure.savefig(write)
    run.close()
