"""Everything that determines a run: validated, frozen, and written as TOML.

The window's form and the command line's options are made from these fields: their titles, ranges and sentences stand here
and nowhere else.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import tomli_w
from pydantic import Field, ValidationError, field_validator, model_validator

from landscape.data import Digits, checked_steps, inputs_of, load_digits
from landscape.descent.starts import KINDS
from landscape.errors import SetupError
from landscape.network import Network
from landscape.network.activation import ACTIVATIONS
from landscape.network.cost import COSTS
from landscape.run.descending import DescentSetup, StartsSetup
from landscape.run.section import Section, Seed, in_words

MOST_TEXT = 50_000  # characters of a setup, which has some two thousand: more would only be read for minutes

# Kinds of starts that begin from a given network, and what their setup must name.
_BEGUN_FROM = {
    "best_perturbed": "to keep exploring around the best, name it: a model file or a run",
    "point": "to begin at the chosen point, name the file that keeps it: a model file or a run",
}

__all__ = ["DataSetup", "DescentSetup", "NetworkSetup", "PlaneSetup", "Section", "Setup", "StartsSetup"]


class DataSetup(Section):
    """Which digits are learnt."""

    source: str = Field(
        "embedded",
        title="Digits",
        json_schema_extra={"labels": {"embedded": "5,000 built in", "full": "full MNIST"}, "open": True},
        description='Where the digits come from: "embedded" (5,000 MNIST digits that come with the program), "full" (the '
        "downloaded full set) or a folder with MNIST's IDX files.",
    )
    classes: tuple[Annotated[int, Field(ge=0, le=9)], ...] = Field(
        tuple(range(10)), title="Classes", description="The digits that take part, such as 3 and 7 only."
    )
    preprocess: tuple[str, ...] = Field(
        ("scale",),
        title="Preprocessing",
        description="What happens to the pixels first, in this order: scale, centre, standardise, PCA (such as pca:50), whiten.",
    )
    examples: int = Field(
        10_000,
        ge=1,
        le=60_000,
        title="Measured on",
        description="True losses and surfaces are computed over the first so many training digits (or all, if there are fewer).",
    )

    @field_validator("classes")
    @classmethod
    def _distinct(cls, classes: tuple[int, ...]) -> tuple[int, ...]:
        if len(classes) < 2 or len(set(classes)) != len(classes):
            raise ValueError(f"choose at least two different digits, not {list(classes)}")
        return classes

    @field_validator("preprocess")
    @classmethod
    def _known_steps(cls, steps: tuple[str, ...]) -> tuple[str, ...]:
        try:
            return checked_steps(steps)
        except SetupError as error:
            raise ValueError(str(error)) from None


class NetworkSetup(Section):
    """The network and the random weights it begins with."""

    sizes: tuple[Annotated[int, Field(ge=1, le=4096)], ...] = Field(
        (784, 30, 10),
        title="Layers",
        min_length=2,
        max_length=6,
        description="Neurons in each layer: 784 pixels (or PCA's k numbers) first, hidden layers, then one output a class.",
    )
    activation: Literal["relu", "sigmoid", "tanh", "linear"] = Field(
        "relu",
        title="Activation",
        description="What a hidden neuron does with its weighted input z.",
        json_schema_extra={"labels": {name: activation.label for name, activation in ACTIVATIONS.items()}},
    )
    cost: Literal[tuple(COSTS)] = Field(  # type: ignore[valid-type]
        "cross_entropy",
        title="Cost",
        json_schema_extra={"labels": {name: cost.label for name, cost in COSTS.items()}},
        description="How far the outputs are from the right answer, as one number.",
    )
    scheme: Literal["normal", "scaled", "xavier", "he"] = Field(
        "he",
        title="Start weights",
        json_schema_extra={
            "labels": {"normal": "small (0.01)", "scaled": "1/√n", "xavier": "Xavier/Glorot", "he": "He"}
        },
        description="How widely the first random weights spread: small (0.01), 1/√n, Xavier/Glorot or He.",
    )
    biases: Literal["zero", "normal"] = Field(
        "zero", title="Start biases", description="Biases begin at zero, or random with standard deviation 1."
    )
    scale: Annotated[float, Field(gt=0, le=100)] | None = Field(
        None,
        title="Weight spread",
        description="Standard deviation of the first weights, in place of the scheme's own.",
    )
    weights: str = Field(
        "",
        title="Begin from",
        description="A model file to begin from, or a run to begin from the best of, in place of fresh random weights.",
    )
    seed: Seed = Field(
        0, title="Weights seed", description="The same seed draws the same first weights again, whatever else changes."
    )


class PlaneSetup(Section):
    """The plane in which the corners lie, and in which an in-plane descent stays."""

    normalise: Literal["filter", "none"] = Field(
        "filter",
        title="Directions",
        json_schema_extra={"labels": {"filter": "filter-normalised", "none": "plain"}},
        description="Two random directions: each neuron's part scaled to that neuron's own weights (filter-normalised, Li et al. "
        "2018), or plain.",
    )
    orthogonal: bool = Field(
        True, title="Right angle", description="Makes the second direction perpendicular to the first."
    )
    seed: Seed = Field(0, title="Plane seed", description="The same seed draws the same two directions.")


class Setup(Section):
    """Everything that determines a run: the same setup on the same machine gives the same run."""

    data: DataSetup = DataSetup()
    network: NetworkSetup = NetworkSetup()
    descent: DescentSetup = DescentSetup()
    starts: StartsSetup = StartsSetup()
    plane: PlaneSetup = PlaneSetup()

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise in_words(error) from None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        classes = len(self.data.classes)
        outputs = self.network.sizes[-1]
        inputs = inputs_of(self.data.preprocess)
        if self.network.sizes[0] != inputs:
            taken = "a digit's 784 pixels" if inputs == 784 else f"the {inputs} components that PCA keeps of a digit"
            raise ValueError(f"network.sizes: the first layer takes {taken}, not {self.network.sizes[0]}")
        if outputs != classes and not (outputs == 1 and classes == 2):
            raise ValueError(
                f"network.sizes: {classes} classes need {classes} outputs{' (or one)' if classes == 2 else ''}, not {outputs}"
            )
        if self.starts.kind in _BEGUN_FROM and not self.network.weights:
            raise ValueError(f"starts.kind: {_BEGUN_FROM[self.starts.kind]}, under network.weights")
        try:
            self.build_network()
        except SetupError as error:
            raise ValueError(f"{error.field}: {error}") from None
        return self

    def heeds(self, name: str) -> bool:
        """Whether a setting ("section.field") has any effect beside the others."""
        section, _, field = name.partition(".")
        heeds = KINDS[self.starts.kind].heeds
        if name == "starts.reach":
            return "reach" in heeds or (self.descent.in_plane and "count" in heeds)
        if name == "starts.seed":
            return "seed" in heeds
        if section == "plane":  # where neither starts nor descents lie in it, it is drawn for nothing
            return "plane" in heeds or self.descent.in_plane
        return bool(getattr(self, section).heeds(field))

    def build_network(self) -> Network:
        """The network that this setup describes."""
        return Network(self.network.sizes, self.network.activation, self.network.cost)

    def load_digits(self) -> Digits:
        """The digits that this setup names, prepared as it says."""
        chosen = self.data
        source = None if chosen.source == "embedded" else chosen.source
        return load_digits(source, classes=chosen.classes, preprocess=chosen.preprocess)

    def differences(self, other: "Setup") -> dict[str, dict[str, Any]]:
        """The settings that another setup has otherwise, by section: what `changed` takes to become it."""
        mine, its = self.model_dump(), other.model_dump()
        pairs = {
            name: {field: value for field, value in its[name].items() if value != mine[name][field]} for name in its
        }
        return {name: fields for name, fields in pairs.items() if fields}

    def changed(self, **sections: dict[str, Any]) -> "Setup":
        """A new setup in which some fields differ, such as changed(descent={"epochs": 3})."""
        # What was never chosen stays open: another optimiser brings its own usual rate.
        values = self.model_dump(exclude_unset=True)
        for section, fields in sections.items():
            values[section] = {**values.get(section, {}), **fields}
        return Setup(**values)

    def to_toml(self) -> str:
        """The setup as TOML text."""
        return tomli_w.dumps(self.model_dump(mode="json", exclude_none=True))

    @classmethod
    def from_toml(cls, text: str, where: str = "the setup") -> "Setup":
        """Read TOML text; what is left out keeps its default."""
        if len(text) > MOST_TEXT:
            raise SetupError(f"{where} is longer than {MOST_TEXT:,} characters: that is no setup")
        try:
            sections = tomllib.loads(text)
        except (ValueError, RecursionError) as error:  # also of numbers and nests without end
            raise SetupError(f"{where} is not valid TOML: {str(error)[:200]}") from None
        try:
            return cls(**sections)
        except SetupError as error:
            raise SetupError(str(error) if where == "the setup" else f"{where}: {error}", error.field) from None
        except (TypeError, RecursionError):
            raise SetupError(f"{where} does not look like a setup: it should have sections such as [network]") from None

    @classmethod
    def load(cls, path: str | Path) -> "Setup":
        """Read a setup file."""
        try:
            if Path(path).stat().st_size > 4 * MOST_TEXT:
                raise SetupError(f"{path} is larger than {4 * MOST_TEXT:,} bytes: that is no setup")
            text = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"the setup {path} can't be read: {getattr(error, 'strerror', None) or error}") from None
        return cls.from_toml(text, str(path))
