from itertools import pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from landscape.errors import RecordError, SetupError
from landscape.export import film
from landscape.export.bundle import exporting
from landscape.export.film import filming
from landscape.export.gif import GifWriter, Palette
from landscape.export.origin import read_setup
from landscape.export.style import start_colour


@pytest.mark.parametrize("kind", ["map", "relief", "both"])
def test_a_film_has_its_frames_and_loops(small, tmp_path, kind):
    path = tmp_path / "film.gif"
    events = list(filming(*small.parts, path, frames=5, fps=10, kind=kind, width=400))
    assert [event.frames for event in events][-6:] == [1, 2, 3, 4, 5, 5]
    assert all(one.done <= other.done for one, other in pairwise(events))
    assert events[-1].done == 1.0
    with Image.open(path) as picture:
        assert picture.n_frames == 5 and picture.info["loop"] == 0 and picture.width == 400
        assert picture.info["duration"] == 100
        assert b"[descent]" in picture.info["comment"]
        first = np.asarray(picture.convert("RGB")).astype(int)
        picture.seek(4)
        last = np.asarray(picture.convert("RGB")).astype(int)
        assert picture.info["duration"] == 2000
    assert (first != last).any()
    for start in range(small.run.K):
        colour = np.array(to_rgb(start_colour(start))) * 255
        assert (np.abs(last - colour).max(axis=-1) <= 2).sum() > 3, start


def test_no_more_frames_than_the_run_has(small, tmp_path):
    events = list(filming(*small.parts, tmp_path / "film.gif", frames=500, width=300))
    assert events[-1].frames == small.run.frames


def test_a_closed_film_leaves_nothing(small, tmp_path):
    work = filming(*small.parts, tmp_path / "film.gif", frames=5, width=300)
    while next(work).frames < 2:
        pass
    work.close()
    assert not list(tmp_path.iterdir())


def test_frames_of_a_gif_come_back(tmp_path):
    colours = np.array([[255, 0, 0], [0, 0, 255], [250, 250, 250], [10, 20, 30]], np.uint8)
    frames = [colours[np.random.default_rng(i).integers(0, 4, (30, 40))] for i in range(3)]
    frames.append(frames[-1])
    with GifWriter(tmp_path / "f.gif", Palette(frames, colours), 20, "ζ" * 400) as writer:
        for frame in frames:
            writer.add(frame)
    with Image.open(tmp_path / "f.gif") as picture:
        assert picture.n_frames == 4
        for number, frame in enumerate(frames):
            picture.seek(number)
            np.testing.assert_array_equal(np.asarray(picture.convert("RGB")), frame)


def test_mp4_where_its_package_is_installed(small, tmp_path):
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "film.mp4"
    *_, last = filming(*small.parts, path, frames=3, width=301)
    assert last.done == 1.0
    frames = imageio_ffmpeg.read_frames(str(path))
    assert next(frames)["size"][0] == 300
    frames.close()


def test_a_film_without_an_ending_is_a_folder_of_pictures(small, tmp_path):
    folder = tmp_path / "film"
    *_, last = filming(*small.parts, folder, frames=3, width=300)
    assert last.frames == 3 and last.done == 1
    assert sorted(path.name for path in folder.iterdir()) == ["00001.png", "00002.png", "00003.png"]
    assert read_setup(folder / "00002.png") == small.run.setup.to_toml()
    with pytest.raises(RecordError, match="is there already"):
        filming(*small.parts, folder, frames=3, width=300)
    folder.rename(tmp_path / "frames")
    with pytest.raises(RecordError, match="is there already"):
        exporting(*small.parts, tmp_path, names=["frames"])


def test_mp4_without_its_package_names_the_remedy(small, tmp_path, monkeypatch):
    monkeypatch.setattr(film, "find_spec", lambda name: None)
    with pytest.raises(RecordError, match="imageio-ffmpeg"):
        filming(*small.parts, tmp_path / "film.mp4")


def test_wrong_wishes_are_refused_at_once(small, only_starts, tmp_path, no_folder):
    for wrong, match in (
        ({"kind": "opera"}, "opera"),
        ({"frames": 1}, "frames"),
        ({"fps": 1000}, "frames a second"),
        ({"width": 3}, "pixels"),
    ):
        with pytest.raises(SetupError, match=match):
            filming(*small.parts, tmp_path / "film.gif", **wrong)
    with pytest.raises(RecordError, match=r"\.gif or \.mp4"):
        filming(*small.parts, tmp_path / "film.avi")
    with pytest.raises(RecordError, match="can't be written"):
        filming(*small.parts, no_folder / "film.gif")
    with pytest.raises(SetupError, match="only its starts"):
        filming(*only_starts.parts, tmp_path / "film.gif")
    assert not list(tmp_path.glob("*.gif"))
