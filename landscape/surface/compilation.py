"""When the kernels are compiled, and by whom: once per machine and version, for some seconds, then read from disk.

A script that evaluates a surface compiles on the spot. A window can't wait, and compiling in one of its threads
would hold the interpreter and freeze it; so it calls `compile_in_background()`: a process of its own fills the
folder on disk. Until that has ended, surfaces are computed by the plain path, to the same digits that float32 has.
"""

import subprocess
import sys
from pathlib import Path

_program: subprocess.Popen | None = None


def compile_in_background() -> None:
    """Start compiling in a process of its own, unless that was done before or the kernels are loaded here already."""
    global _program
    frozen = getattr(sys, "frozen", False)  # a bundled app's executable is not an interpreter: compile at first use
    if _program is None and not _loaded() and not frozen:
        command = [sys.executable, "-c", "import landscape.surface.kernels"]
        here, quiet = Path(__file__).parents[2], subprocess.DEVNULL
        _program = subprocess.Popen(command, cwd=here, stdin=quiet, stdout=quiet, stderr=quiet)


def wait() -> None:
    """Wait until a compilation in the background has ended."""
    if _program is not None:
        _program.wait()


def kernels_ready() -> bool:
    """Whether a surface evaluated now finds the kernels compiled: loaded here, or known to be on disk."""
    return _loaded() or (_program is not None and _program.poll() == 0)


def plain_path_serves() -> bool:
    """Whether surfaces evaluated now must use the plain path: a compilation is under way, or has failed."""
    return not _loaded() and _program is not None and _program.poll() != 0


def status() -> str:
    """One sentence for a status bar; empty when there is nothing to say."""
    if not plain_path_serves():
        return ""
    if _program is not None and _program.poll() is None:
        return "Compiling the fast surface kernel (once, about 10 s); the plain path serves meanwhile."
    return "The fast surface kernel could not be compiled; the plain path serves, about 15 times slower."


def _loaded() -> bool:
    module = sys.modules.get("landscape.surface.kernels")
    return module is not None and hasattr(module, "sum_cells")  # the last thing the module compiles
