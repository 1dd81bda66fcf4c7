"""Killed at any moment: the old file or the new one is there, whole; and an exploration's frames are kept."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the children are forked")


def answer(what, folder):
    environment = os.environ | {
        "PYTHONPATH": str(HERE.parents[1]),
        "OPENBLAS_NUM_THREADS": "1",
        "LANDSCAPE_THREADS": "1",
    }
    done = subprocess.run(
        [sys.executable, HERE / "killed.py", what, folder], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def test_a_file_is_whole_after_fifty_kills_while_it_is_saved(tmp_path):
    found = answer("saving", tmp_path)
    assert found["endings"] == ["whole"] * 50
    assert found["left"] > 5  # some were killed in the middle of it: the test does what it says


def test_a_killed_exploration_is_there_with_all_its_frames(tmp_path):
    endings = answer("exploring", tmp_path)["endings"]
    assert len(endings) == 20
    for ending in endings:
        assert ending["same"], ending
        assert ending["kept"] >= ending["published"] - 1, ending
    # some were killed on the way, not all after the end
    assert any(ending["kept"] < ending["all"] for ending in endings)
