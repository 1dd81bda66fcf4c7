"""Compiled kernels: kept where they can be, renewed when any of their sources changes, made anew where nothing can be kept."""

import ctypes
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import landscape

PACKAGE = Path(landscape.__file__).parent
SURFACE = """
import numpy as np
from landscape.network import Network
from landscape.plane import Plane
from landscape.surface import evaluate
net = Network((20, 8, 10))
X, y = np.random.default_rng(0).random((70, 20), np.float32), np.arange(70) % 10
plane, grid = Plane.random(net, net.init()), np.linspace(-1, 1, 5)
print(evaluate(net, plane, X, y, grid, grid).loss.sum())
"""
TINY = """
import sys
from landscape.compiled import compiled
from {folder}.more_kernels import FACTOR
@compiled("float64(float64)")
def scaled(x):
    return FACTOR * x
"""


def copied(place: Path) -> Path:
    """The package without anything compiled, in a folder of its own."""
    shutil.copytree(PACKAGE, place / "landscape", ignore=shutil.ignore_patterns("__pycache__", "*.nb?"))
    return place


def run(program: str, place: Path, home: Path, **options) -> str:  # type: ignore[no-untyped-def]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "NUMBA_", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=kept | {"HOME": str(home), "PYTHONPATH": str(place)},
        cwd=place,
        capture_output=True,
        text=True,
        **options,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def without_the_right_to_write_everywhere() -> None:
    """Root may write to read-only folders: give that up, in a process that is about to begin."""
    if os.geteuid() == 0:
        ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE


def read_only(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)


@pytest.fixture
def sealed(tmp_path):
    """A package and a home folder that nothing can be written to."""
    place, home = copied(tmp_path / "install"), tmp_path / "home"
    home.mkdir()
    read_only(place)
    read_only(home)
    yield place, home
    for folder in [place, *place.rglob("*"), home]:
        if folder.is_dir():
            folder.chmod(0o755)


@pytest.mark.skipif(sys.platform != "linux", reason="how to take a right from root is known for Linux alone")
def test_a_read_only_package_and_home_folder_work_as_well(sealed):
    place, home = sealed
    program = f"""
import sys, tempfile
from pathlib import Path
for folder in ({str(place / "landscape/surface")!r}, {str(home)!r}):
    try:
        Path(folder, "mark").touch()
    except OSError:
        continue
    sys.exit(f"{{folder}} is not read-only after all")
from landscape import compilation
compilation.compile_in_background()
compilation.wait()
assert compilation.kernels_ready() and compilation.status() == "" and "numba" not in sys.modules
{SURFACE}
from landscape.surface.kernels import sum_cells
assert sum(sum_cells.stats.cache_hits.values()) == 1, "compiled once more, in the process that can't wait"
import os
print(os.environ["NUMBA_CACHE_DIR"])
"""
    loss, folder = run(program, place, home, preexec_fn=without_the_right_to_write_everywhere).split()
    assert float(loss) == float(run(SURFACE, PACKAGE.parent, home))
    assert not Path(folder).exists()  # gone with the program


def test_kernels_are_renewed_when_any_of_their_sources_changes(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "kernels.py").write_text(TINY.format(folder="room"))
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from room.kernels import scaled; print(scaled(1.0))"
    for factor in ("2.0", "3.0", "2.0"):
        (room / "more_kernels.py").write_text(f"FACTOR = {factor}\n")
        os.utime(room / "more_kernels.py", (1e9, 1e9))  # not even the times differ
        for compiled_python in (room / "__pycache__").glob("more_kernels*.pyc"):
            compiled_python.unlink()
        assert run(program, PACKAGE.parent, tmp_path).strip() == factor
    assert len(list((room / "__pycache__").glob("*.nbi"))) == 2


def test_damaged_files_of_compiled_code_are_no_obstacle(tmp_path):
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "more_kernels.py").write_text("FACTOR = 2.0\n")
    (room / "kernels.py").write_text(TINY.format(folder="room"))
    program = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from room.kernels import scaled; print(scaled(1.0))"
    run(program, PACKAGE.parent, tmp_path)
    for kept in (room / "__pycache__").glob("*.nb?"):
        kept.write_bytes(kept.read_bytes()[:200])
    assert run(program, PACKAGE.parent, tmp_path).strip() == "2.0"
