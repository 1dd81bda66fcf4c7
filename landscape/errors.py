"""What can go wrong for a user: every message names what is wrong, where, and the remedy.

Everything a user can cause derives from `LandscapeError`; the command line prints it as one line and
exits with 2, the window shows it in a message bar. Any other exception is a bug.
"""


class LandscapeError(Exception):
    """Base of all errors that a user can cause and mend."""


class SetupError(LandscapeError, ValueError):
    """A chosen value makes no sense; `field` names the setting (such as "descent.learning_rate")."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class DataError(LandscapeError):
    """Digits that are missing, damaged or not what they claim to be."""


class RecordError(LandscapeError):
    """A run or model file that can't be read or written."""


class DivergedError(LandscapeError):
    """Every start has diverged; `start` and `step` name the first."""

    def __init__(self, message: str, start: int, step: int) -> None:
        super().__init__(message)
        self.start = start
        self.step = step
