"""The sheet a picture is laid out on: measured in inches, with headline, caption and the table of starts."""

import textwrap
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from landscape.export import caption
from landscape.export.loss_scale import loss_text
from landscape.export.map_drawing import point_look
from landscape.export.scene import Scene
from landscape.export.style import RIM, STAR_COLOUR, Style
from landscape.model import FORMATS

MOST_ROWS = 8  # of starts in a table; of more starts, those with the lowest loss
ROW = 0.31  # inches
MARGIN = 0.2  # inches that stay free to the right of a title
SMALLEST = 0.6  # of a title's usual letters
MOST_LETTERS = 18  # of a start's name beside its figures


class Sheet:
    """A figure whose places are given in inches from its lower left corner."""

    def __init__(self, width: float, height: float, style: Style) -> None:
        self.width, self.height, self.style = width, height, style
        self.figure = Figure(figsize=(width, height), facecolor=style.paper)
        self.canvas = FigureCanvasAgg(self.figure)

    def axes(self, left: float, bottom: float, width: float, height: float, **how: Any) -> Any:
        """New axes with their frame at this place."""
        box = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        return self.figure.add_axes(box, **how)

    def relief_axes(self, left: float, bottom: float, width: float, height: float) -> Any:
        """New 3D axes that draw in the order they are told, with this style's grid."""
        import matplotlib
        from mpl_toolkits.mplot3d import Axes3D  # noqa: F401  registers the projection

        with matplotlib.rc_context({"grid.color": self.style.grid, "grid.linewidth": 0.6}):
            return self.axes(left, bottom, width, height, projection="3d", computed_zorder=False)

    def write(self, left: float, bottom: float, words: str, size: float = 10, faint: bool = False, **how: Any) -> Any:
        """A line of text that begins at this place."""
        colour = self.style.faint if faint else self.style.ink
        look: dict[str, Any] = {"color": colour, "fontsize": size, "va": "baseline"} | how
        return self.figure.text(left / self.width, bottom / self.height, words, **look)

    def title(self, left: float, bottom: float, words: str, size: float, **how: Any) -> Any:
        """A line of text that ends on the sheet: in smaller letters if it is too long, and only then cut, with "…"."""
        line = self.write(left, bottom, words, size, **how)
        room = self.width - left - MARGIN

        def width() -> float:
            return float(line.get_window_extent(self.canvas.get_renderer()).width / self.figure.dpi)

        if width() > room:
            line.set_fontsize(max(SMALLEST * size, 0.99 * size * room / width()))
        while width() > room and len(words) > 1:
            words = words[:-1].rstrip()
            line.set_text(f"{words}…")
        return line

    def paragraph(self, left: float, top: float, width: float, words: str, size: float = 10) -> float:
        """Faint text broken into lines of a width, downwards from `top`; returns where it ends."""
        lines = textwrap.wrap(words, max(20, int(width * 72 / (size * 0.53))))
        for line in lines:
            top -= size * 1.42 / 72
            self.write(left, top, line, size, faint=True)
        return top

    def heading(self, scene: Scene, left: float = 0.45) -> None:
        """What is shown and what learns, at the top."""
        self.title(left, self.height - 0.5, caption.headline(scene), 16, fontweight="bold")
        self.write(left, self.height - 0.8, caption.subject(scene), 10.5, faint=True)

    def honesty(self, scene: Scene, left: float, top: float, width: float) -> float:
        """Coverage, yardstick, convention and lowest cell, one paragraph each; returns where they end."""
        for sentence in (
            caption.coverage_sentence(scene),
            caption.loss_sentence(scene),
            caption.lowest_sentence(scene),
            caption.noise_words(scene),
            caption.angle_sentence(scene.portrait.plane),
        ):
            if sentence:
                top = self.paragraph(left, top, width, sentence) - 0.11
        return top

    def table_of_starts(self, scene: Scene, frame: int, left: float, top: float) -> float:
        """Each start's marker and name, its true loss, the surface under it and its distance off the plane."""
        columns = (left + 1.95, left + 2.8, left + 3.75)
        size, name = 10.5, "difference" if scene.measure.differs else scene.measure.quantity
        for place, words in zip(
            columns, (f"true\n{name}", f"{name} on\nthe plane", "off plane,\n% of ‖θ‖"), strict=True
        ):
            self.write(place, top, words, size - 0.5, faint=True, ha="right", va="bottom", linespacing=1.15)
        y = top - 0.1
        found, best_start = scene.best_at(frame)
        for start in listed(scene.losses[frame]):
            y -= ROW
            self.mark(left + 0.1, y + 0.05, point_look(start, 0.9) | {"markersize": 8})
            holds_best = start == best_start and found == frame
            self.write(left + 0.3, y, short_name(scene.run.starts[start].name) + (" ★" if holds_best else ""), size)
            for place, words in zip(columns, self._figures(scene, frame, start), strict=True):
                self.write(place, y, words, size, ha="right")
        if scene.K > MOST_ROWS:
            y -= ROW
            self.write(left + 0.3, y, f"and {scene.K - MOST_ROWS} starts with a higher loss", size, faint=True)
        return y

    def _figures(self, scene: Scene, frame: int, start: int) -> tuple[str, str, str]:
        a, b = scene.shadows[frame, start]
        on_plane = scene.surface.height_at(float(a), float(b))
        true = scene.failure(start, frame) or loss_text(float(scene.losses[frame, start]))
        off = 100 * float(scene.portrait.off_plane[frame, start] / np.linalg.norm(scene.run.thetas[frame, start]))
        return true, loss_text(on_plane) if np.isfinite(on_plane) else "–", f"{off:.1f} %"

    def key(self, scene: Scene, frame: int, left: float, top: float) -> float:
        """What hollow markers, filled markers and the star mean; returns where it ends."""
        ink = self.style.ink
        plain = {"linestyle": "none", "marker": "o", "markersize": 7, "markeredgecolor": ink, "markeredgewidth": 1.3}
        star = plain | {"marker": "*", "markersize": 13, "markerfacecolor": STAR_COLOUR, "markeredgecolor": RIM}
        found, start = scene.best_at(frame)
        best, name = scene.best_words(frame), short_name(scene.run.starts[start].name)
        rows: tuple[tuple[dict[str, Any], str], ...] = (
            (plain | {"markerfacecolor": "none"}, "where a descent began"),
            (plain | {"markerfacecolor": ink}, f"where it stands at step {int(scene.steps[frame]):,}"),
            (star, f"best so far: {best}, {name}, step {int(scene.steps[found]):,}"),
        )
        if caption.hangs(scene):
            rows = ((plain | {"markerfacecolor": ink}, "a model"), (star, f"the best: {best}, {name}"))
        for look, words in rows:
            top -= 0.28
            self.mark(left + 0.1, top + 0.05, look)
            self.write(left + 0.3, top, words, 10.5)
        return top

    def mark(self, left: float, bottom: float, look: dict[str, Any]) -> None:
        """A marker on the sheet."""
        place = ([left / self.width], [bottom / self.height])
        self.figure.add_artist(Line2D(*place, transform=self.figure.transFigure, **look))


def short_name(name: str) -> str:
    """A start's name where there is little room: without a model file's ending, and cut in its middle."""
    ending = Path(name).suffix
    name = name.removesuffix(ending) if ending in FORMATS else name
    return name if len(name) <= MOST_LETTERS else f"{name[: MOST_LETTERS - 8]}…{name[-7:]}"


def listed(losses: NDArray) -> list[int]:
    """The starts that a table names, by their losses (K,): all of a few, else those with the lowest, in their order."""
    lowest = np.argsort(np.where(np.isfinite(losses), losses, np.inf), kind="stable")[:MOST_ROWS]
    return [int(start) for start in np.sort(lowest)]
