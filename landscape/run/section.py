"""A part of the setup: what all sections share, and what is said of a value that does not fit."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from landscape.errors import SetupError

Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class Section(BaseModel):
    """A part of the setup: frozen, with no unknown fields and no NaN or infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)

    def heeds(self, name: str) -> bool:
        """Whether a field has any effect beside the others; its declaration names the choices it is used with."""
        extra = type(self).model_fields[name].json_schema_extra
        used_with = extra.get("used_with", {}) if isinstance(extra, dict) else {}
        assert isinstance(used_with, dict)
        return all(getattr(self, other) in choices for other, choices in used_with.items())  # type: ignore[operator]


# pydantic's complaints by type, where its own words are those of a programmer.
_PLAIN_WORDS = {
    "extra_forbidden": "no such setting",
    "too_short": "must be at least {min_length} values",
    "too_long": "must be at most {max_length} values",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "model_type": "must be a section of settings",
}


def _shown(value: object) -> str:
    """A value as it is written in a setup or a field: a list without its brackets."""
    if isinstance(value, list | tuple):
        return " ".join(map(str, value)) or "empty"
    return repr(value)


def in_words(error: ValidationError) -> SetupError:
    """The first complaint as a sentence, with the field it belongs to."""
    first = error.errors(include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    message = first["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if not place and ": " in message:  # raised by a setup as a whole, which names the field itself
        name, message = message.split(": ", 1)
        place = name.split(".")
    plain = _PLAIN_WORDS.get(first["type"])
    if plain:
        message = plain.format(**first.get("ctx", {}))
    field = ".".join(place[:2])
    value = first.get("input")
    given = "" if isinstance(value, dict) or first["type"] == "value_error" else f" (it is {_shown(value)})"
    return SetupError(f"{'.'.join(place)}: {message[0].lower()}{message[1:]}{given}", field)
