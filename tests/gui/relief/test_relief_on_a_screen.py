"""Runs the tests of the 3D view on a virtual screen with software OpenGL, where this screen offers none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.gui.relief.opengl import why_no_opengl

HERE = Path(__file__).parent
FILES = (
    *(HERE / f"test_{name}.py" for name in ("relief_view", "relief_pictures", "relief_hand", "opengl")),
    HERE.parent / "test_stage.py",
)


def test_the_relief_on_a_virtual_screen(qapp):
    if not why_no_opengl():
        pytest.skip("this screen has OpenGL: the tests run here")
    needed = bool(os.environ.get("LANDSCAPE_TESTS_NEED_OPENGL"))
    if shutil.which("xvfb-run") is None:
        assert not needed, "no xvfb-run"
        pytest.skip(f"no OpenGL here ({why_no_opengl()}), and no xvfb-run to make a screen that has it")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_QPA", "PYTEST_"))}
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    tests = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *map(str, FILES)]
    place = Path(__file__).parents[3]
    done = subprocess.run(
        [*screen, *tests], capture_output=True, text=True, env=environment, cwd=place, timeout=600, check=False
    )
    if "no OpenGL here" in done.stdout and done.returncode == 0:
        assert not needed, done.stdout[-6000:]
        pytest.skip("the virtual screen has no OpenGL either")
    assert " passed" in done.stdout and done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
