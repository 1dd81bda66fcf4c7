"""The public namespace: exact, promised, cheap."""

import subprocess
import sys

import pytest

import landscape as ls

PROMISED = {
    "load_digits",
    "pixel_similarity",
    "Network",
    "descend",
    "SGD",
    "Adagrad",
    "RMSprop",
    "Adam",
    "AdamW",
    "Plane",
    "filter_normalise",
    "hessian_eigenvalues",
    "gradient_check",
    "evaluate",
    "evaluate_progressively",
    "save_model",
    "load_model",
    "match_neurons",
    "interpolate",
    "explore",
    "Setup",
    "Run",
    "LandscapeError",
    "SetupError",
    "DataError",
    "RecordError",
    "DivergedError",
    "__version__",
}
HEAVY = ("numpy", "scipy", "numba", "matplotlib", "PyQt6", "pyqtgraph", "pydantic", "typer", "rich")


def fresh(code: str) -> str:
    """What a new interpreter prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout.strip()


def test_all_is_exact():
    assert len(set(ls.__all__)) == len(ls.__all__)
    homes = {name for names in ls._HOMES.values() for name in names}
    errors = {"LandscapeError", "SetupError", "DataError", "RecordError", "DivergedError", "__version__"}
    assert set(ls.__all__) == homes | errors
    assert dir(ls) == sorted(ls.__all__)
    assert set(ls.__all__) >= PROMISED


@pytest.mark.parametrize("name", ls.__all__)
def test_every_public_name_is_there_and_says_what_it_is(name):
    value = getattr(ls, name)
    if name != "__version__":
        assert value.__doc__
        assert value.__module__.startswith("landscape")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="has no attribute 'bogus'"):
        _ = ls.bogus
    assert fresh("from landscape import *; print(Network((784, 10)).P)") == "7850"


def test_importing_loads_nothing_heavy():
    assert fresh(f"import sys, landscape; print([name for name in {HEAVY} if name in sys.modules])") == "[]"


def test_descents_load_neither_qt_nor_pictures():
    code = (
        "import sys, landscape as ls; ls.Setup, ls.Run, ls.evaluate, ls.descend, ls.load_digits, ls.portray;"
        "print([name for name in ('PyQt6', 'pyqtgraph', 'matplotlib', 'scipy', 'numba', 'typer') if name in sys.modules])"
    )
    assert fresh(code) == "[]"
