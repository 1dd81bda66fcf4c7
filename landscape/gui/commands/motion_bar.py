"""The bar that moves the plane: turn it, shift it, tour to another one, and show what a mini-batch sees."""

import math
from collections.abc import Callable, Mapping
from functools import partial

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QLabel, QSlider, QToolBar, QToolButton, QWidget

from landscape.gui.live import Which
from landscape.gui.minibatch import MODES
from landscape.gui.session import Session
from landscape.run.choice import PLANES, SENTENCES
from landscape.run.heading import HEADINGS

# One press of a key or a button.
TURN = math.radians(3)
SHIFT = 0.02
ZOOM = 1.25
SLIDER_STEPS = 1000
SIGNS = {-1: " −", 1: " +"}
WIDEST_CHOICE = 160
# Geometric shapes, which every font has; the signs made for players are missing in many and would be empty boxes.
GO, HOLD = "▶", "▮▮"
PLAY_WIDTH = 44  # pixels, for the wider of the two: what follows stays where it is


class MotionBar(QToolBar):
    """Asks the session to turn, shift and tour; buttons repeat while they are held."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("Move the plane", parent)
        self.setObjectName("Move the plane")
        self.setMovable(False)
        self._session = session
        live = session.live
        self.heading = self._choice("Turn towards", HEADINGS, "What the plane turns towards", live.choose_heading)
        keys: dict[tuple[Which, int], str] = {("u", -1): "A", ("u", 1): "D", ("v", -1): "S", ("v", 1): "W"}
        for (which, sign), key in keys.items():
            way = "towards" if sign > 0 else "away from"
            tip = f"Turn direction {which} {way} it, by 3° ({key}); or hold Shift and drag the map"
            self._button(which + SIGNS[sign], tip, partial(live.turn, which, sign * TURN))
        for sign, key in ((-1, "Q"), (1, "E")):
            tip = f"Shift the plane along the paths' third principal direction ({key}); or hold Ctrl and drag the map"
            self._button("shift" + SIGNS[sign], tip, partial(live.shift, sign * SHIFT))
        self.addSeparator()
        self.destination = self._choice("Tour to", PLANES, "The plane to which the shown one turns, smoothly")
        for index, sentence in enumerate(SENTENCES.values()):
            self.destination.setItemData(index, sentence, Qt.ItemDataRole.ToolTipRole)
        self.play = self._button(GO, "Tour there; press again to hold it", self._tour, repeats=False)
        self.play.setMinimumWidth(PLAY_WIDTH)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, SLIDER_STEPS)
        self.slider.setMinimumWidth(70)
        self.slider.setMaximumWidth(160)
        self.slider.setToolTip("Where the tour stands; drag to go to and fro")
        self.slider.setAccessibleName("Tour")
        self.slider.sliderMoved.connect(lambda at: live.seek_tour(at / SLIDER_STEPS))
        self.addWidget(self.slider)
        self.addSeparator()
        self.minibatch = self._choice(
            "Mini-batch",
            MODES,
            "The surface that only the shown step's mini-batch sees: beside the whole, over it, or minus it (M)",
            session.minibatch.choose,
        )
        for changed in (live.changed, session.minibatch.mode_changed, session.plane_changed):
            changed.connect(session.turns.soon(self.refresh))
        self.refresh()

    def refresh(self) -> None:
        """Show how things stand."""
        live = self._session.live
        self.heading.setCurrentIndex(self.heading.findData(live.heading))
        self.minibatch.setCurrentIndex(self.minibatch.findData(self._session.minibatch.mode))
        self.play.setText(HOLD if live.touring else GO)
        self.slider.setEnabled(live.tour_at is not None)
        if not self.slider.isSliderDown():
            self.slider.setValue(round((live.tour_at or 0.0) * SLIDER_STEPS))

    def _tour(self) -> None:
        live = self._session.live
        if live.tour_at is not None and (live.touring or live.tour_at < 1):
            live.toggle_tour()
        else:
            live.tour(self.destination.currentData())

    def _choice(
        self, name: str, choices: Mapping[str, str], tip: str, act: Callable[[str], None] | None = None
    ) -> QComboBox:
        self.addWidget(QLabel(name))
        box = QComboBox()
        for key, text in choices.items():
            box.addItem(text, key)
        box.setToolTip(tip)
        box.setMaximumWidth(WIDEST_CHOICE)
        box.setAccessibleName(name)
        if act is not None:
            box.activated.connect(lambda _: act(box.currentData()))
        self.addWidget(box)
        return box

    def _button(self, text: str, tip: str, act: Callable[[], None], repeats: bool = True) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        button.setAutoRepeat(repeats)
        button.setAutoRepeatInterval(40)
        button.clicked.connect(lambda _=False: act())
        self.addWidget(button)
        return button
