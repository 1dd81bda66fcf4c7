"""The tabs beside the landscape: figures of the shown moment and of the run."""
