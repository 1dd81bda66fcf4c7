"""The built wheel, installed in an empty environment outside the repository, does the main job."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECK = """
import pathlib, sys
import landscape as ls
from landscape.data import asset
assert pathlib.Path(sys.prefix) in asset("mnist_5k.npz").parents, asset("mnist_5k.npz")
digits = ls.load_digits()
assert (len(digits.train), len(digits.validation), len(digits.test)) == (4000, 500, 500)
"""


@pytest.mark.wheel
def test_the_wheel_holds_all_that_the_main_job_needs(tmp_path):
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "LANDSCAPE_DATA")}

    def run(*command: str | Path) -> str:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "empty")
    programs = tmp_path / "empty" / ("Scripts" if sys.platform == "win32" else "bin")
    run(programs / "python", "-m", "pip", "install", "--quiet", wheel)
    run(programs / "python", "-c", CHECK)
    setup = tmp_path / "short.toml"
    setup.write_text("[network]\nsizes = [784, 8, 10]\n[descent]\nepochs = 2\n")
    figures = json.loads(run(programs / "landscape", "demo", "--setup", setup, "--out", tmp_path / "demo", "--json"))
    assert figures["best"]["accuracy"] > 0.5
    assert all(Path(path).stat().st_size > 0 for path in figures["written"])
