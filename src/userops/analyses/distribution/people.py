"""Who is behind a number of a distribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.breakdown import NO_GROUPS, names_of, tuples_sql
from userops.analyses.distribution import asking
from userops.analyses.distribution.document import Distribution
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.dates import DateRange
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words


class Selection(BaseModel):
    """`{"from": 6, "to": 11, "start": "2024-02-01"}`: whose figure is at least 6 and less than 11."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: float | None = Field(default=None, alias="from", allow_inf_nan=False)
    to: float | None = Field(default=None, allow_inf_nan=False)
    start: str | None = None
    breakdown: dict[str, str] = Field(default_factory=dict)
    comparison: bool = False


def people(
    document: Distribution, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    groups = asking.leading(document, scope) if chosen.breakdown else NO_GROUPS
    range_, values = _range(document, chosen), scope.values()
    by_period = chosen.start is not None
    pieces = {
        "persons": asking.persons_sql(document, scope, range_, groups, values, by_period=by_period),
        "chosen": _chosen_sql(document, scope, range_, chosen, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _wrong(zh: str, en: str) -> DocumentError:
    return DocumentError(
        Words(f"选择不正确：{zh}。", f"The selection is wrong: {en}."),
        code="selection_invalid",
        hint=Words('格式如 {"from": 6, "to": 11}。', 'It reads like {"from": 6, "to": 11}.'),
    )


def _selected(document: Distribution, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise _wrong(f"{where} 的格式不对", f"{where} is not in the right form") from None
    names = names_of(document.breakdown)
    if chosen.breakdown and set(chosen.breakdown) != set(names):
        raise _wrong(f"breakdown 应包含 {names}", f"breakdown must hold {names}")
    return chosen


def _range(document: Distribution, chosen: Selection) -> DateRange:
    if not chosen.comparison:
        return document.range
    compared = document.compared_range()
    if compared is None:
        raise _wrong("文档没有对比", "the document compares with nothing")
    return compared


def _chosen_sql(
    document: Distribution, scope: Scope, range_: DateRange, chosen: Selection, values: Values
) -> str:
    conditions = ["1"]
    if chosen.from_ is not None:
        conditions.append(f"figure >= {values.number(chosen.from_)}")
    if chosen.to is not None:
        conditions.append(f"figure < {values.number(chosen.to)}")
    if chosen.start is not None:
        axis = asking.periods(document, scope, range_)
        starts = [each.key() for each in axis.buckets] if axis else []
        if chosen.start not in starts:
            raise _wrong("start 应为结果中的一个区间", "start must be an interval of the result")
        conditions.append(f"period = {values.whole(starts.index(chosen.start))}")
    if chosen.breakdown:
        names = names_of(document.breakdown)
        value = tuple(chosen.breakdown[name] for name in names)
        conditions.append(f"value in {tuples_sql((value,), len(names), values)}")
    return " and ".join(conditions)
