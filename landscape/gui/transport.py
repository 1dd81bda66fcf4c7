"""The bar under the landscape: step, play, speed, scrub, and where the best was found."""

from PyQt6.QtCore import QEvent, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QToolButton, QWidget

from landscape.gui.icons import icon
from landscape.gui.playback import IN_STEP, SPEEDS, Playback
from landscape.gui.theme import Theme
from landscape.gui.time_bar import Mark, TimeBar

# name, tooltip, unit, count
STEPS = (
    ("first", "To the start (Home)", "", 0),
    ("epoch back", "Back by one epoch (Shift+←)", "epoch", -1),
    ("back", "Back by one recorded frame (←); Ctrl+← one gradient step", "frame", -1),
    ("play", "Play or pause (space)", "", 0),
    ("forward", "Forward by one recorded frame (→); Ctrl+→ one gradient step", "frame", 1),
    ("epoch forward", "Forward by one epoch (Shift+→)", "epoch", 1),
    ("last", "To the end (End)", "", 0),
)


ROOMY = 1500  # pixels: in a narrower bar with large letters, speed and keeping in step give their place to time


class Transport(QWidget):
    """Shows and moves the time cursor."""

    best_requested = pyqtSignal()

    def __init__(self, playback: Playback, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = playback
        self._theme: Theme | None = None
        self._large = False
        self.setAccessibleName("Time")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 6, 8, 6)
        row.setSpacing(5)
        self.buttons: dict[str, QToolButton] = {}
        for name, tip, unit, count in STEPS:
            button = self._button(name, tip)
            row.addWidget(button)
            if unit:
                button.clicked.connect(lambda _=False, u=unit, c=count: playback.move(u, c))
        self.buttons["first"].clicked.connect(lambda: playback.jump(0))
        self.buttons["last"].clicked.connect(lambda: playback.jump(playback.last))
        self.buttons["play"].clicked.connect(playback.toggle)
        loop = self._button("loop", "Begin again at the end")
        loop.setCheckable(True)
        loop.setChecked(playback.loop)
        loop.toggled.connect(lambda on: setattr(playback, "loop", on))
        row.addWidget(loop)
        self.speed = QComboBox()
        self.speed.setToolTip("Speed of playing; 1× shows a whole run in 8 seconds")
        self.speed.setAccessibleName("Speed")
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g}×", speed)
        self.speed.setCurrentIndex(SPEEDS.index(1.0))
        self.speed.currentIndexChanged.connect(lambda: setattr(playback, "speed", self.speed.currentData()))
        row.addWidget(self.speed)
        self.in_step = QComboBox()
        self.in_step.setToolTip(
            "What all starts share at one moment: the number of gradient steps, or the loss: then each stands where its "
            "loss first got as low as that of the selected start, so that fast and slow paths can be compared"
        )
        self.in_step.setAccessibleName("Starts in step")
        for name, words in IN_STEP.items():
            self.in_step.addItem(words, name)
        self.in_step.activated.connect(lambda _: playback.keep_in_step(self.in_step.currentData()))
        row.addWidget(self.in_step)
        self.bar = TimeBar()
        self.bar.valueChanged.connect(self._dragged)
        row.addWidget(self.bar, 1)
        self.where = QLabel()
        self.where.setToolTip("Step: gradient steps taken. Epoch: passes over the whole training set.")
        row.addWidget(self.where)
        self.best = self._button("star", "Jump to the best point so far (Shift+B); B: to the next new best")
        self.best.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.best.clicked.connect(self.best_requested)
        row.addWidget(self.best)
        playback.frame_changed.connect(lambda _: self.refresh())
        for refresh in (self._reserve, self.refresh):
            playback.range_changed.connect(lambda _, refresh=refresh: refresh())
        playback.playing_changed.connect(lambda _: self._draw_icons())
        playback.in_step_changed.connect(lambda: self.in_step.setCurrentIndex(list(IN_STEP).index(playback.in_step)))
        self._reserve()
        self.refresh()

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0].split(";")[0])
        button.setIconSize(QSize(18, 18))
        button.setAutoRaise(False)
        self.buttons[name] = button
        return button

    def set_theme(self, theme: Theme) -> None:
        """Colour the icons, and make room for letters of the theme's size."""
        self._theme = theme
        self._draw_icons()
        self.where.ensurePolished()  # the theme may have come with larger letters
        self._reserve()

    def _draw_icons(self) -> None:
        if self._theme is None:
            return
        for name, button in self.buttons.items():
            shown = "pause" if name == "play" and self._playback.playing else name
            button.setIcon(icon(shown, self._theme.warning if name == "star" else self._theme.text))

    def _dragged(self, step: int) -> None:
        self._playback.jump(step)

    def refresh(self) -> None:
        """Show where the cursor is."""
        playback = self._playback
        self.bar.blockSignals(True)
        self.bar.setRange(0, playback.last)
        self.bar.setSingleStep(1)
        self.bar.setPageStep(playback.steps_per_epoch)
        self.bar.setValue(playback.step)
        self.bar.blockSignals(False)
        epoch = playback.step / playback.steps_per_epoch
        self.where.setText(_where(playback.step, playback.last, epoch))

    def _reserve(self) -> None:
        """Room for the longest text: a label of a fixed size does not have the whole window laid out anew at every step."""
        playback, room = self._playback, self.where.fontMetrics()
        longest = _where(playback.last, playback.last, playback.last / playback.steps_per_epoch)
        longest = "".join("0" if letter.isdigit() else letter for letter in longest)  # a 1 may be narrow
        shown = self.where.text()
        self.where.setMinimumWidth(0)  # a label never wants less than its least width: it would not become narrow again
        self.where.setText(longest)  # what the style adds around the letters is known to the label alone
        width = self.where.sizeHint().width()
        self.where.setText(shown)
        self.where.setFixedSize(max(190, width), room.height() + 2)

    def changeEvent(self, event: QEvent | None) -> None:
        """Larger letters want more room."""
        super().changeEvent(event)
        if event is not None and event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._reserve()

    def write_large(self, large: bool) -> None:
        """Letters for the back row: a narrow bar then shows no choices, they are made before."""
        self._large = large
        self._make_room()

    def _make_room(self) -> None:
        for choice in (self.speed, self.in_step):
            choice.setVisible(not self._large or self.width() >= ROOMY)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """A wide bar has room for everything."""
        super().resizeEvent(event)
        self._make_room()

    def show_marks(self, marks: list[Mark]) -> None:
        """Marks on the bar."""
        self.bar.show_marks(marks)


def _where(step: int, last: int, epoch: float) -> str:
    return f"step {step:,} / {last:,} · epoch {epoch:.2f}"
