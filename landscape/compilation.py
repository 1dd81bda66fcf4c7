"""When the kernels are compiled, and by whom: once per machine and version, for some seconds, then read from disk.

A script that evaluates a surface or descends compiles on the spot. A window can't wait, and compiling in one of its
threads would hold the interpreter and freeze it; so it calls `compile_in_background()`: a process of its own fills the
folder on disk. Until that has ended, the plain paths serve, to the same digits that float32 has.
"""

import atexit
import contextlib
import hashlib
import importlib
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import platformdirs

KERNELS = ("landscape.descent.kernels", "landscape.surface.kernels")
# What the machine code depends on, besides the interpreter and the processor.
SOURCES = (
    "compiled.py",
    "simd.py",
    "descent/kernels.py",
    "descent/layer_kernels.py",
    "descent/cost_kernels.py",
    "descent/update_kernels.py",
    "surface/kernels.py",
)

# Hold it while importing kernels: numba's modules import each other in a circle, and where two threads enter that circle at
# different places each finds the other's modules half made.
LOADING = threading.RLock()

_program: subprocess.Popen | None = None


def compile_in_background() -> None:
    """Start compiling in a process of its own, unless that was done before or the kernels are loaded here already."""
    global _program
    frozen = getattr(sys, "frozen", False)  # a bundled app's executable is not an interpreter: compile at first use
    if _program is None and not kernels_ready() and not frozen:
        command = [sys.executable, "-m", "landscape.compilation"]
        here, quiet = Path(__file__).parents[1], subprocess.DEVNULL
        if not _can_be_kept():
            _keep_for_this_session()
        _program = subprocess.Popen(command, cwd=here, stdin=quiet, stdout=quiet, stderr=quiet)


def load_library() -> None:
    """Load LLVM, if compiled kernels are about to be read: the system holds the interpreter for some 50 ms meanwhile.

    A window does so before its work begins, rather than leave the moment to one of its threads.
    """
    if kernels_ready():
        with LOADING:
            import llvmlite.binding.ffi  # type: ignore[import-untyped]  # noqa: F401


def load_kernels() -> None:
    """Read the compiled code from disk, if it is there; some tenths of a second, in whichever thread asks."""
    if kernels_ready():
        with LOADING:
            for name in KERNELS:
                importlib.import_module(name)


def wait() -> None:
    """Wait until a compilation in the background has ended."""
    if _program is not None:
        _program.wait()


def kernels_ready() -> bool:
    """Whether the compiled kernels can be used now without keeping this interpreter busy compiling them."""
    return _loaded() or (_program is not None and _program.poll() == 0) or _stamp().exists()


def plain_path_serves() -> bool:
    """Whether the plain paths must be used now: a compilation is under way, or has failed."""
    return not _loaded() and _program is not None and _program.poll() != 0


def status() -> str:
    """One sentence for a status bar; empty when there is nothing to say."""
    if not plain_path_serves():
        return ""
    if _program is not None and _program.poll() is None:
        return "Compiling the fast kernels (once, about 15 s); the plain path serves meanwhile."
    return "The fast kernels could not be compiled; the plain path serves, about 20 times slower."


def compile_now() -> None:
    """Compile whatever is not on disk yet, and leave a note that it is there."""
    for name in KERNELS:
        importlib.import_module(name)
    try:
        _stamp().parent.mkdir(parents=True, exist_ok=True)
        _stamp().touch()
    except OSError:
        return  # without the note the next start only looks again


def _can_be_kept() -> bool:
    """Whether one of the folders where numba keeps compiled code can be written to."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    beside = Path(__file__).parent / "surface" / "__pycache__"
    folders = [Path(chosen)] if chosen else [beside, Path(platformdirs.user_cache_dir("numba", appauthor=False))]
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return True
    return False


def _keep_for_this_session() -> None:
    """Keep compiled code in a folder of its own until this program ends: else it would be compiled here once more."""
    with contextlib.suppress(OSError):  # nowhere at all to write: compiled at first use, in this process
        folder = tempfile.mkdtemp(prefix="landscape-kernels-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["NUMBA_CACHE_DIR"] = folder


def _loaded() -> bool:
    modules = [sys.modules.get(name) for name in KERNELS]
    # The last function that each module compiles: while it is missing, the module is still being imported.
    last = ("plane_steps", "sum_cells")
    return all(module is not None and hasattr(module, name) for module, name in zip(modules, last, strict=True))


def _stamp() -> Path:
    """The note that these sources were compiled by this interpreter for this processor."""
    folder = Path(__file__).parent
    facts = [sys.version, platform.machine(), platform.processor(), os.environ.get("NUMBA_CACHE_DIR", "")]
    for name in SOURCES:
        about = (folder / name).stat()
        facts.append(f"{folder / name} {about.st_mtime_ns} {about.st_size}")
    name = hashlib.sha256("\n".join(facts).encode()).hexdigest()[:20]
    return Path(platformdirs.user_cache_dir("landscape")) / "kernels" / name


if __name__ == "__main__":
    compile_now()
