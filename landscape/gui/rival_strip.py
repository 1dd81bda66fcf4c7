"""The line over the verdict while an earlier run lies beside the shown one: what differs, and what came of it."""

from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QWidget

from landscape.gui.session import Session


class RivalStrip(QFrame):
    """One plain sentence and the button that takes the earlier run away."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rival = session.rival
        self.setObjectName("verdict")
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setToolTip("The earlier run’s paths are dashed on the map, thin and pale in 3D; its curves are grey")
        row.addWidget(self.text, 1)
        self.drop = QPushButton("Take away")
        self.drop.setToolTip("Takes the earlier run away from the map and the curves; it stays among the recent runs")
        self.drop.clicked.connect(lambda _=False: self._rival.drop())
        row.addWidget(self.drop)
        self._rival.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say how things stand."""
        self.setVisible(self._rival.run is not None)
        contrast = self._rival.contrast
        self.text.setText(
            ""
            if contrast is None
            else f"Beside the earlier run (dashed; pale in 3D, grey in the curves): {contrast.sentence}"
        )
