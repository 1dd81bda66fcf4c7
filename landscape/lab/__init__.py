"""Classroom experiments, composed from the engine: each has a small result that says itself in sentences."""

from landscape.lab.curvature import Curvature, hessian_eigenvalues, measure_curvature, measuring_curvature
from landscape.lab.gradient import GradientCheck, gradient_check

__all__ = [
    "Curvature",
    "GradientCheck",
    "gradient_check",
    "hessian_eigenvalues",
    "measure_curvature",
    "measuring_curvature",
]
