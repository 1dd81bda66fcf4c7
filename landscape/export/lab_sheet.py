"""The sheet on which a lab's result is drawn: its curves left, the result's own sentences right."""

from typing import Any

from landscape.export.sheet import Sheet
from landscape.export.style import style_of

WIDTH, HEIGHT = 12.8, 6.4  # inches
BESIDE = 3.9
BELOW, UNDER = 0.75, 0.45  # inches below the plots; and for the sentence under them, where there is one


class LabSheet(Sheet):
    """A titled sheet with one or more plots above each other, and sentences beside them."""

    def __init__(self, title: str, sentences: str, style: str, under: str = "") -> None:
        super().__init__(WIDTH, HEIGHT, style_of(style))
        self.write(0.45, HEIGHT - 0.5, title, 16, fontweight="bold")
        top = HEIGHT - 0.95
        for sentence in sentences.splitlines():
            top = self.paragraph(WIDTH - BESIDE, top, BESIDE - 0.35, sentence) - 0.09
        self._below = BELOW + UNDER * bool(under)
        self.paragraph(1.0, UNDER, WIDTH - BESIDE - 1.45, under)

    def plots(self, count: int = 1) -> list[Any]:
        """So many axes above each other, the highest first."""
        room, gap = HEIGHT - 0.95 - self._below, 0.75
        height = (room - gap * (count - 1)) / count
        places = [self._below + (height + gap) * row for row in reversed(range(count))]
        return [self._dressed(self.axes(1.0, bottom, WIDTH - BESIDE - 1.45, height)) for bottom in places]

    def label(self, axes: Any, x: str, y: str) -> None:
        """What the axes show."""
        axes.set_xlabel(x, color=self.style.ink, fontsize=10)
        axes.set_ylabel(y, color=self.style.ink, fontsize=10)

    def key(self, axes: Any, **how: Any) -> None:  # type: ignore[override]
        """The key to the axes' labelled lines."""
        look = {"fontsize": 9, "facecolor": self.style.paper, "edgecolor": self.style.grid} | how
        axes.legend(labelcolor=self.style.ink, **look)

    def _dressed(self, axes: Any) -> Any:
        axes.set_facecolor(self.style.paper)
        axes.grid(True, color=self.style.grid, linewidth=0.6)
        axes.tick_params(colors=self.style.ink, labelsize=9.5, length=3, which="both")
        for spine in axes.spines.values():
            spine.set_color(self.style.grid)
        return axes
