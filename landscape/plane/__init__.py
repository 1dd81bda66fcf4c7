"""Planes through parameter space: directions, projection, coverage, turning, tours."""

from landscape.plane.direction import filter_normalise, layer_shares
from landscape.plane.plane import Plane
from landscape.plane.subspace import Pose, Subspace
from landscape.plane.tour import Tour

__all__ = ["Plane", "Pose", "Subspace", "Tour", "filter_normalise", "layer_shares"]
