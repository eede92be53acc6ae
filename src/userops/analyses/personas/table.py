"""Personas as rows: the groups, what sets them apart, their hours, or the criterion of their number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.analyses.personas.document import Personas
from userops.analyses.personas.wording import FEATURES, value_words
from userops.analyses.table import Column, Table
from userops.words import Words

NAME = Words("画像", "Persona")
USERS = Words("人数", "Users")
SHARE = Words("人数占比", "Share of users")
VALUE = Words("金额", "Value")
VALUE_SHARE = Words("金额占比", "Share of value")
GAP = Words("真实与打乱之差", "Gap to shuffled data")
GAIN = Words("真实数据的增益", "Gain of the data")
CHANCE = Words("打乱后的增益", "Gain when shuffled")

_GROUPS = (
    Column("group", Words("编号", "Id")),
    Column("name", NAME),
    Column("users", USERS, "whole"),
    Column("share", SHARE, "share"),
    Column("active_days", Words("人均活跃天数", "Active days per user"), "number"),
    Column("events_per_day", Words("每活跃日事件数", "Events per active day"), "number"),
    Column("recency", Words("距上次活跃（天）", "Days since last active"), "number"),
    Column("buyers", Words("购买人数", "Buyers"), "whole"),
    Column("value", VALUE, "number"),
    Column("value_share", VALUE_SHARE, "share"),
    Column("value_per_user", Words("人均金额", "Value per user"), "number"),
    Column("stability", Words("稳定性", "Stability"), "share"),
    Column("certainty", Words("归组把握", "Certainty"), "share"),
)
_FEATURES = (
    Column("name", NAME),
    Column("feature", Words("特征", "Feature"), labels=FEATURES),
    Column("value", Words("取值", "Value")),
    Column("group", Words("本组占比", "Share in the group"), "share"),
    Column("rest", Words("其他组占比", "Share in the others"), "share"),
    Column("lift", Words("倍数", "Lift"), "number"),
    Column("lift_low", Words("倍数 95% 下限", "Lift, 95% low"), "number"),
    Column("lift_high", Words("倍数 95% 上限", "Lift, 95% high"), "number"),
    Column("users", Words("有此行为的人数", "Users with it"), "whole"),
    Column("q", Words("校正后的 q", "Corrected q"), "number"),
)
_CRITERION = (
    Column("groups", Words("组数", "Groups"), "whole"),
    Column("gain", GAIN, "number"),
    Column("chance", CHANCE, "number"),
    Column("gap", GAP, "number"),
    Column("spread", Words("误差", "Standard error"), "number"),
)
TELLING = 12
"""Telling traits shown of each group."""


def words_of(group: dict[str, Any]) -> Words:
    return Words(group["name"]["zh"], group["name"]["en"])


def shown_traits(group: dict[str, Any], most: int = TELLING) -> list[dict[str, Any]]:
    return [trait for trait in group["traits"] if trait["telling"]][:most]


def _groups(result: dict[str, Any]) -> Table:
    rows: list[tuple[Any, ...]] = []
    for group in result["groups"]:
        cells = {**group, "name": words_of(group)}
        rows.append(tuple(cells[column.name] for column in _GROUPS))
    return Table(_GROUPS, rows)


def _features(result: dict[str, Any]) -> Table:
    rows: list[tuple[Any, ...]] = []
    for group in result["groups"]:
        for trait in shown_traits(group):
            low, high = trait["lift_interval"] or (None, None)
            cells = {
                **trait,
                "name": words_of(group),
                "value": value_words(trait),
                "lift_low": low,
                "lift_high": high,
            }
            rows.append(tuple(cells[column.name] for column in _FEATURES))
    return Table(_FEATURES, rows)


def _rhythm(result: dict[str, Any]) -> Table:
    groups = [group for group in result["groups"] if group["hours"]]
    columns = (
        Column("hour", Words("小时", "Hour"), "whole"),
        *(Column(group["group"], words_of(group), "share") for group in groups),
    )
    rows = [(hour, *(group["hours"][hour] for group in groups)) for hour in range(24)]
    return Table(columns, rows if groups else [])


def _criterion(result: dict[str, Any]) -> Table:
    rows = [tuple(step[column.name] for column in _CRITERION) for step in result["criterion"]]
    return Table(_CRITERION, rows)


_BY_VIEW: dict[str, Callable[[dict[str, Any]], Table]] = {
    "groups": _groups,
    "features": _features,
    "rhythm": _rhythm,
    "criterion": _criterion,
}


def table(document: Personas, result: dict[str, Any]) -> Table:
    return _BY_VIEW[document.view](result)
