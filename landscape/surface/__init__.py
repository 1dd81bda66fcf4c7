"""The loss over a grid of points of a plane: fast, coarse to fine, and a plain reference it is tested against."""

from landscape.surface.evaluation import METRICS, evaluate, evaluate_progressively
from landscape.surface.prepared import Prepared, evaluate_batch
from landscape.surface.surface import Surface

__all__ = ["METRICS", "Prepared", "Surface", "evaluate", "evaluate_batch", "evaluate_progressively"]
