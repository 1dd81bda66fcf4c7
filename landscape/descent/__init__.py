"""Descent: starts, optimisers, mini-batches, stopping, and the generator of frames."""

from landscape.descent.descent import Frame, FrameSchedule, descend, first_frame
from landscape.descent.optimiser import SGD
from landscape.descent.starts import Start, starting_points
from landscape.descent.stopping import Stop

__all__ = ["SGD", "Frame", "FrameSchedule", "Start", "Stop", "descend", "first_frame", "starting_points"]
