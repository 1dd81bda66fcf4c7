"""One network, two rulers: layer 1 times 10 and layer 2 over 10 compute the same, but raw directions see another landscape.

python examples/why_directions_are_normalised.py [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

import matplotlib.figure
import numpy as np

import landscape as ls
from landscape.lab.rescaling import rescaling

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir())

train = ls.load_digits().train
X, y = train.images[:500], train.labels[:500]
net = ls.Network((784, 30, 10))
*_, last = ls.descend(net, net.init(seed=0), train.images, train.labels, ls.SGD(lr=0.1), epochs=2)

figure = matplotlib.figure.Figure(figsize=(8, 8), layout="constrained")
for row, factor in zip(figure.subplots(2, 2), (1.0, 10.0), strict=True):
    *_, found = rescaling(net, last.thetas[0], X, y, factor)
    print(f"factor {factor:g}: outputs change by at most {found.changed:.0e}")
    for axes, surface, words in zip(row, (found.raw, found.normalised), ("raw", "filter-normalised"), strict=True):
        axes.contourf(
            surface.a, surface.b, np.log10(np.minimum(surface.loss, 30)), np.linspace(-1.5, 1.5, 31), extend="both"
        )
        axes.set_title(f"factor {factor:g}, {words} directions", fontsize=10)
figure.savefig(folder / "rescaled.png")
print(f"the picture: {folder / 'rescaled.png'}")
