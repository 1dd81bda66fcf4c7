"""Classroom experiments, composed from the engine: each has a small result that says itself in sentences."""

from landscape.lab.curvature import Curvature, hessian_eigenvalues, measure_curvature, measuring_curvature
from landscape.lab.experiment import Experiment, Specimen
from landscape.lab.experiments import EXPERIMENTS
from landscape.lab.gradient import GradientCheck, gradient_check
from landscape.lab.noise import GradientNoise, measure_noise, measuring_noise
from landscape.lab.race import Race, Racer, race_optimisers, racing
from landscape.lab.random_search import Ranges, Search, Trial, search, searching
from landscape.lab.rate_range import RateRange, lr_range, sweeping_rates
from landscape.lab.reading import Finding, Reading, read_curves
from landscape.lab.record import Found, keep_found, kept_found
from landscape.lab.restart import Restarts, restarting, restarts
from landscape.lab.ruler import Ruler, measure_with_both, measuring_with_both
from landscape.lab.sanity import Check, SanityChecks, checking_sanity, sanity_checks

__all__ = [
    "EXPERIMENTS",
    "Check",
    "Curvature",
    "Experiment",
    "Finding",
    "Found",
    "GradientCheck",
    "GradientNoise",
    "Race",
    "Racer",
    "Ranges",
    "RateRange",
    "Reading",
    "Restarts",
    "Ruler",
    "SanityChecks",
    "Search",
    "Specimen",
    "Trial",
    "checking_sanity",
    "gradient_check",
    "hessian_eigenvalues",
    "keep_found",
    "kept_found",
    "lr_range",
    "measure_curvature",
    "measure_noise",
    "measure_with_both",
    "measuring_curvature",
    "measuring_noise",
    "measuring_with_both",
    "race_optimisers",
    "racing",
    "read_curves",
    "restarting",
    "restarts",
    "sanity_checks",
    "search",
    "searching",
    "sweeping_rates",
]
