"""A layer's weights, or their gradients or changes, as pictures: one a neuron where the inputs are pixels, else one matrix."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from landscape.data import Digits
from landscape.data.preprocessing import Pipeline
from landscape.network import Network

SIDE = 28  # of MNIST's pictures, in pixels
# The colours end at the size that so many percent of the values stay within: a few outliers must not fade all the rest.
WITHIN = 99.5


@dataclass(frozen=True, eq=False)
class WeightPictures:
    """Pictures `values` (n, rows, columns) with a name each, on one scale from −limit to +limit.

    `beyond` values are larger than the limit and take its colour. `pixels` says whether a picture is one neuron on the
    grid of the pixels; a matrix has a row for every neuron and a column for every input. `through` says that the inputs are
    no pixels, and the pictures show what each pixel weighs through the preprocessing.
    """

    values: NDArray
    names: tuple[str, ...]
    limit: float
    beyond: int
    pixels: bool
    through: bool = False

    @cached_property
    def levels(self) -> NDArray[np.uint8]:
        """The values as colours from 0 (−limit) over 127 (zero) to 254 (+limit), of the shape of `values`."""
        if not self.limit > 0:
            return np.full(self.values.shape, 127, np.uint8)
        scaled = np.clip(np.nan_to_num(self.values / self.limit), -1, 1)
        return np.rint(127 * scaled + 127).astype(np.uint8)


def weight_pictures(net: Network, digits: Digits, layer: int, values: NDArray) -> WeightPictures:
    """The weights of a layer (from 1) out of `values` (P,): parameters, a gradient or a change.

    Where the first layer's inputs are not pixels, such as after PCA, its pictures show what each pixel weighs through the
    preprocessing, which is affine: a neuron sees W·x = W·(A·pixels + c), and drawn is W·A.
    """
    n_in, n_out = net.layer_shapes[layer - 1]
    matrix = np.asarray(values[net.layout[layer - 1][0]]).reshape(n_in, n_out).T  # (n_out, n_in): a row a neuron
    through = layer == 1 and n_in != SIDE * SIDE and n_in == digits.train.images.shape[1]
    if through:
        matrix = matrix @ _inputs_of_pixels(digits.pipeline)
    sizes = np.abs(matrix[np.isfinite(matrix)])
    limit = float(np.percentile(sizes, WITHIN)) if len(sizes) else 0.0
    limit = limit or (float(sizes.max()) if len(sizes) else 0.0)  # hardly any value differs from zero
    beyond = int((sizes > limit).sum())
    if layer == 1 and matrix.shape[1] == SIDE * SIDE:
        names = neuron_names(net, digits.classes, layer)
        return WeightPictures(matrix.reshape(n_out, SIDE, SIDE), names, limit, beyond, True, through)
    return WeightPictures(matrix[None], (f"layer {layer}",), limit, beyond, False)


def _inputs_of_pixels(pipeline: Pipeline) -> NDArray:
    """How each input (n_in) changes with each pixel from black (0) to white (1): A, (n_in, 784)."""
    pictures = np.vstack([np.zeros(SIDE * SIDE), 255 * np.eye(SIDE * SIDE)])
    inputs = pipeline.apply(pictures)
    return (inputs[1:] - inputs[0]).T


def neuron_names(net: Network, classes: tuple[int, ...], layer: int) -> tuple[str, ...]:
    """What the neurons of a layer (from 1) are called: hidden ones by number (from 0), outputs by their digit."""
    outputs = net.sizes[layer]
    if layer < len(net.layer_shapes):
        return tuple(f"neuron {k}" for k in range(outputs))
    if outputs == 1:
        return (f"output: {classes[1]} rather than {classes[0]}",)
    return tuple(f"output {digit}" for digit in classes)
