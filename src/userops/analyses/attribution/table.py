"""An attribution as rows: channels by all models, two models compared, journeys by length or by time."""

from __future__ import annotations

from typing import Any

from userops.analyses.attribution.document import AttributionDocument
from userops.analyses.attribution.labels import channel_words, lag_words, length_words
from userops.analyses.attribution.models import MODEL, MODELS
from userops.analyses.attribution.running import LONGEST
from userops.analyses.breakdown import group_columns, value_words
from userops.analyses.table import Column, Table
from userops.words import Words

CHANNEL = Column("channel", Words("渠道", "Channel"))
GOALS = Column("goals", Words("目标数", "Goals"), "whole")
SHARE = Column("share", Words("占比", "Share"), "share")
VALUE = Column("value", Words("价值", "Value"), "number")
_REACH = (
    Column("touches", Words("触点数", "Touches"), "whole"),
    Column("users", Words("触达用户", "Users touched"), "whole"),
    Column("assisted", Words("参与目标", "Goals assisted"), "whole"),
)


def table(document: AttributionDocument, result: dict[str, Any]) -> Table:
    tables = {"comparison": _comparison, "lengths": _lengths, "lags": _lags}
    return tables.get(document.view, _credits)(document, result)


def parts(result: dict[str, Any]) -> list[tuple[str | None, list[dict[str, Any]]]]:
    """The channels of the whole, then those of each value of the breakdown."""
    shown = [(part["value"], part["channels"]) for part in result["breakdown"]]
    return [(None, result["channels"]), *shown]


def _kept(document: AttributionDocument, value: str | None) -> tuple[Any, ...]:
    """The cell of the breakdown, empty in the rows of the whole."""
    if not document.breakdown:
        return ()
    return ("",) if value is None else (value_words(value),)


def _credits(document: AttributionDocument, result: dict[str, Any]) -> Table:
    columns = [*group_columns(document.breakdown), CHANNEL, *_REACH]
    for model in MODELS:
        columns.append(Column(f"credit_{model.name}", model.words, "number"))
        columns.append(Column(f"share_{model.name}", _of(model.words, SHARE.words), "share"))
    if document.goal.property:
        columns += [
            Column(f"value_{model.name}", _of(model.words, VALUE.words), "number")
            for model in MODELS
        ]
    rows = []
    for value, channels in parts(result):
        for row in channels:
            cells: list[Any] = [row["touches"], row["users"], row["assisted"]]
            for model in MODELS:
                cells += [row["credits"][model.name], row["shares"][model.name]]
            cells += [row["values"][model.name] for model in MODELS] if "values" in row else []
            rows.append((*_kept(document, value), channel_words(result, row["channel"]), *cells))
    return Table(tuple(columns), rows)


def _of(model: Words, what: Words) -> Words:
    return Words(f"{model.zh}{what.zh}", f"{model.en}, {what.en.lower()}")


def _comparison(document: AttributionDocument, result: dict[str, Any]) -> Table:
    one, other = document.baseline, document.model
    pair = (MODEL[one].words, MODEL[other].words)
    columns = (
        *group_columns(document.breakdown),
        CHANNEL,
        Column("baseline", pair[0], "number"),
        Column("baseline_share", _of(pair[0], SHARE.words), "share"),
        Column("model", pair[1], "number"),
        Column("model_share", _of(pair[1], SHARE.words), "share"),
        Column("difference", Words("差异", "Difference"), "number"),
        Column("relative", Words("相对差异", "Relative difference"), "share"),
    )
    rows = []
    for value, channels in parts(result):
        for row in channels:
            before, after = row["credits"][one], row["credits"][other]
            rows.append(
                (
                    *_kept(document, value), channel_words(result, row["channel"]),
                    before, row["shares"][one], after, row["shares"][other],
                    after - before, (after - before) / before if before else None,
                )
            )  # fmt: skip
    return Table(columns, rows)


def _lengths(document: AttributionDocument, result: dict[str, Any]) -> Table:
    value = (VALUE,) if document.goal.property else ()
    rows = [
        (length_words(row["touches"], LONGEST), row["goals"], row["share"], *([row["value"]] if value else []))
        for row in result["lengths"]
    ]  # fmt: skip
    name = Column("touches", Words("触点数", "Touches before the goal"))
    return Table((name, GOALS, SHARE, *value), rows)


def _lags(_document: AttributionDocument, result: dict[str, Any]) -> Table:
    rows = [(lag_words(row), row["goals"], row["share"]) for row in result["lags"]]
    name = Column("lag", Words("首个触点到目标的时间", "From the first touch to the goal"))
    return Table((name, GOALS, SHARE), rows)
