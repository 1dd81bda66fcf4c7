"""What the Help menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QMessageBox

from landscape.gui.commands.key_list import KeyList

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


def show_keys(window: MainWindow) -> None:
    """The keys."""
    listed = KeyList(window)
    listed.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    listed.show()


def show_about(window: MainWindow) -> None:
    """Name, version, licence and sources."""
    from landscape._version import __version__

    QMessageBox.about(
        window,
        "About Landscape",
        f"Landscape {__version__}: see gradient descent.\n\nGPL-3.0-or-later. "
        "Digits: MNIST (LeCun, Cortes, Burges; CC BY-SA 3.0). "
        "Filter-normalised directions: Li et al. 2018, Visualizing the Loss Landscape of Neural Nets.",
    )
