"""The window in a process of its own, on a slow run: tells how many frames its run has, until it is killed.

Usage: killed_window.py RUNS. The folder keeps the runs.
"""

import sys
from pathlib import Path

from PyQt6.QtWidgets import QApplication

from landscape.gui.app import build_window
from landscape.gui.settings import Settings
from landscape.run.setup import Setup

# Some seconds of training: it is killed on the way.
SLOW = {
    "data": {"examples": 300},
    "network": {"sizes": (784, 6, 10)},
    "descent": {"epochs": 400, "batch_size": 20, "learning_rate": 0.05},
    "starts": {"kind": "middle"},
}


def main() -> None:
    """Open the window and let it train."""
    app = QApplication([])
    window = build_window(Settings(folder=sys.argv[1]), Path(sys.argv[1]))
    window.session.setup = Setup().changed(**SLOW)
    window.session.run_extended.connect(lambda: print(window.session.run.frames, flush=True))  # noqa: T201
    window.show()
    app.exec()


if __name__ == "__main__":
    main()
