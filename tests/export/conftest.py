"""A small run with its portrait and surface, made once; its surface is computed cell by cell, the plain way."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from landscape.plane import Plane
from landscape.run import Run, Setup, explore, exploring
from landscape.run.portrait import Portrait, portray
from landscape.surface import Surface

SMALL = Setup(
    data={"examples": 150},
    network={"sizes": (784, 4, 10)},
    descent={"batch_size": 200, "epochs": 0.6, "learning_rate": 0.3},
    starts={"reach": 0.05},
)


@dataclass(frozen=True, eq=False)
class Landscape:
    run: Run
    portrait: Portrait
    surface: Surface

    @property
    def parts(self) -> tuple[Run, Portrait, Surface]:
        return self.run, self.portrait, self.surface


def plain_surface(run: Run, portrait: Portrait, cells: int = 9) -> Surface:
    plane: Plane = portrait.plane
    a, b = portrait.extent().grid(cells, plane)
    X, y = run.measured()
    loss = np.array([[float(run.net.loss(plane.point(p, q), X, y)) for p in a] for q in b])
    return Surface(plane, a, b, loss, np.ones(loss.shape, bool), 1.0, len(y), accuracy=np.zeros(loss.shape))


@pytest.fixture(scope="session")
def small() -> Iterator[Landscape]:
    run = explore(SMALL)
    portrait = portray(run, "pca_all")
    yield Landscape(run, portrait, plain_surface(run, portrait))
    run.close()


@pytest.fixture(scope="session")
def only_starts() -> Iterator[Landscape]:
    """A run that has not taken a step yet."""
    growing = exploring(SMALL)
    run = next(growing).run
    growing.close()
    portrait = portray(run, "starts")
    yield Landscape(run, portrait, plain_surface(run, portrait, 3))
    run.close()


@pytest.fixture
def no_folder(tmp_path: Path) -> Path:
    """A place where no folder can be made: its parent is a file."""
    (tmp_path / "file").write_text("taken")
    return tmp_path / "file" / "folder"
