"""Each well-known network, trained as its book or course says, beside what its card promises; the best one as a model file.

python examples/what_the_presets_reach.py [FOLDER]

With the built-in digits this takes some seconds. The cards' figures for the full MNIST need the full MNIST:
LANDSCAPE_DATA=DIR (see `landscape data --fetch`), and some minutes.
"""

import sys
import tempfile
from pathlib import Path

import landscape as ls
from landscape.data import default_source
from landscape.run.preset import PRESETS

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir())
best, accuracy_of_best = None, 0.0
for preset in PRESETS.values():
    setup = preset.setup
    if setup.descent.in_plane:
        continue  # two coordinates learn nothing: that preset is there to show it
    digits = ls.load_digits(default_source(), classes=setup.data.classes)
    net, first, learning = setup.build_network(), setup.network, setup.descent
    theta = net.init(first.seed, first.scheme, first.biases, first.scale)
    *_, last = ls.descend(
        net,
        theta,
        digits.train.images,
        digits.train.labels,
        learning.build_optimiser(),
        batch_size=learning.batch_size,
        epochs=learning.epochs,
        frames=ls.FrameSchedule(10**9),  # the last one only
    )
    accuracy = float(net.accuracy(last.thetas[0], digits.test.images, digits.test.labels))
    print(f"{preset.name:34} {accuracy:6.1%} of {len(digits.test):,} test digits. {preset.reaches}")
    if len(setup.data.classes) == 10 and accuracy > accuracy_of_best:
        best, accuracy_of_best = (net, last.thetas[0]), accuracy
assert best is not None
print(f"written: {ls.save_model(folder / 'best-preset.npz', *best)}")
