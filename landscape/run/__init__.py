"""Runs: what determines them, their record, their files."""

from landscape.run.exploration import Explored, explore, exploring, go_on
from landscape.run.finding import Best, Step, Trajectory
from landscape.run.model import load_model, save_model
from landscape.run.run import Run
from landscape.run.setup import Setup

__all__ = [
    "Best",
    "Explored",
    "Run",
    "Setup",
    "Step",
    "Trajectory",
    "explore",
    "exploring",
    "go_on",
    "load_model",
    "save_model",
]
