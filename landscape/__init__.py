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
    from landscape.descent import (
        SGD,
        Adagrad,
        Adam,
        AdamW,
        Constant,
        CosineDecay,
        ExponentialDecay,
        Frame,
        FrameSchedule,
        OneCycle,
        RMSprop,
        StepDecay,
        WarmUp,
        descend,
    )
    from landscape.network import ExampleCosts, Network
    from landscape.plane import Plane, Pose, Subspace, Tour, filter_normalise, layer_shares
    from landscape.run import Run, Setup, explore, exploring, go_on, load_model, save_model
    from landscape.run.portrait import Portrait, portray
    from landscape.surface import Surface, evaluate, evaluate_progressively

_HOMES = {
    "landscape.data": ("Digits", "fetch", "load_digits", "pixel_similarity"),
    "landscape.descent": (
        "SGD",
        "Adagrad",
        "Adam",
        "AdamW",
        "Constant",
        "CosineDecay",
        "ExponentialDecay",
        "Frame",
        "FrameSchedule",
        "OneCycle",
        "RMSprop",
        "StepDecay",
        "WarmUp",
        "descend",
    ),
    "landscape.plane": ("Plane", "Pose", "Subspace", "Tour", "filter_normalise", "layer_shares"),
    "landscape.network": ("ExampleCosts", "Network"),
    "landscape.run": ("Run", "Setup", "explore", "exploring", "go_on", "load_model", "save_model"),
    "landscape.run.portrait": ("Portrait", "portray"),
    "landscape.surface": ("Surface", "evaluate", "evaluate_progressively"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Constant",
    "CosineDecay",
    "DataError",
    "Digits",
    "DivergedError",
    "ExampleCosts",
    "ExponentialDecay",
    "Frame",
    "FrameSchedule",
    "LandscapeError",
    "Network",
    "OneCycle",
    "Plane",
    "Portrait",
    "Pose",
    "RMSprop",
    "RecordError",
    "Run",
    "Setup",
    "SetupError",
    "StepDecay",
    "Subspace",
    "Surface",
    "Tour",
    "WarmUp",
    "__version__",
    "descend",
    "evaluate",
    "evaluate_progressively",
    "explore",
    "exploring",
    "fetch",
    "filter_normalise",
    "go_on",
    "layer_shares",
    "load_digits",
    "load_model",
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
