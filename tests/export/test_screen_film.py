import gc

import numpy as np
import pytest
from PIL import Image

from landscape.errors import RecordError
from landscape.export.origin import read_setup
from landscape.export.provenance import Provenance
from landscape.export.screen_film import recording

ABOUT = Provenance("[data]\n", "1.0", "A film")


def pictures(count, shape=(61, 81)):
    """A white bar that moves to the right; before each picture there is none yet."""
    for number in (count, *range(count)):
        yield None
        picture = np.full((*shape, 3), 30, np.uint8)
        picture[:, 5 * number : 5 * number + 5] = 250
        yield picture


def test_pictures_become_a_gif(tmp_path):
    path, source = tmp_path / "film.gif", pictures(6)
    events = list(recording(path, 6, lambda: next(source), 10, ABOUT))
    assert [event.frames for event in events if event.done > 0][-1] == 6
    assert events[-1].done == 1 and all(event.done != 1 for event in events[:-1])
    with Image.open(path) as film:
        assert film.n_frames == 6 and film.size == (80, 60)
        film.seek(3)
        bright = np.asarray(film.convert("L")).mean(axis=0)
    assert set(np.flatnonzero(bright > 128)) == set(range(15, 20))


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_pictures_become_an_mp4(tmp_path):
    imageio_ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path, source = tmp_path / "film.mp4", pictures(8)
    list(recording(path, 8, lambda: next(source), 10, ABOUT))
    frames = imageio_ffmpeg.read_frames(str(path))
    assert next(frames)["size"] == (80, 60)
    films = [np.frombuffer(frame, np.uint8).reshape(60, 80, 3).mean(axis=(0, 2)) for frame in frames]
    assert [int(bright.argmax()) // 5 for bright in films] == list(range(8))
    gc.collect()  # the reader leaves its pipe to the collector


def test_pictures_become_a_folder_of_png(tmp_path):
    folder, source = tmp_path / "pictures", pictures(3)
    list(recording(folder, 3, lambda: next(source), 10, ABOUT))
    assert sorted(path.name for path in folder.iterdir()) == ["00001.png", "00002.png", "00003.png"]
    with Image.open(folder / "00003.png") as picture:
        assert np.asarray(picture)[0, 12].tolist() == [250, 250, 250]
    assert read_setup(folder / "00001.png") == "[data]\n"
    with pytest.raises(RecordError, match="is there already"):
        recording(folder, 3, lambda: None, 10, ABOUT)


@pytest.mark.parametrize("name", ["film.gif", "film.mp4", "film"])
def test_a_film_that_is_stopped_leaves_what_was_there(tmp_path, name):
    path = tmp_path / name
    if path.suffix:
        path.write_bytes(b"an older film")
    source = pictures(6)
    film = recording(path, 6, lambda: next(source), 10, ABOUT)
    while next(film).frames < 3:
        pass
    film.close()
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == ([name] if path.suffix else [])
    assert not path.suffix or path.read_bytes() == b"an older film"
