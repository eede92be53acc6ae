"""What callers send."""

from __future__ import annotations

from typing import Self

from ninja import Schema
from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError


class RequestBody(Schema):
    """A field that there is not is refused: a slip of the pen would otherwise change nothing, and say so to nobody."""

    model_config = ConfigDict(extra="forbid")


class Changes(RequestBody):
    """What is given changes; nothing at all is refused, for it would say that something was done."""

    @model_validator(mode="after")
    def gives_something(self) -> Self:
        if not self.model_fields_set:
            fields = ", ".join(type(self).model_fields)
            raise PydanticCustomError("nothing_given", "give one of {fields}", {"fields": fields})
        return self
