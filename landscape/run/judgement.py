"""Which starts end at a frame, by what was measured there: a target reached, patience run out, dead units.

Only recorded figures and parameters are asked, so a run that is stopped and resumed ends each start where it would have.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from landscape.descent import Frame, Stop
from landscape.descent.stopping import guesses, silent_layer
from landscape.run.run import Run


def judged(run: Run, frame: Frame, figures: dict[str, NDArray]) -> Frame:
    """The run's next frame, in which the starts are ended that its measured figures (K,) end."""
    epochs = np.append(run.figure("epoch"), frame.epoch)
    losses, validation_losses = (
        np.concatenate([run.figure(name), figures[name][None]]) for name in ("loss", "validation_loss")
    )
    goals = run.setup.descent.goals
    stops = [
        stop or goals.judge(frame.step, epochs, losses[:, k], validation_losses[:, k]) or _death(run, frame, figures, k)
        for k, stop in enumerate(frame.stops)
    ]
    return replace(frame, stops=tuple(stops))


def _death(run: Run, frame: Frame, figures: dict[str, NDArray], k: int) -> Stop | None:
    """Whether a start only guesses because a ReLU layer is silent, at this frame and at the one before."""
    if run.frames == 0:
        return None
    X, y = run.measured()
    accuracies = run.figure("accuracy")[-1, k], figures["accuracy"][k]
    if not all(guesses(float(accuracy), y) for accuracy in accuracies):
        return None
    layer = silent_layer(run.net, frame.thetas[k], X)
    if not layer or not silent_layer(run.net, run.thetas[-1, k], X):
        return None
    loss, classes = float(figures["loss"][k]), len(run.setup.data.classes)
    guessing = f" (ln {classes} = {np.log(classes):.3f})" if run.net.cost == "cross_entropy" else ""
    return Stop("dead", frame.step, f"{layer} and its loss is back at that of guessing, {loss:.3f}{guessing}")
