"""The student's own notes, kept with the run: in its record, in its file, and read by its diary."""

from landscape.run.run import Run

NOTES = "notes"  # in the run's `about`


def notes_of(run: Run) -> str:
    """What was noted about a run; empty if nothing was."""
    return str(run.about.get(NOTES, ""))


def note(run: Run, text: str) -> None:
    """Keep these notes with the run; they reach the disk with its manifest, the next time that is written."""
    if text.strip():
        run.about[NOTES] = text
    else:
        run.about.pop(NOTES, None)
