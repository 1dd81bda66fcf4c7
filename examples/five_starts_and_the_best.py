"""Five descents from the corners and the middle of a plane, where each came to, and the best of them as a model file.

python examples/five_starts_and_the_best.py [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

import landscape as ls

folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.gettempdir())

setup = ls.Setup().changed(descent={"epochs": 2, "learning_rate": 0.2})
run = ls.explore(setup)
portrait = ls.portray(run, "pca_all")  # every path seen on the plane in which they spread most

for k, start in enumerate(run.starts):
    path = run.trajectory(k)
    print(
        f"{start.name:12} loss {path.loss[0]:7.3f} -> {path.loss[-1]:.3f}, accuracy {path.accuracy[-1]:.1%}, "
        f"the plane shows {portrait.coverage[k]:.0%} of its way"
    )
best = run.best  # the lowest true loss over all starts and frames
assert best is not None
test = run.digits.test
print(
    f"best: {best.start_name}, step {best.step}; test accuracy {run.net.accuracy(best.theta, test.images, test.labels):.1%}"
)
print(f"written: {ls.save_model(folder / 'best.safetensors', run.net, best.theta)}")
run.close()
