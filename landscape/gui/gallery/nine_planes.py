"""Nine random planes at once, in the same colours; a press on one makes it the plane of the landscape."""

from dataclasses import replace
from functools import partial

import numpy as np
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from landscape.gui.drawing.heights import Heights
from landscape.gui.drawing.loss_axis import short
from landscape.gui.gallery.small_map import SmallMap
from landscape.gui.session import Session
from landscape.run.choice import PLANES, SENTENCES
from landscape.run.nine import COUNT, Tile, nine_planes
from landscape.run.portrait import percent

KINDS = ("filter", "random", "layer", "biases")
ACROSS = 3


class NinePlanes(QDialog):
    """Asks for the tiles beside the window and shows them as they come; the colours are those of all nine together."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle("Nine random planes")
        self.resize(700, 760)
        self.seed = 0
        self.tiles: dict[int, Tile] = {}
        self._scale = ""  # what the colours mean, in words
        column = QVBoxLayout(self)
        row = QHBoxLayout()
        self.kind = QComboBox()
        for choice in KINDS:
            self.kind.addItem(PLANES[choice], choice)
            self.kind.setItemData(self.kind.count() - 1, SENTENCES[choice], Qt.ItemDataRole.ToolTipRole)
        self.kind.setAccessibleName("Kind of plane")
        self.kind.setToolTip("How the random directions are scaled")
        self.kind.activated.connect(lambda _: self.draw())
        others = QPushButton("Nine others")
        others.setToolTip("The next nine seeds")
        others.clicked.connect(self.draw_others)
        row.addWidget(self.kind, 1)
        row.addWidget(others)
        column.addLayout(row)
        self.words = QLabel(
            "Each is a cut through the best point along two random directions. Press one to look at it in full."
        )
        self.words.setWordWrap(True)
        column.addWidget(self.words)
        grid = QGridLayout()
        self.maps = [SmallMap(partial(self._choose, number), self) for number in range(COUNT)]
        for number, tile in enumerate(self.maps):
            tile.setToolTip("Make this the plane of the landscape")
            grid.addWidget(tile, number // ACROSS, number % ACROSS)
        column.addLayout(grid, 1)
        session.run_started.connect(self.close)

    def open(self) -> None:
        """Show the page, beginning with the seed of the plane that is shown."""
        picture = self._session.picture
        self.seed = picture.plane_seed
        if picture.choice in KINDS:
            self.kind.setCurrentIndex(KINDS.index(picture.choice))
        self.show()
        self.draw()

    def use_colours(self, name: str) -> None:
        """The chosen map of losses to colours."""
        for tile in self.maps:
            tile.use_colours(name)

    def draw_others(self) -> None:
        """The next nine seeds."""
        self.seed += COUNT
        self.draw()

    def draw(self) -> None:
        """Have the planes of these seeds evaluated."""
        run = self._session.run
        if run is None:
            return
        self.tiles = {}
        for number, tile in enumerate(self.maps):
            tile.show_heights(None, f"seed {self.seed + number} …")
        measure = self._session.heights.measure
        work = partial(nine_planes, run, self.kind.currentData(), self.seed, measure)
        self._session.lanes.start("nine planes", "drawing nine planes", work, self._take, self._tell)

    def _take(self, batch: list[Tile]) -> None:
        for tile in batch:
            self.tiles[tile.seed - self.seed] = tile
        heights = {number: self._heights(tile) for number, tile in self.tiles.items()}
        known = [each.limits for each in heights.values() if each is not None]
        if not known:
            return
        limits = min(low for low, _ in known), max(high for _, high in known)
        for number, each in heights.items():
            tile = self.tiles[number]
            title = f"seed {tile.seed} · holds {percent(tile.coverage)}"
            alike = each and replace(each, limits=limits)
            self.maps[number].show_heights(alike, title)
            if alike is not None:
                self._scale = "{}, from {} to {}".format(alike.title.split(" (")[0], *map(short, alike.ends))

    def _heights(self, tile: Tile) -> Heights | None:
        return Heights.of_surface(tile.surface, self._session.heights.logarithmic)

    def _tell(self) -> None:
        shares = [tile.coverage for tile in self.tiles.values()]
        if shares and np.isfinite(shares).all():
            most = percent(max(shares))
            self.words.setText(
                f"Nine cuts through the best point along random directions, over {self._digits()}, in the same colours: "
                f"{self._scale}. "
                f"None holds more than {most} of the descents’ movement: compare what they show, and what they can't. "
                "Press one to look at it in full."
            )

    def _digits(self) -> str:
        measure = self.tiles[0].surface.measure
        return f"the {measure.set_words}" if measure is not None else "some digits"

    def _choose(self, number: int) -> None:
        self._session.picture.choose_drawn(self.kind.currentData(), self.seed + number)
        self.close()

    def closeEvent(self, event: object) -> None:
        """Nothing is drawn for a page that is not seen."""
        self._session.lanes.cancel("nine planes")
        super().closeEvent(event)  # type: ignore[arg-type]
