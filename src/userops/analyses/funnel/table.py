"""A funnel as rows."""

from __future__ import annotations

from typing import Any

from userops.analyses.breakdown import value_labels
from userops.analyses.funnel.document import FunnelDocument
from userops.analyses.table import Column, Table
from userops.query.steps import OTHERS
from userops.words import Words

_COLUMNS = (
    Column("step", Words("步骤", "Step"), "whole"),
    Column("event", Words("事件", "Event")),
    Column("users", Words("人数", "Users"), "whole"),
    Column("rate_from_first", Words("总转化率", "From first"), "share"),
    Column("rate_low", Words("95% 下限", "95% low"), "share"),
    Column("rate_high", Words("95% 上限", "95% high"), "share"),
    Column("rate_from_previous", Words("上一步转化率", "From previous"), "share"),
    Column("dropped", Words("流失人数", "Dropped"), "whole"),
)
_TIMES = (
    Column("median_seconds", Words("耗时中位数", "Median time"), "seconds"),
    Column("mean_seconds", Words("平均耗时", "Mean time"), "seconds"),
    Column("p90_seconds", Words("P90 耗时", "P90 time"), "seconds"),
)


def table(document: FunnelDocument, result: dict[str, Any]) -> Table:
    """All steps of the whole, then those of each value of the breakdown."""
    if document.view == "trend" and "trend" in result:
        return _trend(document, result)
    times = () if document.counts_only else _TIMES
    names = tuple(
        Column(f"by_{each.property}", each.describe(), labels=value_labels(each.property))
        for each in document.breakdown
    )
    whole = ("",) * len(names)
    rows = [(*whole, *_row(at, each, times)) for at, each in enumerate(result["steps"])]
    for part in result.get("breakdown", ()):
        key = tuple(part["breakdown"].values())
        rows += [(*key, *_row(at, each, times)) for at, each in enumerate(part["steps"])]
    return Table((*names, *_COLUMNS, *times), rows)


def _row(at: int, step: dict[str, Any], times: tuple[Column, ...]) -> tuple[Any, ...]:
    low, high = step["interval"] or (None, None)
    return (
        at + 1,
        step["event"],
        step["users"],
        step["rate_from_first"],
        low,
        high,
        step["rate_from_previous"],
        step["dropped"],
        *(step[each.name] for each in times),
    )


def _trend(document: FunnelDocument, result: dict[str, Any]) -> Table:
    columns = [Column("start", Words("开始时间", "Start"), "date")]
    columns += [
        Column(
            f"step_{at + 1}",
            Words(f"{at + 1}. {each['event']}", f"{at + 1}. {each['event']}"),
            "whole",
        )
        for at, each in enumerate(result["steps"])
    ]
    columns.append(Column("rate", Words("转化率", "Conversion"), "share"))
    columns.append(Column("unfinished", Words("未完成", "Unfinished")))
    rows = [
        (p["start"], *p["users"], p["rate"], "*" if p["unfinished"] else "")
        for p in result["trend"]
    ]
    return Table(tuple(columns), rows)


def shown(key: dict[str, str], language: str) -> str:
    """A value of the breakdown as a person reads it."""
    from userops.analyses.funnel.breaking import UNREACHED

    special = {
        OTHERS: Words("其他", "Others"),
        UNREACHED: Words("未到达", "Not reached"),
        "": Words("未设置", "Not set"),
    }
    return " · ".join(
        special[value].text(language) if value in special else value for value in key.values()
    )
