"""Buttons and keys over the 3D view: where to look from, and turning, moving and nearing without a mouse."""

from collections.abc import Callable
from functools import partial

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QKeySequence, QShortcut
from PyQt6.QtWidgets import QHBoxLayout, QToolButton, QWidget

BUTTONS = (
    ("top", "Top", "From above, as on the map (T)", "T"),
    ("front", "Front", "From the side: heights only (F)", "F"),
    ("iso", "Iso", "From a corner, everything in view (I, or a double click)", "I"),
)
ARROWS = {"Left": (-1, 0), "Right": (1, 0), "Up": (0, 1), "Down": (0, -1)}
TURN_AZIMUTH, TURN_ELEVATION = 6.0, 4.0  # degrees a key
STEP, NEARER = 0.04, 1.15  # share of the view's height, factor


class ReliefControls(QWidget):
    """A row of buttons; its keys are heard while the view it lies on is shown."""

    preset_requested = pyqtSignal(str)
    orbit_requested = pyqtSignal(bool)
    turn_requested = pyqtSignal(float, float)
    move_requested = pyqtSignal(float, float)
    zoom_requested = pyqtSignal(float)

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 0)
        row.setSpacing(4)
        row.addStretch(1)
        self.buttons: dict[str, QToolButton] = {}
        for name, text, tip, key in BUTTONS:
            act = partial(self.preset_requested.emit, name)
            self._button(row, name, text, tip).clicked.connect(lambda _=False, act=act: act())
            self._key(key, act)
        orbit = self._button(row, "orbit", "Orbit", "Turn slowly around the landscape (O)")
        orbit.setCheckable(True)
        orbit.toggled.connect(self.orbit_requested)
        self._key("O", orbit.toggle)
        for key, (right, up) in ARROWS.items():
            self._key(f"Alt+{key}", partial(self.turn_requested.emit, TURN_AZIMUTH * right, TURN_ELEVATION * up))
            self._key(f"Alt+Shift+{key}", partial(self.move_requested.emit, STEP * right, STEP * up))
        for key, factor in (("+", NEARER), ("=", NEARER), ("-", 1 / NEARER)):
            self._key(f"Alt+{key}", partial(self.zoom_requested.emit, factor))

    def _button(self, row: QHBoxLayout, name: str, text: str, tip: str) -> QToolButton:
        button = self.buttons[name] = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0])
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(button)
        return button

    def _key(self, key: str, act: Callable[[], None]) -> None:
        QShortcut(QKeySequence(key), self).activated.connect(act)
