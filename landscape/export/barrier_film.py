"""A film of the barrier between two models falling while the hidden neurons of one are moved to their places."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape.comparison import Fall
from landscape.errors import SetupError
from landscape.export.comparison_figure import AS_THEY_ARE, MATCHED, dressed, ends_named, line_range, of_models
from landscape.export.film import Filmed, check_film_place, rolled
from landscape.export.sheet import Sheet
from landscape.export.stage import plain_colours
from landscape.export.style import style_of

WIDE, TALL = 9.6, 5.4  # inches
HELD_FIRST = 10  # the first frame stays so many times as long, to be read


def filming_barrier(
    falls: Sequence[Fall],
    path: str | Path,
    names: tuple[str, str],
    *,
    fps: float = 8,
    width: int = 960,
    style: str = "light",
) -> Iterator[Filmed]:
    """Film the moments of `falling` (each whole, over "train" and "test" digits); .gif, .mp4 or none chooses the format.

    Yields after every frame; closing it leaves no file. Raises SetupError where nothing moves, RecordError where the
    file can't be written.
    """
    path = Path(path)
    check_film_place(path)
    moments = [fall for fall in falls if fall.whole]
    if len(moments) < 2:
        raise SetupError("the neurons of these two models stand in their places already: there is nothing to film")
    return _filming(moments, path, names, fps, width, style)


def _filming(
    moments: list[Fall], path: Path, names: tuple[str, str], fps: float, width: int, style: str
) -> Iterator[Filmed]:
    stage = BarrierStage(moments, names, width, style)
    yield from rolled(path, stage, range(len(moments)), fps, of_models(names), HELD_FIRST)


class BarrierStage:
    """The line between two models, left, and its barrier over the moves, right; `picture(moment)` gives the pixels."""

    def __init__(self, moments: list[Fall], names: tuple[str, str], width: int, style: str) -> None:
        self.moments = moments
        self.sheet = Sheet(WIDE, TALL, style_of(style))
        self.size = width - width % 2, round(width * TALL / WIDE / 2) * 2
        figure = self.sheet.figure
        figure.set_dpi(self.size[0] / WIDE)
        figure.set_size_inches(self.size[0] / figure.dpi, self.size[1] / figure.dpi)
        self.canvas: Any
        self.moving: list[Any] = []
        self._headings(names)
        self._line_plot(names)
        self._barrier_plot()
        self.clock = self.sheet.write(0.4, TALL - 0.8, "", 11)
        for artist in (*self.moving, self.clock):
            artist.set_animated(True)
        self.canvas = figure.canvas
        self.canvas.draw()
        self.still = self.canvas.copy_from_bbox(figure.bbox)

    def picture(self, moment: int) -> NDArray:
        """The pixels at a moment, (height, width, 3) uint8."""
        fall, figure = self.moments[moment], self.sheet.figure
        self.canvas.restore_region(self.still)
        barriers = " · ".join(
            f"{words} {fall.lines[which].barrier:.3f}" for which, words in (("train", "training"), ("test", "test"))
        )
        self.clock.set_text(f"{fall.moves} of {fall.all_moves} exchanges of neurons · barrier in loss: {barriers}")
        for which, line, dot in zip(("train", "test"), self.moving[:2], self.moving[2:]):
            line.set_ydata(fall.lines[which].loss)
            dot.set_data([fall.moves], [fall.lines[which].barrier])
        for artist in (*self.moving, self.clock):
            figure.draw_artist(artist)
        return np.array(np.asarray(self.canvas.buffer_rgba())[..., :3])

    def plain_colours(self) -> NDArray:
        """The colours by which things are known, (n, 3) uint8."""
        return plain_colours(self.sheet.style)

    def _headings(self, names: tuple[str, str]) -> None:
        sheet = self.sheet
        sheet.write(0.4, TALL - 0.45, "The barrier falls as hidden neurons are matched", 14, fontweight="bold")
        sheet.paragraph(
            0.4, 0.5, WIDE - 0.8,
            f"A: {names[0]} · B: {names[1]}. At every moment B computes the same function: only the order of its hidden "
            "neurons changes, to that in which they are most like A's. Solid: training digits; dashed: test digits.",
            8.5,
        )  # fmt: skip

    def _line_plot(self, names: tuple[str, str]) -> None:
        axes = dressed(self.sheet, self.sheet.axes(0.9, 1.05, 4.9, 3.35))
        first, last = self.moments[0], self.moments[-1]
        for which, manner in (("train", "-"), ("test", (0, (4, 2)))):
            before = first.lines[which]
            axes.plot(before.t, before.loss, color=AS_THEY_ARE, linewidth=1.4, linestyle=manner, alpha=0.55)
            self.moving += axes.plot(before.t, before.loss, color=MATCHED, linewidth=2.4, linestyle=manner)
        axes.set_ylim(*line_range([fall.lines[which] for fall in (first, last) for which in ("train", "test")]))
        axes.margins(x=0.01)
        axes.set_ylabel("loss on the straight line", color=self.sheet.style.ink, fontsize=10)
        ends_named(axes, "A", "B", self.sheet.style.ink)

    def _barrier_plot(self) -> None:
        axes = dressed(self.sheet, self.sheet.axes(6.65, 1.05, 2.6, 3.35))
        moves = [fall.moves for fall in self.moments]
        for which, manner in (("train", "-"), ("test", (0, (4, 2)))):
            barriers = [fall.lines[which].barrier for fall in self.moments]
            axes.plot(moves, barriers, color=self.sheet.style.faint, linewidth=1.2, linestyle=manner)
        for which in ("train", "test"):
            at = self.moments[0].lines[which].barrier
            self.moving += axes.plot([0], [at], "o", color=MATCHED, markersize=8 if which == "train" else 5)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("neurons exchanged", color=self.sheet.style.ink, fontsize=10)
        axes.set_ylabel("barrier", color=self.sheet.style.ink, fontsize=10)
