"""What the page of weights says: its heading, the lesson of the clouds, and the guide below."""

from landscape.gui.inspect.weights.content import Content, StandingContent, UpdateContent
from landscape.gui.subject import FILE, POINT
from landscape.run.layer_figures import GUIDE, Following, Likeness

THROUGH = "The inputs are no pixels: the pictures show what each pixel weighs through the preprocessing."
RATIO = (
    f"ratio: ‖change‖ / ‖weights‖ of one step. A guide is {GUIDE:g}: far below it the rate may be too low, "
    "far above it too high."
)
NO_CHANGE = {
    POINT: "No change is shown: no descent took a step from this point. Enter in the landscape starts one here.",
    FILE: "No change is shown: the file holds a model, not the descent that made it.",
}
UNKNOWN_STEPS = "No change is shown: this run was put together from model files, the steps between them are not known."


def heading(content: Content) -> str:
    """Which update it is, or which model, and over which digits the gradient is taken."""
    through = f" {THROUGH}" if content.pictures["weights"].through else ""
    if isinstance(content, UpdateContent):
        update = content.update
        name = content.run.starts[update.start].name
        made = "" if update.made else " (not made: the descent had ended)"
        return (
            f"<b>Update {update.n:,}</b> of {name}{made}: mini-batch of {_digits(len(update.batch))}, "
            f"loss {update.loss:.3g}, rate η {update.rate:.3g}" + ("." if through else "") + through
        )
    assert isinstance(content, StandingContent) and content.wish.subject is not None
    found = content.standing
    penalty = f"; the gradient includes that of the L2 penalty ({found.penalty:.3g})" if found.penalty else ""
    return (
        f"<b>{content.wish.subject.words}</b>: loss {found.loss:.3g}, gradient of length {found.slope:.3g}, both over "
        f"the {_digits(found.seen, 'training ')} that losses are measured on{penalty}.{through}"
    )


def lesson(content: Content) -> str:
    """What goes with what in the chosen layer, and how many weights have no gradient."""
    found: Following | Likeness
    if isinstance(content, UpdateContent):
        found, digits = content.following, "all digits of the mini-batch"
    else:
        assert isinstance(content, StandingContent)
        found, digits = content.likeness, "all those digits"
    still = ""
    if found.still:
        still = (
            f" {found.still:,} of {found.still + found.compared:,} weights have a gradient of exactly 0 here: their "
            f"input is blank in {digits}, or their neuron is silent."
        )
    return f"<b>{found.lesson}</b>{still}"


def guide(content: Content) -> str:
    """How to read the ratio; or why there is none."""
    subject = content.wish.subject
    return RATIO if subject is None else NO_CHANGE.get(subject.kind, UNKNOWN_STEPS)


def _digits(count: int, which: str = "") -> str:
    return f"{count:,} {which}digit{'s' if count > 1 else ''}"
