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
    from landscape.comparison import (
        Comparison,
        Line,
        Matched,
        Verdict,
        comparing,
        falling_barrier,
        interpolate,
        interpolating,
        judge,
        match_neurons,
    )
    from landscape.data import Digits, centre_digit, fetch, load_digits, pixel_similarity, preparation
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
    from landscape.lab import (
        Check,
        Curvature,
        Finding,
        GradientCheck,
        GradientNoise,
        Ranges,
        RateRange,
        Reading,
        Restarts,
        SanityChecks,
        Search,
        Trial,
        checking_sanity,
        gradient_check,
        hessian_eigenvalues,
        lr_range,
        measure_curvature,
        measure_noise,
        measuring_curvature,
        measuring_noise,
        read_curves,
        restarting,
        restarts,
        sanity_checks,
        search,
        searching,
        sweeping_rates,
    )
    from landscape.model import Model, load_model, read_model, save_model
    from landscape.network import ExampleCosts, Network
    from landscape.plane import Plane, Pose, Subspace, Tour, filter_normalise, layer_shares
    from landscape.run import Run, Setup, explore, exploring, gathering, go_on, run_of_checkpoints
    from landscape.run.portrait import Portrait, portray
    from landscape.surface import Surface, evaluate, evaluate_progressively

_HOMES = {
    "landscape.comparison": (
        "Comparison",
        "Line",
        "Matched",
        "Verdict",
        "comparing",
        "falling_barrier",
        "interpolate",
        "interpolating",
        "judge",
        "match_neurons",
    ),
    "landscape.data": ("Digits", "centre_digit", "fetch", "load_digits", "pixel_similarity", "preparation"),
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
    "landscape.network": ("ExampleCosts", "Network"),
    "landscape.lab": (
        "Check",
        "Curvature",
        "Finding",
        "GradientCheck",
        "GradientNoise",
        "Ranges",
        "RateRange",
        "Reading",
        "Restarts",
        "SanityChecks",
        "Search",
        "Trial",
        "checking_sanity",
        "gradient_check",
        "hessian_eigenvalues",
        "lr_range",
        "measure_curvature",
        "measure_noise",
        "measuring_curvature",
        "measuring_noise",
        "read_curves",
        "restarting",
        "restarts",
        "sanity_checks",
        "search",
        "searching",
        "sweeping_rates",
    ),
    "landscape.model": ("Model", "load_model", "read_model", "save_model"),
    "landscape.plane": ("Plane", "Pose", "Subspace", "Tour", "filter_normalise", "layer_shares"),
    "landscape.run": ("Run", "Setup", "explore", "exploring", "gathering", "go_on", "run_of_checkpoints"),
    "landscape.run.portrait": ("Portrait", "portray"),
    "landscape.surface": ("Surface", "evaluate", "evaluate_progressively"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Check",
    "Comparison",
    "Constant",
    "CosineDecay",
    "Curvature",
    "DataError",
    "Digits",
    "DivergedError",
    "ExampleCosts",
    "ExponentialDecay",
    "Finding",
    "Frame",
    "FrameSchedule",
    "GradientCheck",
    "GradientNoise",
    "LandscapeError",
    "Line",
    "Matched",
    "Model",
    "Network",
    "OneCycle",
    "Plane",
    "Portrait",
    "Pose",
    "RMSprop",
    "Ranges",
    "RateRange",
    "Reading",
    "RecordError",
    "Restarts",
    "Run",
    "SanityChecks",
    "Search",
    "Setup",
    "SetupError",
    "StepDecay",
    "Subspace",
    "Surface",
    "Tour",
    "Trial",
    "Verdict",
    "WarmUp",
    "__version__",
    "centre_digit",
    "checking_sanity",
    "comparing",
    "descend",
    "evaluate",
    "evaluate_progressively",
    "explore",
    "exploring",
    "falling_barrier",
    "fetch",
    "filter_normalise",
    "gathering",
    "go_on",
    "gradient_check",
    "hessian_eigenvalues",
    "interpolate",
    "interpolating",
    "judge",
    "layer_shares",
    "load_digits",
    "load_model",
    "lr_range",
    "match_neurons",
    "measure_curvature",
    "measure_noise",
    "measuring_curvature",
    "measuring_noise",
    "pixel_similarity",
    "portray",
    "preparation",
    "read_curves",
    "read_model",
    "restarting",
    "restarts",
    "run_of_checkpoints",
    "sanity_checks",
    "save_model",
    "search",
    "searching",
    "sweeping_rates",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
