"""What the lab found, as figures for programs: what stands in a result and what is read from it."""

from dataclasses import asdict
from functools import singledispatch
from typing import Any

from landscape.lab import (
    Curvature,
    GradientNoise,
    Race,
    RateRange,
    Reading,
    Restarts,
    Ruler,
    SanityChecks,
    Search,
)


@singledispatch
def figures(result: Any) -> dict[str, Any]:
    """The figures of a result of the lab, as plain values."""
    raise TypeError(f"{type(result).__name__} has no figures")


@figures.register
def _sanity_checks(result: SanityChecks) -> dict[str, Any]:
    return {"passed": result.passed, "checks": [asdict(check) for check in result.checks]}


@figures.register
def _rate_range(result: RateRange) -> dict[str, Any]:
    curves = {name: getattr(result, name).tolist() for name in ("rates", "losses", "smoothed")}
    return curves | {name: getattr(result, name) for name in ("steepest", "largest", "suggestion", "exploded")}


@figures.register
def _search(result: Search) -> dict[str, Any]:
    return {
        "trials": [asdict(trial) for trial in result.trials],
        "best": asdict(result.best) if result.best else None,
        "warnings": list(result.warnings),
    }


@figures.register
def _reading(result: Reading) -> dict[str, Any]:
    return {
        "findings": [
            {
                "name": finding.name,
                "starts": list(finding.starts),
                "evidence": finding.evidence,
                "cure": finding.cure,
                "setup": finding.try_setup.to_toml(),
            }
            for finding in result.findings
        ],
        "starts": list(result.names),
    }


@figures.register
def _gradient_noise(result: GradientNoise) -> dict[str, Any]:
    arrays = {name: getattr(result, name).tolist() for name in ("cosine", "spread", "seconds")}
    return {"models": list(result.names), "sizes": list(result.sizes), **arrays}


@figures.register
def _restarts(result: Restarts) -> dict[str, Any]:
    whole = result.long_runs.shape[1] == result.count
    return {
        "updates": result.updates,
        "losses": {kind: losses.tolist() for kind, losses in result.losses.items()},
        "expected_best": result.expected.tolist(),
        "band": result.band.tolist(),
        "long_runs": result.long_runs.tolist(),
        "verdict": result.verdict if whole else None,
    }


@figures.register
def _curvature(result: Curvature) -> dict[str, Any]:
    names = (
        "loss",
        "gradient_norm",
        "sharpness",
        "stable_rate",
        "lowest",
        "trace",
        "trace_error",
        "probes",
        "examples",
    )
    return {"eigenvalues": result.eigenvalues.tolist(), **{name: getattr(result, name) for name in names}}


@figures.register
def _race(result: Race) -> dict[str, Any]:
    racers = [
        {
            "name": name,
            "optimiser": racer.optimiser,
            "rate": racer.rate,
            "tried": [list(pair) for pair in racer.tried],
            "losses": racer.losses.tolist(),
            "validation_losses": racer.validation_losses.tolist(),
            "accuracies": racer.accuracies.tolist(),
            "gradients": racer.trial_gradients + racer.race_gradients,
            "ended": list(racer.ended),
        }
        for name, racer in zip(result.names, result.racers, strict=True)
    ]
    return {"racers": racers, "steps": result.steps.tolist(), "granted": result.granted, "verdict": result.verdict}


@figures.register
def _ruler(result: Ruler) -> dict[str, Any]:
    arrays = {name: getattr(result, name).tolist() for name in ("along", "raw", "normalised")}
    names = ("factor", "examples", "flipped", "changed", "raw_change", "normalised_change")
    return {**{name: getattr(result, name) for name in names}, **arrays}
