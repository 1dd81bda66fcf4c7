"""The descent as a film: GIF, MP4 where imageio-ffmpeg is installed, or a folder of numbered PNG.

What stands still is drawn once; for each frame only paths, balls and the clock are drawn over it.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from landscape.errors import RecordError, SetupError
from landscape.export import caption
from landscape.export.destination import check_destination
from landscape.export.png_folder import PngFolder, check_new_folder, put_folder
from landscape.export.provenance import Provenance
from landscape.export.scene import Scene
from landscape.run import Run
from landscape.run.portrait import Portrait
from landscape.surface import Surface
from landscape.writing import written_whole

ENDINGS = (".gif", ".mp4")
KINDS = ("map", "relief", "both")
MOST_FRAMES = 2000
WIDTHS = {"map": 800, "relief": 800, "both": 1280}
LAST_HELD = 20  # the last frame stays so many times as long, before the film begins again


@dataclass(frozen=True)
class Filmed:
    """So many frames of the film are drawn (first none); the file is there when `done` is 1."""

    path: Path
    frames: int
    done: float


class Writer(Protocol):
    """What takes the frames of a film."""

    def add(self, frame: NDArray, hold: int = 1) -> None:
        """Add a frame (height, width, 3) uint8."""

    def close(self) -> None:
        """End the film."""


def filming(
    run: Run,
    portrait: Portrait,
    surface: Surface,
    path: str | Path,
    *,
    frames: int = 120,
    fps: float = 20,
    kind: str = "map",
    width: int | None = None,
    style: str = "light",
    scale: str = "log",
    colours: str = "viridis",
) -> Iterator[Filmed]:
    """Film a run from its start to its last frame; the ending (.gif, .mp4; none: a folder of PNG) chooses the format.

    `kind`: "map", "relief" or "both"; `width` in pixels. Yields after every frame; closing it leaves no file.
    Raises SetupError for values that make no sense, RecordError where the file can't be written.
    """
    path = Path(path)
    check_film_place(path)
    if kind not in KINDS:
        raise SetupError(f"the film {kind!r} is unknown; choose one of {', '.join(KINDS)}", "kind")
    width = width or WIDTHS[kind]
    check_film(run, frames, fps, width)
    scene = Scene.of(run, portrait, surface)
    return _filming(scene, path, frames, fps, kind, width, {"style": style, "kind": scale, "colours": colours})


def _filming(
    scene: Scene, path: Path, frames: int, fps: float, kind: str, width: int, look: dict[str, str]
) -> Iterator[Filmed]:
    from landscape.export.stage import Stage

    provenance = Provenance.of(scene.run, caption.headline(scene))
    shown = np.linspace(0, scene.frames - 1, min(frames, scene.frames)).round().astype(int)
    yield Filmed(path, 0, 0.0)
    stage = Stage(scene, kind, width, **look)
    yield from rolled(path, stage, [int(frame) for frame in shown], fps, provenance)


def rolled(
    path: Path, stage: Any, shown: Sequence[int], fps: float, provenance: Provenance, held_first: int = 1
) -> Iterator[Filmed]:
    """Film these frames of a stage (`picture(frame)`, `size`, `plain_colours()`): whole, or no file."""
    yield Filmed(path, 0, 0.0)
    with tempfile.TemporaryDirectory(prefix="landscape-film-", ignore_cleanup_errors=True) as folder:
        unnamed = Path(folder) / f"film{path.suffix.lower()}"
        writer = _writer(unnamed, stage, shown, fps, provenance)
        try:
            for number, frame in enumerate(shown, start=1):
                hold = LAST_HELD if number == len(shown) else held_first if number == 1 else 1
                writer.add(stage.picture(frame), hold)
                yield Filmed(path, number, 0.99 * number / len(shown))
        finally:
            writer.close()
        put(unnamed, path)
    yield Filmed(path, len(shown), 1.0)


def put(made: Path, path: Path) -> None:
    """Bring a film, or a folder of pictures, from where it was made to its place: whole or not at all."""
    if path.suffix:
        written_whole(path, partial(shutil.copyfile, made))
    else:
        put_folder(made, path)


def _writer(path: Path, stage: Any, shown: Sequence[int], fps: float, provenance: Provenance) -> Writer:
    if path.suffix == ".mp4":
        from landscape.export.mp4 import Mp4Writer

        return Mp4Writer(path, stage.size, fps, provenance)
    if not path.suffix:
        return PngFolder(path, provenance)
    from landscape.export.gif import GifWriter, Palette

    palette = Palette([stage.picture(frame) for frame in (shown[0], shown[-1])], stage.plain_colours())
    return GifWriter(path, palette, fps, provenance.as_text)


def check_film_place(path: Path) -> None:
    """RecordError where no film can be written, or its format needs a package that is not installed."""
    if not path.suffix:
        check_new_folder(path)
        return
    check_destination(path, ENDINGS, "a film")
    if path.suffix.lower() == ".mp4" and find_spec("imageio_ffmpeg") is None:
        raise RecordError("an MP4 needs the package imageio-ffmpeg: install it, or choose a name that ends in .gif")


def check_film(run: Run, frames: int, fps: float, width: int) -> None:
    """SetupError where there is nothing to film, or too much."""
    if run.frames < 2:
        raise SetupError("the run has only its starts: there is nothing to film before the first step")
    if not 2 <= frames <= MOST_FRAMES:
        raise SetupError(f"a film has 2 to {MOST_FRAMES:,} frames, not {frames:,}", "frames")
    if not 0.5 <= fps <= 50:
        raise SetupError(f"a film shows 0.5 to 50 frames a second, not {fps:g}", "fps")
    if not 300 <= width <= 4000:
        raise SetupError(f"a film is 300 to 4,000 pixels wide, not {width:,}", "width")
