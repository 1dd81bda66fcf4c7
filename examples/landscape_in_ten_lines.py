"""A cost surface in ten lines: a network learns, and its loss is drawn around the place it came to.

python examples/landscape_in_ten_lines.py [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

import matplotlib.figure
import numpy as np

import landscape as ls

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir())

train = ls.load_digits().train
net = ls.Network((784, 30, 10))
*_, last = ls.descend(net, net.init(seed=0), train.images, train.labels, ls.SGD(lr=0.1), epochs=2)
plane = ls.Plane.random(net, last.thetas[0], seed=0, normalise="filter")
axis = np.linspace(-1, 1, 51)
surface = ls.evaluate(net, plane, train.images, train.labels, axis, axis)

figure = matplotlib.figure.Figure()
picture = figure.subplots().contourf(surface.a, surface.b, np.log10(surface.loss), 30)
figure.colorbar(picture, label="log10 of the loss")
figure.savefig(folder / "landscape.png")
print(f"lowest on this grid: {surface.lowest()[2]:.3f}; the picture: {folder / 'landscape.png'}")
