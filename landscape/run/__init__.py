"""Runs: what determines them, their record, their files."""

from landscape.run.checkpoints import gathering, run_of_checkpoints
from landscape.run.dissection import Dissection, dissect
from landscape.run.exploration import Explored, explore, exploring, go_on
from landscape.run.finding import Best, Step, Trajectory
from landscape.run.run import Run
from landscape.run.setup import Setup

__all__ = [
    "Best",
    "Dissection",
    "Explored",
    "Run",
    "Setup",
    "Step",
    "Trajectory",
    "dissect",
    "explore",
    "exploring",
    "gathering",
    "go_on",
    "run_of_checkpoints",
]
