"""Each well-known network, trained as its book or course says from three first weights, beside what its card promises.

python examples/what_the_presets_reach.py [FOLDER]

The best one becomes a model file. With the built-in digits this takes some seconds. The cards' figures for the full MNIST
need the full MNIST: LANDSCAPE_DATA=DIR (see `landscape data --fetch`), and about two minutes on two cores.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

import landscape as ls
from landscape.data import default_source
from landscape.run.preset import PRESETS

SEEDS = (0, 1, 2)
folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir())
best, accuracy_of_best = None, 0.0
for preset in PRESETS.values():
    setup = preset.setup
    if setup.descent.in_plane:
        continue  # two coordinates learn nothing: that preset is there to show it
    begun = time.monotonic()
    digits = ls.load_digits(default_source(), classes=setup.data.classes)
    net, first, learning = setup.build_network(), setup.network, setup.descent
    thetas = np.stack([net.init(seed, first.scheme, first.biases, first.scale) for seed in SEEDS])
    *_, last = ls.descend(
        net,
        thetas,
        digits.train.images,
        digits.train.labels,
        learning.build_optimiser(),
        batch_size=learning.batch_size,
        epochs=learning.epochs,
        shared_batches=False,
        frames=ls.FrameSchedule(10**9),  # the last one only
    )
    reached = net.accuracy(last.thetas, digits.test.images, digits.test.labels)
    print(
        f"{preset.name}: {reached.mean():.1%} of {len(digits.test):,} test digits, the mean of {len(SEEDS)} seeds "
        f"({', '.join(f'{each:.1%}' for each in reached)}), in {time.monotonic() - begun:.0f} s. "
        f"Its card: {preset.reaches}",
        flush=True,
    )
    if len(setup.data.classes) == 10 and reached.max() > accuracy_of_best:
        best, accuracy_of_best = (net, last.thetas[reached.argmax()]), float(reached.max())
assert best is not None
print(f"written: {ls.save_model(folder / 'best-preset.npz', *best)}")
