"""The sentence that says how the starts are kept in step while they do not stand at the same gradient step."""

from PyQt6.QtWidgets import QLabel, QWidget

from landscape.gui.moment import Moment
from landscape.gui.session import Session
from landscape.gui.steady import Steady
from landscape.run.run import Run

MOST_NAMED = 3


class PaceNote(QLabel):
    """Is there only while the starts are in step by their loss."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setObjectName("verdict")
        self.setWordWrap(True)
        self._steady = Steady(self)
        self.hide()
        for changed in (session.moment_changed, session.playback.in_step_changed, session.run_started):
            changed.connect(session.turns.soon(self.refresh))

    def refresh(self) -> None:
        """Say it for the shown moment."""
        moment, run = self._session.moment, self._session.run
        shown = self._session.playback.in_step == "loss" and run is not None
        self.setVisible(shown)
        if shown and run is not None and moment is not None and moment.in_step is not None:
            text = pace_sentence(run, moment)
            if text != self.text():
                self.setText(text)
                self._steady.settle()


def pace_sentence(run: Run, moment: Moment) -> str:
    """Who leads, and where the others stand."""
    in_step = moment.in_step
    assert in_step is not None
    leader = run.starts[in_step.leader].name
    text = (
        f"In step by loss: the selected start, {leader}, leads at step {moment.step:,} with a training loss of "
        f"{in_step.loss:.3g}. Each other start stands at the recorded step where its loss first was as low."
    )
    late = [info.name for info, reached in zip(run.starts, in_step.reached, strict=True) if not reached]
    if late:
        named = ", ".join(late[:MOST_NAMED]) + (f" and {len(late) - MOST_NAMED} more" if len(late) > MOST_NAMED else "")
        never = (
            "never got that low and stands where its" if len(late) == 1 else "never got that low and stand where their"
        )
        text += f" {named} {never} loss was lowest."
    return text
