"""What a landscape's heights are: a quantity, and the digits that it is a mean over."""

from dataclasses import dataclass
from typing import Any

from landscape.errors import SetupError

QUANTITIES = {"loss": "loss", "accuracy": "accuracy"}
SETS = {
    "training": "training",
    "validation": "validation",
    "test": "test",
    "difference": "validation − training",
    "batch": "mini-batch",
}


@dataclass(frozen=True)
class Measure:
    """A quantity of QUANTITIES over the digits of one of SETS; all of them, or only some.

    `label`: only this digit, 0 to 9; `example`: only the one of this number in the set; `first`: only so many from the front.
    `penalised` adds the run's L2 penalty to a loss. `step` and `start` say whose mini-batch "batch" means: that of update number
    `step` (from 1). Raises SetupError where these make no sense together.
    """

    quantity: str = "loss"
    over: str = "training"
    label: int | None = None
    example: int | None = None
    first: int | None = None
    penalised: bool = False
    step: int = 1
    start: int = 0

    def __post_init__(self) -> None:
        for name, value, known in (("quantity", self.quantity, QUANTITIES), ("set", self.over, SETS)):
            if value not in known:
                raise SetupError(
                    f"the {name} {value!r} is unknown; choose one of {', '.join(known)}", f"surface.{name}"
                )
        if (self.label, self.example, self.first).count(None) < 2:
            raise SetupError("choose one class, one example or the first so many digits: not two of these", "surface")
        if self.example is not None and self.over == "difference":
            raise SetupError("one example is in one set: choose training, validation or test", "surface.example")
        for name, least in (("label", 0), ("example", 0), ("first", 2), ("step", 1), ("start", 0)):
            number: Any = getattr(self, name)
            if number is not None and not (
                isinstance(number, int) and not isinstance(number, bool) and number >= least
            ):
                raise SetupError(f"{name} must be a whole number from {least} up, not {number!r}", f"surface.{name}")

    @property
    def differs(self) -> bool:
        """Whether heights are differences, with a meaning at zero."""
        return self.over == "difference"

    @property
    def is_loss(self) -> bool:
        """Whether heights are losses themselves: never negative, so that a logarithm makes sense."""
        return self.quantity == "loss" and not self.differs

    @property
    def recorded(self) -> bool:
        """Whether a run's record holds it for every frame."""
        whole = self.label is None and self.example is None and self.first is None
        return whole and self.over in ("training", "validation", "difference") and (not self.penalised or self.differs)

    @property
    def factor(self) -> float:
        """Accuracies are drawn in percent."""
        return 100.0 if self.quantity == "accuracy" else 1.0

    @property
    def unit(self) -> str:
        """What stands after a number: " %" for accuracies, nothing for losses."""
        return " %" if self.quantity == "accuracy" else ""

    @property
    def set_words(self) -> str:
        """Which digits, such as "validation digits" or "training digits of class 3"."""
        if self.example is not None:
            return f"{SETS[self.over]} digit number {self.example:,}"
        which = {
            "difference": "validation and training digits",
            "batch": f"digits of mini-batch {self.step:,}",
        }.get(self.over, f"{SETS[self.over]} digits")
        if self.first is not None:
            which = f"first {self.first:,} of the {which}"
        return which if self.label is None else f"{which} of class {self.label}"

    def title(self, logarithmic: bool = False) -> str:
        """What stands at a colour bar or an axis of heights."""
        name = "accuracy (%)" if self.quantity == "accuracy" else "loss"
        if self.differs:
            name = (
                "accuracy: validation − training (points)"
                if self.quantity == "accuracy"
                else "loss: validation − training"
            )
        return f"{name} + L2 penalty" if self.penalised and self.is_loss else name

    @property
    def short(self) -> str:
        """In a few words, for a button: "training", "validation, only 3"."""
        name, part = {"difference": "val. − train."}.get(self.over, SETS[self.over]), ""
        if self.label is not None:
            part = f", only {self.label}"
        if self.example is not None:
            part = f", number {self.example}"
        if self.first is not None:
            part = f", first {self.first}"
        return name + part


THE_LOSS = Measure()  # over the training digits: what is meant where nobody has said otherwise


def as_measure(which: "Measure | str") -> Measure:
    """A measure, or the loss over the set of a name."""
    return which if isinstance(which, Measure) else Measure(over=which)
