"""What a surface is measured against: the plain loop over cells, an expert's PyTorch, and its compiled factored form."""

import math
import shutil
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from landscape.network import Network
from landscape.plane import Plane

Cells = list[tuple[float, float]]
Opponent = Callable[[Cells], list[float]]  # the losses at cells (a, b)


class UnavailableError(Exception):
    """An opponent that can't run here, and why."""


def numpy_loop(net: Network, plane: Plane, X: NDArray, y: NDArray) -> Opponent:
    """Cell after cell in numpy, in the dtype of the plane: the specification of a surface."""
    return lambda cells: [float(net.loss(plane.point(a, b), X, y)) for a, b in cells]


def torch_in_place(net: Network, plane: Plane, X: NDArray, y: NDArray) -> Opponent:
    """An expert's loop: no gradients, the whole set in one batch, θ set in place by two fused operations on one flat vector.

    PyTorch has two libraries for its matrix products, and which is quicker depends on the processor (on AMD's its own choice,
    MKL, was measured at half the rate of oneDNN): both are tried, and the quicker one competes. On all cores, as it comes.
    """
    torch = _torch()
    tried = [_in_place(torch, net, plane, X, y, onednn) for onednn in (False, True) if not onednn or _has_onednn(torch)]
    cells = [(0.1 * k, -0.1 * k) for k in range(8)]
    seconds: list[list[float]] = [[] for _ in tried]
    for _ in range(4):  # the first time warms up, and takes longest
        for times, losses in zip(seconds, tried):
            start = time.perf_counter()
            losses(cells)
            times.append(time.perf_counter() - start)
    return tried[min(range(len(tried)), key=lambda which: min(seconds[which]))]


def _has_onednn(torch) -> bool:  # type: ignore[no-untyped-def]
    return bool(torch.backends.mkldnn.is_available())


def _in_place(torch, net: Network, plane: Plane, X: NDArray, y: NDArray, onednn: bool) -> Opponent:  # type: ignore[no-untyped-def]
    images, labels = torch.from_numpy(X), torch.from_numpy(y)
    images = images.to_mkldnn() if onednn else images
    origin, u, v = (torch.cat([part.ravel() for part in _as_linear(torch, net, theta)]) for theta in _vectors(plane))
    theta = torch.empty_like(origin)
    shapes = [shape for n_in, n_out in net.layer_shapes for shape in ((n_out, n_in), (n_out,))]
    parts = [part.view(shape) for part, shape in zip(theta.split([math.prod(shape) for shape in shapes]), shapes)]
    linear, relu = torch.nn.functional.linear, torch.relu

    def losses(cells: Cells) -> list[float]:
        found = []
        with torch.inference_mode():
            for a, b in cells:
                torch.add(origin, u, alpha=a, out=theta)
                theta.add_(v, alpha=b)
                weights = [part.to_mkldnn() for part in parts] if onednn else parts
                x = images
                for k in range(0, len(weights), 2):
                    x = linear(relu(x) if k else x, weights[k], weights[k + 1])
                x = x.to_dense() if onednn else x
                found.append(torch.nn.functional.cross_entropy(x, labels).item())
        return found

    return losses


def torch_factored(net: Network, plane: Plane, X: NDArray, y: NDArray, at_once: int = 1) -> Opponent:
    """The first layer's three products once, then one compiled graph for so many cells at a time."""
    torch = _torch()
    if shutil.which("g++") is None:
        raise UnavailableError("torch.compile needs g++, which is not here")
    images, labels = torch.from_numpy(X), torch.from_numpy(y)
    (W0, b0, *later), (Wu, bu, *later_u), (Wv, bv, *later_v) = (
        _as_linear(torch, net, theta) for theta in _vectors(plane)
    )
    with torch.no_grad():
        Z = [images @ W.T + bias for W, bias in ((W0, b0), (Wu, bu), (Wv, bv))]

    def cell(a, b):  # type: ignore[no-untyped-def]
        x = Z[0] + a * Z[1] + b * Z[2]
        for k in range(0, len(later), 2):
            W, bias = (later[k + i] + a * later_u[k + i] + b * later_v[k + i] for i in (0, 1))
            x = torch.addmm(bias, torch.relu(x), W.T)
        return torch.nn.functional.cross_entropy(x, labels)

    compiled = torch.compile(torch.vmap(cell) if at_once > 1 else cell)

    def losses(cells: Cells) -> list[float]:
        places = torch.tensor(cells, dtype=torch.float32)
        found: list[float] = []
        with torch.no_grad():
            for start in range(0, len(cells), at_once):
                a, b = places[start : start + at_once].T if at_once > 1 else places[start]
                value = compiled(a.contiguous(), b.contiguous())
                found += value.tolist() if at_once > 1 else [value.item()]
        return found

    return losses


def _vectors(plane: Plane) -> tuple[NDArray, NDArray, NDArray]:
    return plane.origin, plane.u, plane.v


def _as_linear(torch, net: Network, theta: NDArray) -> list:  # type: ignore[no-untyped-def]
    """θ as the parameters of torch.nn.Linear layers: W (n_out, n_in) and b of each, in turn."""
    return [
        torch.from_numpy(np.array(part))
        for W, bias in zip(*net.unpack(theta))
        for part in (np.ascontiguousarray(W.T), bias)
    ]


def _torch():  # type: ignore[no-untyped-def]
    try:
        import torch
    except ImportError:
        raise UnavailableError("PyTorch is not installed") from None
    return torch
