"""Small problems, setups and runs that the tests share."""

import gc
import itertools
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from landscape.network import Network
from landscape.run import Run, Setup, explore

if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # where Qt finds no display it ends the whole program

settings.register_profile("landscape", deadline=None, max_examples=25, derandomize=True)
settings.load_profile("landscape")

# Garbage is collected between tests and nowhere else, as the window does it: a worker that collects what a closed window
# has left destroys objects of Qt's on the wrong thread, which ends the whole program now and then.
TESTS_A_COLLECTION = 5  # of the tests with a window; of the others four times as many
_ended = itertools.count(1)
gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Collect after some tests with a window, or after more of the others, which leave less."""
    left = 4 if "qapp" in getattr(item, "fixturenames", ()) else 1
    for _ in range(left):
        if next(_ended) % (4 * TESTS_A_COLLECTION) == 0:
            gc.collect()


def ends_are_told() -> bool:
    """Whether Python still hears of it when Qt destroys an object that Qt has made.

    It no longer does once an application object has gone: PyQt takes that for the end of the program. Wrappers then
    outlive their objects, and the wrapper of an old one is taken for a new one at the same place, or 16 bytes further
    on, which ends the whole program sooner or later, in any test after.
    """
    from PyQt6 import sip
    from PyQt6.QtCore import QSequentialAnimationGroup

    group = QSequentialAnimationGroup()
    pause = group.addPause(1)
    sip.delete(group)
    return sip.isdeleted(pause)


@pytest.fixture(autouse=True)
def _the_application_stays() -> Iterator[None]:
    """A test that makes an application object of its own and lets it go fails: the fixture `qapp` is for all."""
    yield
    if "PyQt6.QtCore" in sys.modules:
        assert ends_are_told(), "an application object has been destroyed: use the fixture qapp"


class Problem(NamedTuple):
    """A network, parameters for it, and examples."""

    net: Network
    theta: NDArray
    X: NDArray
    y: NDArray


def make_problem(
    sizes: tuple[int, ...] = (6, 5, 4),
    activation: str = "relu",
    cost: str = "cross_entropy",
    n: int = 12,
    dtype: type = np.float64,
    seed: int = 0,
) -> Problem:
    """Random examples, a third of their pixels exactly zero, and parameters of a size that saturates nothing."""
    random = np.random.default_rng(seed)
    net = Network(sizes, activation, cost)
    theta = (net.init(seed, "xavier", biases="normal") * 0.8).astype(dtype)
    X = random.random((n, sizes[0])) * (random.random((n, sizes[0])) > 1 / 3)
    return Problem(net, theta, X.astype(dtype), random.integers(0, max(2, sizes[-1]), n))


@pytest.fixture(scope="session")
def problem() -> Callable[..., Problem]:
    """problem(sizes, activation, cost, n, dtype, seed) -> net, theta, X, y."""
    return make_problem


@pytest.fixture(scope="session")
def small_setup() -> Setup:
    """Threes and sevens, a network of four hidden neurons, five starts, a fraction of an epoch: some milliseconds."""
    return Setup().changed(
        data={"classes": (3, 7), "examples": 100},
        network={"sizes": (784, 4, 2)},
        descent={"batch_size": 20, "epochs": 0.5, "learning_rate": 0.2},
    )


@pytest.fixture(scope="session")
def small_run(small_setup: Setup) -> Iterator[Run]:
    """The run of `small_setup`. Tests only read it."""
    run = explore(small_setup)
    yield run
    run.close()


@pytest.fixture(scope="session")
def run_file(small_run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`small_run` as a file. Tests only read it."""
    return small_run.save(tmp_path_factory.mktemp("run") / "small.landscape")
