"""Descent: starts, optimisers, mini-batches, stopping, and the generator of frames."""

from landscape.descent.adaptive import Adagrad, Adam, AdamW, RMSprop
from landscape.descent.descent import Frame, FrameSchedule, descend, first_frame
from landscape.descent.optimiser import SGD
from landscape.descent.schedule import Constant, CosineDecay, ExponentialDecay, OneCycle, StepDecay, WarmUp
from landscape.descent.starts import Start, starting_points
from landscape.descent.stopping import Stop

__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "AdamW",
    "Constant",
    "CosineDecay",
    "ExponentialDecay",
    "Frame",
    "FrameSchedule",
    "OneCycle",
    "RMSprop",
    "Start",
    "StepDecay",
    "Stop",
    "WarmUp",
    "descend",
    "first_frame",
    "starting_points",
]
