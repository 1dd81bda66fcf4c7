"""Where a live plane can be turned or moved to: directions in parameter space that a run suggests."""

import numpy as np
from numpy.typing import NDArray

from landscape import seeds
from landscape.errors import SetupError
from landscape.plane import Plane
from landscape.plane.direction import principal_directions, random_direction
from landscape.run.choice import MOST_MODELS, spread_frames
from landscape.run.run import Run

HEADINGS = {
    "random": "a random direction",
    "gradient": "down the gradient",
    "best": "the way to the best so far",
    "third": "3rd principal direction of the paths",
}
# Those that are another direction when looked for from another point.
FROM_A_POINT = {"gradient", "best"}


def heading(
    run: Run,
    plane: Plane,
    choice: str,
    seed: int = 0,
    at: tuple[float, float] = (0.0, 0.0),
    frames: int | None = None,
) -> NDArray:
    """The direction (P,) of a choice (see HEADINGS), seen from the plane's point at (a, b).

    "random" is drawn from the seed, filter-normalised to the model at the point, biases left alone; "gradient" is minus
    the gradient of the training loss there; "best" leads from there to the best so far; "third" looks at the first
    `frames` frames. Raises SetupError where there is no such direction.
    """
    here = plane.point(*at)
    if choice == "random":
        own = int(seeds.stream(seed, "heading").integers(2**31))
        return random_direction(run.net, here, own, "turn", "filter", biases=False)
    if choice == "gradient":
        chosen = -run.net.gradient(here, *run.measured(), run.setup.descent.l2)
        if not np.isfinite(chosen).all() or not chosen.any():
            raise SetupError("there is no gradient to follow at this point of the plane: move to another one")
        return chosen
    if choice == "best":
        if run.best is None or not (run.best.theta - here).any():
            raise SetupError("the best so far is this very point: there is no way to it to turn towards")
        return run.best.theta - here
    if choice == "third":
        frames = run.frames if frames is None else frames
        each = max(3, MOST_MODELS // run.K)
        return principal_directions(run.thetas[spread_frames(frames, each)].reshape(-1, run.net.P), 3)[1][2]
    raise SetupError(f"the direction {choice!r} is unknown; choose one of {', '.join(HEADINGS)}", "plane")
