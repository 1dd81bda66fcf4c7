"""See gradient descent: train small networks on MNIST and watch them descend their cost surface.

    import landscape as ls

Everything that is meant for use stands in `__all__`; a name is loaded when it is first asked for, so the import itself
costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from landscape._version import __version__
from landscape.errors import DataError, DivergedError, LandscapeError, RecordError, SetupError

if TYPE_CHECKING:
    from landscape.data import Digits, fetch, load_digits, pixel_similarity
    from landscape.descent import SGD, Frame, FrameSchedule, descend
    from landscape.lab import (
        Curvature,
        GradientCheck,
        gradient_check,
        hessian_eigenvalues,
        measure_curvature,
        measuring_curvature,
    )
    from landscape.network import Network
    from landscape.plane import Plane, Pose, Subspace, Tour, filter_normalise, layer_shares
    from landscape.run import Run, Setup, explore, exploring, go_on, load_model, save_model
    from landscape.run.portrait import Portrait, portray
    from landscape.surface import Surface, evaluate, evaluate_progressively

_HOMES = {
    "landscape.data": ("Digits", "fetch", "load_digits", "pixel_similarity"),
    "landscape.descent": ("SGD", "Frame", "FrameSchedule", "descend"),
    "landscape.lab": (
        "Curvature",
        "GradientCheck",
        "gradient_check",
        "hessian_eigenvalues",
        "measure_curvature",
        "measuring_curvature",
    ),
    "landscape.network": ("Network",),
    "landscape.plane": ("Plane", "Pose", "Subspace", "Tour", "filter_normalise", "layer_shares"),
    "landscape.run": ("Run", "Setup", "explore", "exploring", "go_on", "load_model", "save_model"),
    "landscape.run.portrait": ("Portrait", "portray"),
    "landscape.surface": ("Surface", "evaluate", "evaluate_progressively"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "SGD",
    "Curvature",
    "DataError",
    "Digits",
    "DivergedError",
    "Frame",
    "FrameSchedule",
    "GradientCheck",
    "LandscapeError",
    "Network",
    "Plane",
    "Portrait",
    "Pose",
    "RecordError",
    "Run",
    "Setup",
    "SetupError",
    "Subspace",
    "Surface",
    "Tour",
    "__version__",
    "descend",
    "evaluate",
    "evaluate_progressively",
    "explore",
    "exploring",
    "fetch",
    "filter_normalise",
    "go_on",
    "gradient_check",
    "hessian_eigenvalues",
    "layer_shares",
    "load_digits",
    "load_model",
    "measure_curvature",
    "measuring_curvature",
    "pixel_similarity",
    "portray",
    "save_model",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
