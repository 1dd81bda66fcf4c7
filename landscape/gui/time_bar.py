"""The slider over all gradient steps, with marks for the steps that matter: epochs, new bests, and where a start ended."""

from dataclasses import dataclass

from PyQt6.QtCore import QEvent, Qt
from PyQt6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip

from landscape.gui.theme import Theme
from landscape.run.run import Run

MOST_EPOCHS = 24  # marks of epochs; of more epochs every second, fifth, tenth … has one
NEAR, MOST_TOLD = 4, 4  # pixels from the mouse, and marks told of at once
FAILURE = "#ff4d4d"
EDGE = 7  # pixels between the end of the slider and that of its groove
HELP = "Drag through the descent: every gradient step can be visited"


@dataclass(frozen=True)
class Mark:
    """A step, what happened there in words, and how it is drawn: its colour and size in pixels; `above` the groove or below."""

    step: int
    words: str
    colour: str
    width: int = 1
    height: int = 4
    above: bool = False


class TimeBar(QSlider):
    """Draws its marks and tells what they mean."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.marks: list[Mark] = []
        self.setAccessibleName("Time: gradient step")
        self.setToolTip(HELP)

    def show_marks(self, marks: list[Mark]) -> None:
        """Draw these marks; the later ones lie on top."""
        if marks != self.marks:
            self.marks = marks
            self.update()

    def place(self, step: int) -> int:
        """Where a step is drawn, in pixels from the left."""
        return EDGE + round((self.width() - 2 * EDGE) * step / max(1, self.maximum()))

    def step_at(self, x: float) -> int:
        """The step that is drawn at a place."""
        share = (x - EDGE) / max(1, self.width() - 2 * EDGE)
        return round(min(1.0, max(0.0, share)) * self.maximum())

    def words_at(self, x: float) -> str:
        """What is marked near a place, a line each; how to use the bar where there is nothing."""
        near = [mark for mark in self.marks if abs(self.place(mark.step) - x) <= NEAR]
        near.sort(key=lambda mark: (-mark.width, abs(self.place(mark.step) - x)))
        told = [mark.words for mark in near[:MOST_TOLD]]
        more = [f"and {len(near) - MOST_TOLD} more marks"] if len(near) > MOST_TOLD else []
        return "\n".join(told + more) or HELP

    def event(self, event: QEvent | None) -> bool:
        """Tell what is marked under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        """A press anywhere takes time there, and holds the handle: what is pressed can be dragged on."""
        style, option = self.style(), QStyleOptionSlider()
        if event is not None and style is not None and event.button() == Qt.MouseButton.LeftButton:
            self.initStyleOption(option)
            part = QStyle.SubControl.SC_SliderHandle
            handle = style.subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
            if not handle.contains(event.position().toPoint()):
                self.setValue(self.step_at(event.position().x()))
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Draw the slider, then the marks above and under it."""
        super().paintEvent(event)
        painter = QPainter(self)
        for mark in self.marks:
            top = 0 if mark.above else self.height() - mark.height
            painter.fillRect(self.place(mark.step) - mark.width // 2, top, mark.width, mark.height, QColor(mark.colour))


def time_marks(run: Run, theme: Theme) -> list[Mark]:
    """The marks of a run: epochs above the bar; every new best, the best and the ends of starts below."""
    marks = _epochs(run, theme)
    best, bests = run.best, run.new_best_steps.tolist()
    marks += [Mark(step, f"step {step:,}: a new best", theme.warning) for step in bests]
    if best is not None:
        words = f"step {best.step:,}: the best so far, loss {best.loss:.4f}, {best.start_name}"
        marks.append(Mark(best.step, words, theme.warning, 3, 6))
    ends = [(stop, run.starts[start].name) for start, stop in enumerate(run.stops) if stop is not None]
    for stop, name in ends:
        words = f"step {stop.step:,}: {name} {stop.sentence}"
        marks.append(Mark(stop.step, words, FAILURE if stop.failed else theme.accent, 3, 6))
    return marks


def _epochs(run: Run, theme: Theme) -> list[Mark]:
    """Every epoch's end, or every second, fifth, tenth … of many."""
    epochs = run.last_step // run.steps_per_epoch
    thin = (digit * 10**power for power in range(6) for digit in (1, 2, 5))
    every = next(each for each in thin if epochs // each <= MOST_EPOCHS)
    return [
        Mark(epoch * run.steps_per_epoch, f"the end of epoch {epoch:,}", theme.faint, above=True)
        for epoch in range(every, epochs + 1, every)
    ]
