"""Who is behind a number of a change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.change.document import Change
from userops.analyses.figures import Cell
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.scope import Scope
from userops.query.steps import Breakdown
from userops.words import Words


class Selection(BaseModel):
    """`{"period": "now", "part": 0, "property": "city", "of": "event", "value": "上海"}`"""

    model_config = ConfigDict(frozen=True, extra="forbid")

    period: Literal["now", "base"] = "now"
    part: int = Field(default=0, ge=0, le=1)
    property: str | None = Field(default=None, min_length=1, max_length=200)
    of: Literal["event", "user"] = "event"
    value: str = ""


def people(
    document: Change, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """The persons in a part of the figure, of all or of one value. Raises `DocumentError`."""
    figure = document.chosen()
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError:
        raise _no_number() from None
    if figure.product or chosen.part >= len(figure.parts):
        raise _no_number()
    whole = chosen.property is None
    dimensions = () if whole else (Breakdown(property=str(chosen.property), of=chosen.of),)
    range_ = document.range if chosen.period == "now" else document.base()
    asked = document.over(range_, scope, dimensions=dimensions)
    cell = Cell(chosen.part, None if whole else chosen.value)
    return document.explaining.people(asked, cell, limit, offset)


def _no_number() -> DocumentError:
    return DocumentError(
        Words("选择不正确：变化拆解中没有这个数字。", "The change has no such number."),
        code="selection_invalid",
        hint=Words(
            '应形如 {"period": "now", "part": 0, "property": "city", "value": "上海"}；'
            "part 为 0（分子）或 1（分母）。",
            'It is like {"period": "now", "part": 0, "property": "city", "value": "上海"}; part is 0 '
            "(above) or 1 (below).",
        ),
    )
