"""Runs the tests of the 3D view on a virtual screen with software OpenGL, where this screen offers none."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.gui.relief.opengl import why_no_opengl

FILES = ("test_relief_view.py", "test_stage.py", "test_opengl.py")


def test_the_relief_on_a_virtual_screen(qapp):
    if not why_no_opengl():
        pytest.skip("this screen has OpenGL: the tests run here")
    needed = bool(os.environ.get("LANDSCAPE_TESTS_NEED_OPENGL"))
    if shutil.which("xvfb-run") is None:
        assert not needed, "no xvfb-run"
        pytest.skip(f"no OpenGL here ({why_no_opengl()}), and no xvfb-run to make a screen that has it")
    files = [str(Path(__file__).with_name(name)) for name in FILES]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_QPA", "PYTEST_"))}
    screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    tests = [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *files]
    place = Path(__file__).parents[2]
    done = subprocess.run(
        [*screen, *tests], capture_output=True, text=True, env=environment, cwd=place, timeout=600, check=False
    )
    if "no OpenGL here" in done.stdout and done.returncode == 0:
        assert not needed, done.stdout[-6000:]
        pytest.skip("the virtual screen has no OpenGL either")
    assert " passed" in done.stdout and done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
