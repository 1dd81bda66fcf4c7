"""Whatever a file holds: it is refused with a clear sentence, or it is as good as the good one. Nothing crashes, nothing runs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from landscape.run import explore
from landscape.run.best_model import save_best
from landscape.run.kept_plane import KeptPlane, keep_plane

HERE = Path(__file__).parent
ENDINGS = (".landscape", ".safetensors", ".npz", ".json", ".pkl")


@pytest.fixture(scope="module")
def tiny_run(small_setup):
    """One start, four steps: small files, since there will be hundreds of them."""
    run = explore(small_setup.changed(starts={"kind": "middle"}, descent={"epochs": 0.1}))
    keep_plane(run, KeptPlane("the starts'", run.plane))
    yield run
    run.close()


def answer(program, *words, environment):
    done = subprocess.run(
        [sys.executable, HERE / program, *words], capture_output=True, text=True, check=False, env=environment
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="limits of memory are set as on Linux")
@pytest.mark.parametrize("ending", ENDINGS)
def test_two_hundred_bad_copies_are_refused_or_harmless(tmp_path, tiny_run, ending):
    good = tmp_path / f"good{ending}"
    tiny_run.save(good) if ending == ".landscape" else save_best(tiny_run, good)
    folder, scratch = tmp_path / "folder", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    environment = os.environ | {
        "PYTHONPATH": str(HERE.parents[1]),
        "OPENBLAS_NUM_THREADS": "1",
        "TMPDIR": str(scratch),
    }
    what = answer("mutations.py", good, folder, environment=environment)
    found = answer("reader.py", good, folder, scratch, environment=environment)
    assert len(found["endings"]) == len(what) == 200
    assert [(what[name], end) for name, (end, _) in found["endings"].items() if end not in ("refused", "equal")] == []
    assert [(what[name], seconds) for name, (_, seconds) in found["endings"].items() if seconds > 2] == []
    refused = sum(end == "refused" for end, _ in found["endings"].values())
    assert refused > 120
    assert found["peak"] < 300 * 2**20
    assert found["violations"] == []
    assert found["left"] == []
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["folder", good.name, "scratch"]
    shutil.rmtree(folder)
