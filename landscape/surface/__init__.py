"""The loss over a grid of points of a plane: fast, coarse to fine, and a plain reference it is tested against."""

from landscape.surface.evaluation import METRICS, evaluate, evaluate_progressively
from landscape.surface.surface import Surface

__all__ = ["METRICS", "Surface", "evaluate", "evaluate_progressively"]
