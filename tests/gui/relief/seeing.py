"""What stands on a relief's picture, as numbers; and the moment that it shows."""

import numpy as np
from PyQt6.QtGui import QImage

from landscape.gui.moment import recorded_moment

SIZE = (900, 700)


def show_frame(session, frame):
    session.moment = recorded_moment(session.run, session.portrait, frame, session.surface)
    session.moment_changed.emit()


def pixels(image):
    """A picture as numbers, (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    bits = image.constBits()
    rows = np.frombuffer(bits.asarray(image.sizeInBytes()), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(float)


def seen(view):
    """The relief as it stands in the view, as numbers: its picture at its place, and the canvas around it."""
    return placed(view.picture(), view.scene.look.canvas, *map(round, view.picture_size))


def placed(image, canvas, width, height):
    picture = np.full((height, width, 3), canvas.getRgb()[:3], float)
    left, top = image.offset().x(), image.offset().y()
    picture[top : top + image.height(), left : left + image.width()] = pixels(image)
    return picture


def likeness(one, other):
    """The cosine between two colours: 1 where only their brightness differs."""
    return float(np.dot(one, other) / np.linalg.norm(one) / np.linalg.norm(other))


def on_screen(view, points):
    places, sides = view.scene.box.place(np.array(points)), view.scene.box.sides
    return np.stack(view.camera.project(places, sides, view.picture_size), -1)
