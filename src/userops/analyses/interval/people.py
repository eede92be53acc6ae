"""Who is behind a number of an interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.breakdown import NO_GROUPS, names_of, tuples_sql
from userops.analyses.interval import asking
from userops.analyses.interval.document import Interval
from userops.analyses.interval.running import axis_of
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words


class Selection(BaseModel):
    """`{"from": 60, "to": 300, "start": "2024-02-01"}`: who took at least 60 and less than 300 seconds."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: float | None = Field(default=None, alias="from", ge=0, le=1e12, allow_inf_nan=False)
    to: float | None = Field(default=None, ge=0, le=1e12, allow_inf_nan=False)
    start: str | None = None
    breakdown: dict[str, str] = Field(default_factory=dict)
    comparison: bool = False


def people(
    document: Interval, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    axis = axis_of(document, scope)
    groups = asking.leading(document, scope, axis) if chosen.breakdown else NO_GROUPS
    axis = _axis(document, scope, chosen)
    values = scope.values()
    pieces = {
        "pairs": asking.pairs_sql(document, scope, axis, values, told=bool(groups.width)),
        "group": groups.sql("value", values),
        "period": axis.place_sql(values),
        "chosen": _chosen_sql(document, axis, chosen, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _wrong(zh: str, en: str) -> DocumentError:
    return DocumentError(
        Words(f"选择不正确：{zh}。", f"The selection is wrong: {en}."),
        code="selection_invalid",
        hint=Words('格式如 {"from": 60, "to": 300}。', 'It reads like {"from": 60, "to": 300}.'),
    )


def _selected(document: Interval, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise _wrong(f"{where} 的格式不对", f"{where} is not in the right form") from None
    names = names_of(document.breakdown)
    if chosen.breakdown and set(chosen.breakdown) != set(names):
        raise _wrong(f"breakdown 应包含 {names}", f"breakdown must hold {names}")
    return chosen


def _axis(document: Interval, scope: Scope, chosen: Selection) -> Axis:
    if not chosen.comparison:
        return Axis(document.range, document.unit, scope.zone)
    compared = document.compared_range()
    if compared is None:
        raise _wrong("文档没有对比", "the document compares with nothing")
    return Axis(compared, document.unit, scope.zone)


def _chosen_sql(document: Interval, axis: Axis, chosen: Selection, values: Values) -> str:
    conditions = ["1"]
    if chosen.from_ is not None:
        conditions.append(f"gap >= {values.number(chosen.from_ * 1000)}")
    if chosen.to is not None:
        conditions.append(f"gap < {values.number(chosen.to * 1000)}")
    if chosen.start is not None:
        starts = [each.key() for each in axis.buckets]
        if chosen.start not in starts:
            raise _wrong("start 应为结果中的一个区间", "start must be an interval of the result")
        conditions.append(f"period = {values.whole(starts.index(chosen.start))}")
    if chosen.breakdown:
        names = names_of(document.breakdown)
        value = tuple(chosen.breakdown[name] for name in names)
        conditions.append(f"value in {tuples_sql((value,), len(names), values)}")
    return " and ".join(conditions)
