"""Colours that can be told apart, whatever kind of colour vision one has."""

import numpy as np
import pyqtgraph as pg
import pytest
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QComboBox, QTabBar

from landscape.gui.drawing.heights import DIVERGING, SEQUENTIAL
from landscape.gui.theme import COLOUR_MAPS, DARK, THEMES, apply_theme

# How red, green and blue light (linear) look to eyes without one kind of cone: Machado, Oliveira and Fernandes 2009.
EYES = {
    "all cones": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
    ),
    "no blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]]
    ),
}
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = TO_XYZ.sum(axis=1)


def seen(name, eyes):
    """The colours of a map as those eyes see them, evenly perceived: CIE L*, a*, b* (64, 3)."""
    rgb = pg.colormap.get(name).getLookupTable(nPts=64)[:, :3] / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = ((np.clip(linear @ EYES[eyes].T, 0, 1) @ TO_XYZ.T) / WHITE).T
    f = [np.where(v > 0.008856, np.cbrt(v), 7.787 * v + 16 / 116) for v in (x, y, z)]
    return np.stack([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])], axis=1)


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_a_map_of_losses_grows_brighter_for_all_eyes(name, eyes):
    brightness = seen(name, eyes)[:, 0]
    assert (np.diff(brightness) > 0).all() and np.ptp(brightness) > 60
    assert {"viridis", "cividis"} <= set(COLOUR_MAPS) and SEQUENTIAL in COLOUR_MAPS


@pytest.mark.parametrize("eyes", EYES)
def test_the_map_of_differences_has_two_halves_that_all_eyes_tell_apart(eyes):
    colours = seen(DIVERGING, eyes)
    below, above = colours[:32][::-1], colours[32:]  # from the middle outwards
    assert (np.diff(below[:, 0]) < 0).all() and (np.diff(above[:, 0]) < 0).all()  # the farther from 0, the darker
    apart = np.linalg.norm(below - above, axis=1)
    assert apart[31] > 50 and (apart[8:] > 12).all()


def luminance(rgb):
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return linear @ TO_XYZ[1]


@pytest.fixture
def themes(qapp):
    yield THEMES.values()
    apply_theme(qapp, DARK)


def test_what_has_the_focus_can_be_read(qtbot, qapp, themes):
    """Contrast of at least 4.5 between the letters and what they lie on, as for all other words."""
    for theme in themes:
        apply_theme(qapp, theme)
        box, bar = QComboBox(), QTabBar()
        box.addItem("■ A word of some length")
        bar.addTab("■ A word of some length")
        for control in (box, bar):
            qtbot.addWidget(control)
            control.show()
            qtbot.waitExposed(control)
            control.activateWindow()
            control.setFocus()
            qtbot.waitUntil(control.hasFocus)
            image = control.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
            pixels = np.frombuffer(image.constBits().asstring(image.sizeInBytes()), np.uint8)
            pixels = pixels.reshape(image.height(), -1, 4)[:, : image.width(), 2::-1]
            middle = image.height() // 2
            seen = luminance(pixels[middle - 2 : middle + 3, 4 : image.width() // 2].reshape(-1, 3) / 255)
            under = np.median(seen)
            letters = max(seen.min(), seen.max(), key=lambda light: abs(light - under))
            contrast = (max(letters, under) + 0.05) / (min(letters, under) + 0.05)
            assert contrast > 4.5, (theme.name, type(control).__name__, contrast)
