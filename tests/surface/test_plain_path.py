"""The plain path serves while the kernels are being compiled, and gives the same surface."""

import os
import subprocess
import sys

import numpy as np
import pytest

from landscape import compilation
from landscape.surface import METRICS, evaluate

A, B = np.linspace(-1, 1, 6), np.linspace(-1, 1, 5)


class Program:
    """Stands for the compiling process."""

    def __init__(self, code):
        self.code = code

    def poll(self):
        return self.code


@pytest.fixture
def compiling(monkeypatch):
    program = Program(None)
    monkeypatch.setattr(compilation, "_program", program)
    monkeypatch.setattr(compilation, "_loaded", lambda: False)
    return program


@pytest.mark.parametrize("hidden", [(), (8,), (8, 6)])
def test_the_plain_path_equals_the_kernels(problem, compiling, hidden):
    net, plane, X, y = problem((20, *hidden, 10), n=600)
    plain = evaluate(net, plane, X, y, A, B, METRICS, l2=0.01)
    compiling.code = 0
    fast = evaluate(net, plane, X, y, A, B, METRICS, l2=0.01)
    np.testing.assert_allclose(plain.loss, fast.loss, rtol=1e-5)
    np.testing.assert_allclose(plain.accuracy, fast.accuracy, atol=1.5 / 600)
    np.testing.assert_allclose(plain.sampling_error, fast.sampling_error, rtol=1e-4)
    assert (plain.loss != fast.loss).any()  # they were two paths indeed


def test_the_plain_path_stays_finite_far_away(problem, compiling):
    net, plane, X, y = problem((20, 8, 1), "sigmoid", "mnist_loss")
    far = np.array([-50.0, 50.0])
    plain = evaluate(net, plane, X, y, far, far).loss
    compiling.code = 0
    np.testing.assert_allclose(plain, evaluate(net, plane, X, y, far, far).loss, rtol=1e-5)


def test_the_status_tells_what_serves(compiling):
    assert "Compiling" in compilation.status() and compilation.plain_path_serves()
    compiling.code = 1
    assert "could not be compiled" in compilation.status() and compilation.plain_path_serves()
    compiling.code = 0
    assert compilation.status() == "" and not compilation.plain_path_serves() and compilation.kernels_ready()


def test_compiling_in_the_background_fills_the_folder_on_disk(tmp_path):
    program = (
        "import sys, pathlib; from landscape import compilation as c; c.compile_in_background(); c.wait();"
        "assert c.kernels_ready() and 'numba' not in sys.modules;"
        "assert list(pathlib.Path(sys.argv[1]).rglob('*.nbc'))"
    )
    folder = {"NUMBA_CACHE_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], check=True, env=os.environ | folder)


def test_kernels_compile_without_a_folder_to_keep_them():
    program = (
        "import numba.core.caching as c; c.CacheImpl._locator_classes = [];"
        "from landscape.surface import kernels; kernels.sum_cells"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
