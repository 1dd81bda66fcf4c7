"""What a surface can't tell, because it is a mean over a sample of digits: the differences below its sampling error."""

import numpy as np
from numpy.typing import NDArray

from landscape.surface.surface import Surface

# A difference counts if it is larger than so many of its standard errors.
STANDARD_ERRORS = 2.0


def below_noise(surface: Surface) -> NDArray[np.bool_] | None:
    """The cells (nb, na) that these digits can't tell from the best one; of a difference, those they can't tell from zero.

    A cell's distance from the lowest (of an accuracy, the highest) counts as noise if it is below STANDARD_ERRORS standard errors
    of that distance. With `example_losses` the error is that of the differences digit by digit, since both cells see the same
    digits; without them it is what two independent samples would have, which is rather too large. None without errors.
    """
    error, heights = surface.error, surface.heights
    if error is None or not np.isfinite(heights).any():
        return None
    with np.errstate(invalid="ignore"):
        if surface.measure is not None and surface.measure.differs:
            return np.asarray(np.abs(heights) < STANDARD_ERRORS * error)
        up = surface.measure is not None and surface.measure.quantity == "accuracy"
        known = np.where(np.isfinite(heights), -heights if up else heights, np.inf)
        best = np.unravel_index(known.argmin(), known.shape)
        if surface.example_losses is not None and not up:
            error = _paired_error(surface.example_losses, best)
        else:
            error = np.hypot(error, error[best])
        mask = np.abs(heights - heights[best]) < STANDARD_ERRORS * error
        mask[best] = True
    return np.asarray(mask)


def _paired_error(losses: NDArray, best: tuple[np.intp, ...]) -> NDArray[np.float64]:
    """Standard error of each cell's mean difference from the best one (nb, na); losses (n, nb, na)."""
    n = len(losses)
    if n < 2:
        return np.full(losses.shape[1:], np.nan)
    lowest = losses[(slice(None), *best)].astype(np.float64)[:, None]  # type: ignore[arg-type]
    error = np.empty(losses.shape[1:])
    for row, of_row in enumerate(np.moveaxis(losses, 1, 0)):  # (n, na) at a time: little memory
        error[row] = (of_row - lowest).std(axis=0, ddof=1) / np.sqrt(n)
    return error


def noise_sentence(surface: Surface) -> str:
    """What the hatching of a surface means."""
    measure = surface.measure
    if measure is not None and measure.differs:
        return f"Hatched: below the noise, nearer to zero than {STANDARD_ERRORS:g} standard errors."
    which = "highest" if measure is not None and measure.quantity == "accuracy" else "lowest"
    return (
        f"Hatched: below the noise, nearer to the {which} cell than {STANDARD_ERRORS:g} standard errors over "
        f"{surface.examples:,} digits."
    )
