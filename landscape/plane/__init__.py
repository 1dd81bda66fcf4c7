"""Planes through parameter space: directions, projection, coverage, turning."""

from landscape.plane.direction import filter_normalise
from landscape.plane.plane import Plane
from landscape.plane.subspace import Pose, Subspace

__all__ = ["Plane", "Pose", "Subspace", "filter_normalise"]
