"""Who is behind a number about sessions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from userops.analyses.breakdown import NO_GROUPS, tuples_sql
from userops.analyses.sessions import asking
from userops.analyses.sessions.document import Sessions
from userops.analyses.sessions.figures import edges
from userops.analyses.sessions.running import axis_of
from userops.analyses.table import People
from userops.errors import DocumentError
from userops.query.axis import Axis
from userops.query.scope import Scope
from userops.query.sql import Values, statement
from userops.words import Words


class Selection(BaseModel):
    """`{"start": "2024-02-01", "breakdown": {"channel": "ads"}}`: who began a session there.

    `bounced`: only those with a session that bounced. `bucket`: only with one in that part of the histogram.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: str | None = None
    bounced: bool = False
    bucket: int | None = Field(default=None, ge=0)
    breakdown: dict[str, str] = Field(default_factory=dict)
    comparison: bool = False


def people(
    document: Sessions, scope: Scope, selection: Mapping[str, Any], limit: int, offset: int
) -> People:
    """Raises `DocumentError` for a wrong selection."""
    chosen = _selected(document, selection)
    axis = axis_of(document, scope)
    groups = asking.leading(document, scope, axis) if chosen.breakdown else NO_GROUPS
    axis = _axis(document, scope, chosen)
    values = scope.values()
    pieces = {
        "sessions": asking.sessions_sql(document, scope, axis, values, told=bool(groups.width)),
        "group": groups.sql("value", values),
        "period": axis.place_sql(values),
        "chosen": _chosen_sql(document, axis, chosen, values),
        "offset": values.whole(offset),
        "limit": values.whole(limit),
        **asking.range_pieces(scope, document, axis, values),
    }
    row = scope.ask(statement(asking.SQL / "people.sql", pieces), values).to_pylist()[0]
    return People(row["persons"], row["total"])


def _wrong(zh: str, en: str) -> DocumentError:
    return DocumentError(
        Words(f"选择不正确：{zh}。", f"The selection is wrong: {en}."),
        code="selection_invalid",
        hint=Words(
            '格式如 {"start": "2024-02-01", "breakdown": {"channel": "ads"}}。',
            'It reads like {"start": "2024-02-01", "breakdown": {"channel": "ads"}}.',
        ),
    )


def _selected(document: Sessions, selection: Mapping[str, Any]) -> Selection:
    try:
        chosen = Selection.model_validate(dict(selection))
    except ValidationError as wrong:
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"])
        raise _wrong(f"{where} 的格式不对", f"{where} is not in the right form") from None
    names = document.names
    if chosen.breakdown and set(chosen.breakdown) != set(names):
        raise _wrong(f"breakdown 应包含 {names}", f"breakdown must hold {names}")
    if chosen.bucket is not None and (
        document.view not in asking.MEASURED or chosen.bucket >= len(edges(document.view))
    ):
        raise _wrong("bucket 应为结果中直方图的一段", "bucket must be a part of the histogram")
    return chosen


def _axis(document: Sessions, scope: Scope, chosen: Selection) -> Axis:
    if not chosen.comparison:
        return Axis(document.range, document.unit, scope.zone)
    compared = document.compared_range()
    if compared is None:
        raise _wrong("文档没有对比", "the document compares with nothing")
    return Axis(compared, document.unit, scope.zone)


def _chosen_sql(document: Sessions, axis: Axis, chosen: Selection, values: Values) -> str:
    conditions = ["1"]
    if chosen.start is not None:
        starts = [each.key() for each in axis.buckets]
        if chosen.start not in starts:
            raise _wrong("start 应为结果中的一个区间", "start must be an interval of the result")
        conditions.append(f"period = {values.whole(starts.index(chosen.start))}")
    if chosen.bounced:
        conditions.append(f"over and depth <= {values.whole(document.bounce_events)}")
    if chosen.bucket is not None:
        bucket = asking.bucket_sql(document, document.view, values)
        conditions.append(f"over and {bucket} = {values.whole(chosen.bucket)}")
    if chosen.breakdown:
        value = tuple(chosen.breakdown[name] for name in document.names)
        conditions.append(f"value in {tuples_sql((value,), document.width, values)}")
    return " and ".join(conditions)
