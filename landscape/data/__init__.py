"""Digits: the embedded 5,000, the full MNIST from a folder or the net, subsets, splits and preprocessing."""

from landscape.data.digits import Digits, Split, a_digit, default_source, load_digits
from landscape.data.download import FetchProgress, fetch
from landscape.data.drawing import centre_digit, preparation
from landscape.data.embedded import asset
from landscape.data.folder import cache_folder
from landscape.data.preprocessing import STEPS, Pipeline, Stage, Step, checked_steps, inputs_of
from landscape.data.similarity import Similarity, pixel_similarity, similarity

__all__ = [
    "STEPS",
    "Digits",
    "FetchProgress",
    "Pipeline",
    "Similarity",
    "Split",
    "Stage",
    "Step",
    "a_digit",
    "asset",
    "cache_folder",
    "centre_digit",
    "checked_steps",
    "default_source",
    "fetch",
    "inputs_of",
    "load_digits",
    "pixel_similarity",
    "preparation",
    "similarity",
]
