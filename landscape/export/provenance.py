"""Where a file comes from: written into every picture, film and table, so that each can be made again."""

import hashlib
import tomllib
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from landscape._version import __version__
from landscape.run import Run

SETUP_KEY = "landscape-setup"
VERSION_KEY = "landscape-version"


@dataclass(frozen=True)
class Provenance:
    """The setup as TOML (its seeds are in it), the version that ran it, and what the picture shows in words.

    What was made from models alone has no setup.
    """

    setup: str
    version: str = __version__
    title: str = "A descent and its cost surface"

    @classmethod
    def of(cls, run: Run, title: str = "A descent and its cost surface") -> Self:
        """The provenance of anything made from a run."""
        return cls(run.setup.to_toml(), title=title)

    @property
    def software(self) -> str:
        """The program and its version in one word pair."""
        return f"Landscape {self.version}"

    @property
    def run_name(self) -> str:
        """A short name for the run: equal setups have equal names."""
        return hashlib.sha256(self.setup.encode()).hexdigest()[:12]

    @property
    def as_text(self) -> str:
        """All of it as one text, for formats that have only a comment."""
        return f"{self.software}\n{self.setup}" if self.setup else f"{self.software}: {self.title}"

    @property
    def arrays(self) -> dict[str, NDArray]:
        """Setup and version as members of an .npz."""
        return {"setup": np.array(self.setup), "version": np.array(self.version)}

    @property
    def seeds(self) -> str:
        """All seeds of the setup in a few words, for what has no room for the setup."""
        parts = tomllib.loads(self.setup)
        return " ".join(f"{name} {part['seed']}" for name, part in parts.items() if "seed" in part)
