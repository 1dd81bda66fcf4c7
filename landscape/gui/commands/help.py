"""What the Help menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtWidgets import QMessageBox

from landscape.gui.commands.keys import key_list

if TYPE_CHECKING:
    from landscape.gui.window import MainWindow


def show_keys(window: MainWindow) -> None:
    """The keys."""
    QMessageBox.information(
        window,
        "Keys",
        f"{key_list(window.keys)}\n\nIn the map: drag moves, the wheel zooms, Shift and drag turns the plane, "
        "Ctrl and drag shifts it.\n1, 2, 3\tfrom above, in 3D, both\nIn 3D: drag or Alt+arrows turns, right drag or "
        "Alt+Shift+arrows moves, the wheel or Alt+plus, Alt+minus nears;\nT, F, I from the top, front, corner; O orbits."
        "\nCtrl+S, Ctrl+O\tsave, open\nCtrl+E\texport everything",
    )


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
