"""Planes through parameter space: directions, projection, coverage."""

from landscape.plane.direction import filter_normalise
from landscape.plane.plane import Plane

__all__ = ["Plane", "filter_normalise"]
