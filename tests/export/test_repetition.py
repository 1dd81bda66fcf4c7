import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from landscape.data.embedded import asset
from landscape.errors import RecordError
from landscape.export.repetition import write_repetition
from landscape.run import Setup, explore

SMALL = {
    "data": {"classes": (3, 7), "examples": 200},
    "network": {"sizes": (784, 6, 2)},
    "descent": {"batch_size": 64, "epochs": 1.5},
    "starts": {"kind": "random", "count": 2},
}


def repeated(run, folder: Path) -> float:
    """The script's largest relative difference, run by a bare Python that can import numpy and nothing else."""
    script, _ = write_repetition(run, folder / "repeat.py")
    packages = folder / "packages"
    packages.mkdir()
    for name in ("numpy", "numpy.libs"):
        found = Path(np.__file__).parents[1] / name
        if found.exists():
            (packages / name).symlink_to(found)
    code = f"import sys, runpy; sys.path.append({str(packages)!r}); sys.argv = sys.argv[1:]; "
    code += "runpy.run_path(sys.argv[0], run_name='__main__')"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", code, str(script), str(asset("mnist_5k.npz"))]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert all(start.name in done.stdout for start in run.starts)
    figure = re.search(r"difference from the record: (\S+)", done.stdout)
    assert figure is not None
    return float(figure.group(1))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"descent": {"optimiser": "nesterov", "schedule": "cosine", "l2": 0.01, "shared_batches": False}},
        {"descent": {"optimiser": "adamw"}, "network": {"activation": "tanh", "cost": "quadratic"}},
        {"descent": {"optimiser": "rmsprop"}, "network": {"sizes": (784, 1), "cost": "mnist_loss"}},
        {
            "descent": {"optimiser": "adagrad", "weight_decay": 0.001},
            "network": {"activation": "sigmoid", "cost": "hinge"},
        },
        {"descent": {"in_plane": True, "learning_rate": 0.5}, "starts": {"kind": "corners_and_middle", "reach": 0.5}},
        {"data": {"preprocess": ("scale", "standardise")}, "descent": {"optimiser": "momentum", "learning_rate": 0.01}},
        {"network": {"cost": "binary_cross_entropy"}, "descent": {"optimiser": "adam"}},
        {"network": {"cost": "mae"}, "data": {"preprocess": ("scale", "centre")}},
        {
            "network": {"sizes": (12, 4, 2)},
            "data": {"preprocess": ("scale", "pca:12", "whiten")},
            "descent": {"learning_rate": 0.05},
        },
        {"descent": {"learning_rate": 300.0}},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_the_script_repeats_the_losses_of_the_record(tmp_path, changes):
    run = explore(Setup(**SMALL).changed(**changes))
    try:
        assert repeated(run, tmp_path) < 2e-3
    finally:
        run.close()


def test_a_run_of_all_digits_is_repeated_too(small, tmp_path):
    assert repeated(small.run, tmp_path) < 1e-4


def test_the_script_imports_numpy_alone_and_holds_the_setup(small, tmp_path, no_folder):
    script, arrays = write_repetition(small.run, tmp_path / "again.py")
    text = script.read_text(encoding="utf-8")
    names = {alias.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for alias in node.names}
    assert names - set(sys.stdlib_module_names) == {"numpy"}
    assert "# [descent]" in text and arrays.name in text
    with pytest.raises(RecordError, match=r"\.py"):
        write_repetition(small.run, tmp_path / "again.sh")
    with pytest.raises(RecordError, match="can't be written"):
        write_repetition(small.run, no_folder / "again.py")
