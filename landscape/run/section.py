"""A part of the setup: what all sections share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

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
