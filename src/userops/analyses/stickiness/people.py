"""Who is behind a number of a stickiness."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.breakdown import NO_GROUPS, Groups, Value, names_of, tuples_sql
from userops.analyses.stickiness import asking
from userops.analyses.stickiness.document import Stickiness
from userops.analyses.stickiness.running import axis_of
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.dates import DateRange, absolute
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words


class Selection(BaseModel):
    """`{"intervals": 3, "at_least": true, "start": "2024-02-05"}`, or `{"start": "2024-02-05", "days": 30}`.

    `intervals`: active in so many; 0 with `at_least`: in any. `start`: a period of the view `periods`. `days`: the
    distinct users of so many days up to `start`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    intervals: int = Field(default=0, ge=0)
    at_least: bool = False
    start: str | None = None
    days: int | None = None
    breakdown: dict[str, str] = Field(default_factory=dict)
    comparison: bool = False


def people(
    document: Stickiness, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    groups, value = _group(document, scope, chosen)
    values = scope.values()
    if chosen.days is None:
        inner, conditions = _of_frequency(document, scope, chosen, groups, values)
    else:
        inner, conditions = _of_days(document, scope, chosen, groups, values)
    if groups.width:
        conditions.append(f"value in {tuples_sql((value,), groups.width, values)}")
    pieces = {
        "statement": inner,
        "chosen": " and ".join(conditions),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _wrong(zh: str, en: str) -> DocumentError:
    return DocumentError(
        Words(f"选择不正确：{zh}。", f"The selection is wrong: {en}."),
        code="selection_invalid",
        hint=Words(
            '格式如 {"intervals": 3, "at_least": true}。', 'It reads like {"intervals": 3, "at_least": true}.'
        ),
    )  # fmt: skip


def _selected(document: Stickiness, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise _wrong(f"{where} 的格式不对", f"{where} is not in the right form") from None
    names = names_of(document.breakdown)
    if chosen.breakdown and set(chosen.breakdown) != set(names):
        raise _wrong(f"breakdown 应包含 {names}", f"breakdown must hold {names}")
    if chosen.days not in (None, 1, 7, 30):
        raise _wrong("days 应为 1、7 或 30", "days must be 1, 7 or 30")
    return chosen


def _group(document: Stickiness, scope: Scope, chosen: Selection) -> tuple[Groups, Value]:
    if not chosen.breakdown:
        return NO_GROUPS, ()
    groups = asking.leading(document, scope, axis_of(document, scope))
    return groups, tuple(chosen.breakdown[name] for name in names_of(document.breakdown))


def _range(document: Stickiness, chosen: Selection) -> DateRange:
    if not chosen.comparison:
        return document.range
    compared = document.compared_range()
    if compared is None:
        raise _wrong("文档没有对比", "the document compares with nothing")
    return compared


def _of_frequency(
    document: Stickiness, scope: Scope, chosen: Selection, groups: Groups, values: Values
) -> tuple[str, list[str]]:
    if document.view == "ratio":
        # which picture is shown does not change who was how often active
        document = document.model_copy(update={"view": "exactly"})
    axis = axis_of(document, scope, _range(document, chosen))
    sign = ">=" if chosen.at_least else "="
    conditions = [f"active {sign} {values.whole(chosen.intervals)}", "active > 0"]
    if chosen.start is not None:
        if document.view != "periods":
            raise _wrong("start 只用于 periods 视图", "start belongs to the view `periods`")
        starts = [each.key() for each in asking.periods(document, axis).buckets]
        place = _place(starts, chosen.start)
        conditions.append(f"period = {values.whole(place)}")
    return asking.active_intervals(document, scope, axis, groups, values), conditions


def _place(starts: list[str], start: str) -> int:
    if start not in starts:
        raise _wrong("start 应为结果中的一个区间", "start must be an interval of the result")
    return starts.index(start)


def _of_days(
    document: Stickiness, scope: Scope, chosen: Selection, groups: Groups, values: Values
) -> tuple[str, list[str]]:
    """Who was active on any of the days up to `start`: in a range of these days alone."""
    assert chosen.days is not None
    starts = [each.key() for each in Axis(_range(document, chosen), "day", scope.zone).buckets]
    last = date.fromisoformat(starts[_place(starts, chosen.start or "")])
    window = absolute(last - timedelta(days=chosen.days - 1), last)
    alone = document.model_copy(update={"unit": "day", "view": "exactly", "range": window})
    axis = axis_of(alone, scope, window)
    return asking.active_intervals(alone, scope, axis, groups, values), ["active > 0"]
