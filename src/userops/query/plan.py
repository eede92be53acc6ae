"""How a question is answered: from the daily rollups, from the events, or from both; and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

from userops.words import Words

Source = Literal["rollup", "events", "both"]


@dataclass(frozen=True, slots=True)
class Plan:
    """`rollup_days` and `event_days` tell how many days are read from where; both are 0 where whole events
    are needed, and `reason` says what needs them."""

    source: Source
    reason: Words
    rollup_days: int = 0
    event_days: int = 0

    def as_json(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "reason": self.reason.as_dict(),
            "rollup_days": self.rollup_days,
            "event_days": self.event_days,
        }


NOT_KEPT = Words("这类分析需要逐条读取事件。", "This kind of analysis reads the events one by one.")
FILTERED = Words("筛选条件需要逐条读取事件。", "Filters need the events to be read one by one.")
BROKEN_DOWN = Words(
    "按属性拆分需要逐条读取事件。", "A breakdown needs the events to be read one by one."
)
FINER = Words("小时粒度需要逐条读取事件。", "Hours need the events to be read one by one.")
OTHER_FIGURE = Words(
    "这个指标需要逐条读取事件。", "This figure needs the events to be read one by one."
)
NOT_BUILT = Words(
    "这些日期还没有按日汇总；后台会自动生成。",
    "There is no daily rollup of these days yet; it is made in the background.",
)
KEPT = Words("全部来自按日汇总。", "All of it comes from the daily rollups.")
MIXED = Words(
    "大部分来自按日汇总；刚有变化的日期逐条读取事件。",
    "Most of it comes from the daily rollups; days that have just changed are read from their events.",
)


def from_events(reason: Words) -> Plan:
    return Plan("events", reason)


def joined(plans: Iterable[Plan]) -> Plan:
    """The plan of a question with several parts."""
    parts = list(plans)
    reason = next((each.reason for each in parts if each.source == "events"), parts[0].reason)
    sources = {each.source for each in parts}
    days = max(each.rollup_days for each in parts), max(each.event_days for each in parts)
    return Plan(sources.pop() if len(sources) == 1 else "both", reason, *days)
