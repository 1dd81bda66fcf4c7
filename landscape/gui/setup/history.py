"""What was before: states that can be gone back to and forth again."""

from typing import Generic, TypeVar

State = TypeVar("State")
MOST_STATES = 200


class History(Generic[State]):
    """A line of states with a place on it; a new state drops what had been undone."""

    def __init__(self, state: State) -> None:
        self._states = [state]
        self._place = 0
        self._growing: str | None = None

    @property
    def state(self) -> State:
        """The state at the present place."""
        return self._states[self._place]

    def push(self, state: State, growing: str | None = None) -> None:
        """A state follows; one pushed while the same thing still grows, such as a number being typed, replaces the last."""
        if state == self.state:
            return
        del self._states[self._place + 1 :]
        if growing is None or growing != self._growing:
            self._states = self._states[-(MOST_STATES - 1) :]
            self._states.append(state)
        else:
            self._states[-1] = state
        self._place = len(self._states) - 1
        self._growing = growing

    def settle(self) -> None:
        """What grew is whole: the next state stands for itself."""
        self._growing = None

    def move(self, by: int) -> State:
        """One back (−1) or forth (+1), as far as there is something; returns the state there."""
        self.settle()
        self._place = min(max(self._place + by, 0), len(self._states) - 1)
        return self.state
