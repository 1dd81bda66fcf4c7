"""Garbage is collected on the window's thread alone, a little at a time, and never what the libraries have made."""

import gc

from PyQt6.QtCore import QObject, QTimer

INTERVAL_MS = 1000


class Garbage(QObject):
    """Takes Python's collecting of reference cycles into its own hands, from when it is made.

    Python collects on whichever thread happens to allocate. A worker that collects an object of Qt's destroys it on the wrong
    thread, which can end the program, and a look through all the libraries' objects holds every thread up.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def spare_libraries(self) -> None:
        """Never again look through what is there now.

        Libraries make some 170,000 objects that stay; each look through them all was measured to take 50 to 80 ms, in the
        middle of a descent.
        """
        gc.freeze()

    def collect(self) -> None:
        """The oldest generation whose turn it is, as Python itself would do it."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        for generation in (2, 1, 0):
            if counts[generation] > thresholds[generation]:
                gc.collect(generation)
                return
