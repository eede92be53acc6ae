"""How answers are read in the report, where the analysis itself would list every day or cohort: as a ranking,
a rhythm, or one row for each group. The frozen result stays whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from userops.analyses.table import Column, Table
from userops.analyses.trend.running import incomplete
from userops.publishing.tables import MARK
from userops.reports.book import SPECIAL, Frozen
from userops.reports.kinds.user_analysis.tables import lines_of, named, places
from userops.reports.outline import NotComputable
from userops.reports.subject import Subject
from userops.stats.proportions import wilson
from userops.words import Words

Tabulate = Callable[[Frozen, Subject], Table]
Draw = Callable[[Frozen, Subject, str], dict[str, Any]]
WEEKDAYS: Mapping[str, Words] = {
    str(place): Words(zh, en)
    for place, (zh, en) in enumerate(
        [("周一", "Monday"), ("周二", "Tuesday"), ("周三", "Wednesday"), ("周四", "Thursday"),
         ("周五", "Friday"), ("周六", "Saturday"), ("周日", "Sunday")], start=1,
    )
}  # fmt: skip
_USERS = Column("users", Words("用户", "Users"), "whole")
_INCOMPLETE = Column(MARK, Words("不完整", "Incomplete"), "whole")
_EVENTS = Column("events", Words("事件", "Events"), "whole")


def property_words(frozen: Frozen, subject: Subject) -> Words:
    """What the property of the breakdown is called."""
    line = next(each for each in frozen.result["series"] if each["breakdown"])
    name = next(iter(line["breakdown"]))
    return subject.named_properties.get(name, Words(name, name))


def ranking(*columns: Column) -> Tabulate:
    """One row for each value of the breakdown, the largest first, what has no name of its own at the end: the
    total of each series."""

    def tabulate(frozen: Frozen, subject: Subject) -> Table:
        series = [lines_of(frozen, index) for index in range(len(columns))]
        values = sorted(
            series[0], key=lambda value: (value in SPECIAL, -(series[0][value][1]["total"] or 0))
        )
        rows = [
            (named(value), *(each[value][1]["total"] if value in each else None for each in series))
            for value in values
        ]
        return Table((Column("value", property_words(frozen, subject)), *columns), rows)

    return tabulate


by_users = ranking(_USERS)


def in_order(labels: Mapping[str, Words]) -> Tabulate:
    """One row for each value of a clock: users and events."""

    def tabulate(frozen: Frozen, _subject: Subject) -> Table:
        users, events = lines_of(frozen, 0), lines_of(frozen, 1)
        rows = [
            (words, *(each[value][1]["total"] if value in each else 0 for each in (users, events)))
            for value, words in labels.items()
        ]
        return Table((Column("value", Words("时间", "Time")), _USERS, _EVENTS), rows)

    return tabulate


HOURS: Mapping[str, Words] = {
    f"{hour:02d}": Words(f"{hour} 点", f"{hour}:00") for hour in range(24)
}
by_hour = in_order(HOURS)
_DAILY = Column("daily", Words("平均每天事件", "Events a day"), "whole")


def days_of_weekdays(subject: Subject) -> dict[str, int]:
    """How many days of the period that have begun, and of which there are data, are Mondays (`1`), Tuesdays …"""
    first = max(subject.period.first, subject.first_day or subject.period.first)
    last = min(subject.period.last, subject.today, subject.last_day or subject.period.last)
    days = Counter(
        str((first + timedelta(days=at)).isoweekday()) for at in range((last - first).days + 1)
    )
    return dict(days)


def by_weekday(frozen: Frozen, subject: Subject) -> Table:
    """One row for each weekday, with the events of an average one: a month has more of some than of others."""
    table, days = in_order(WEEKDAYS)(frozen, subject), days_of_weekdays(subject)
    rows = [
        (*row, round(row[2] / days[key]) if days.get(key) else None)
        for key, row in zip(WEEKDAYS, table.rows, strict=True)
    ]
    return Table((*table.columns, _DAILY), rows)


def bars(column: int = 1, *, lying: bool = True) -> Draw:
    """A bar for each row of the figure's table; those of incomplete periods are pale."""

    def draw(frozen: Frozen, subject: Subject, language: str) -> dict[str, Any]:
        assert frozen.table is not None
        head = frozen.table.columns[column]
        rows = frozen.table.rows
        marks = [at for at, each in enumerate(frozen.table.columns) if each.name == MARK]
        names = [_text(row[0], language) for row in rows]
        values = [
            {"value": row[column], **PALE} if any(row[at] for at in marks) else row[column]
            for row in rows
        ]
        title = head.words.text(language)
        if head.type == subject.money:
            title = subject.in_currency(title, language)
        option = _bars(names, values, title, lying=lying)
        return {**option, "userops": {"format": "percent" if head.type == "share" else "count"}}

    return draw


PALE: Mapping[str, Any] = {"itemStyle": {"opacity": 0.45}}
LEAST_GROUP = 30
"""New users of a group whose retention is drawn: the line of fewer is noise."""


def groups_of_enough(frozen: Frozen, _subject: Subject, language: str) -> dict[str, Any]:
    """A retention's own chart without the lines of groups of few."""
    assert frozen.answer is not None
    option = frozen.answer.chart(language)
    whole, *rest = option["series"]
    few = [
        sum(cohort["size"] for cohort in each["cohorts"]) < LEAST_GROUP
        for each in frozen.result["breakdown"]
    ]
    lines = [each for each in rest if each["type"] == "line"]
    dull = [line["name"] for line, out in zip(lines, few, strict=False) if out]
    kept = [whole, *(each for each in rest if each.get("name") not in dull)]
    named = [name for name in option["legend"]["data"] if name not in dull]
    legend = {**option["legend"], "data": named}
    return {**option, "series": kept, "legend": legend, "userops": {"format": "percent"}}


def heat_map(frozen: Frozen, _subject: Subject, language: str) -> dict[str, Any]:
    """The second panel of a retention's own chart: its cohorts, coloured by how many came back."""
    assert frozen.answer is not None
    option = frozen.answer.chart(language)
    series = [each for each in option["series"] if each.get("xAxisIndex") == 1]
    alone = {"xAxisIndex": 0, "yAxisIndex": 0}
    return {
        "grid": {"left": 8, "right": 16, "top": 32, "bottom": 8, "containLabel": True},
        "tooltip": {},
        # above its cells the other panel names the periods: alone it does so itself
        "xAxis": {**option["xAxis"][1], "gridIndex": 0, "show": True},
        "yAxis": {**option["yAxis"][1], "gridIndex": 0},
        "visualMap": {**option["visualMap"], "seriesIndex": 0},
        "series": [{**each, **alone} for each in series],
        "userops": {"format": "percent", "columns": len(option["xAxis"][1]["data"])},
    }


NEAR = (0.8, 1.25)
"""Predicted over actual in the back-test, within which a forecast is told."""


def proved(frozen: Frozen, _subject: Subject) -> None:
    """The analysis's own table, where its back-test bears a forecast. Raises `NotComputable`."""
    test = frozen.result["backtest"]
    ratio = test["ratio"] if test else None
    if ratio is not None and not NEAR[0] <= ratio <= NEAR[1]:
        told, came = round(test["predicted"]), test["actual"]
        raise NotComputable(
            f"模型的回测偏差大（预测 {told:,} 次，实际 {came:,} 次），本期不作预测。",
            f"The model is far off in its back-test ({told:,} predicted, {came:,} came): no forecast is made.",
        )


def _text(cell: Any, language: str) -> str:
    return cell.text(language) if isinstance(cell, Words) else str(cell)


def _bars(names: Sequence[str], values: Sequence[Any], name: str, *, lying: bool) -> dict[str, Any]:
    category: dict[str, Any] = {"type": "category", "data": list(names)}
    # a long name stands right of the axis, not half outside the picture
    value = {"type": "value", "name": name, "nameTextStyle": {"align": "left"}}
    return {
        "grid": {"left": 8, "right": 48, "top": 32, "bottom": 8, "containLabel": True},
        "tooltip": {"trigger": "axis"},
        "xAxis": value if lying else category,
        "yAxis": {**category, "inverse": True} if lying else value,
        "series": [{"type": "bar", "name": name, "data": list(values), "barMaxWidth": 28}],
    }


def retention_by_period(frozen: Frozen, _subject: Subject) -> Table:
    """One row for each period after the start, all cohorts together."""
    result = frozen.result
    columns = (
        Column("period", Words("第几期", "Period"), "whole"),
        Column("retained", Words("回来", "Came back"), "whole"),
        Column("base", Words("到期新用户", "New users whose day has come"), "whole"),
        Column("rate", Words("留存率", "Retention"), "share"),
        Column("low", Words("95% 下限", "95% low"), "share"),
        Column("high", Words("95% 上限", "95% high"), "share"),
    )
    rows = []
    for at, rate in enumerate(result["average"]):
        kn, interval = result["average_kn"][at], result["average_interval"][at] or (None, None)
        rows.append((at, *(kn or (None, None)), rate, *interval))
    return Table(columns, rows)


def retention_by_group(frozen: Frozen, subject: Subject) -> Table:
    """One row for each group: its new users and their retention, with how many it is of."""
    groups = frozen.result["breakdown"]
    name = next(iter(groups[0]["breakdown"])) if groups else ""
    read = places(frozen)
    columns = [
        Column("value", subject.named_properties.get(name, Words(name, name))),
        Column("size", Words("新用户", "New users"), "whole"),
    ]
    for at, words in read:
        columns += [
            Column(f"rate_{at}", words, "share"),
            Column(f"base_{at}", _due(words), "whole"),
        ]
    rows = [_group_row(each, [at for at, _ in read]) for each in groups]
    return Table(tuple(columns), sorted(rows, key=lambda row: -(row[1] or 0)))


def _due(words: Words) -> Words:
    """How many of a group have reached the day of a rate."""
    return Words(f"{words.zh.removesuffix('留存')}到期", f"{words.en}, due")


def _group_row(group: Mapping[str, Any], read: list[int]) -> tuple[Any, ...]:
    row: list[Any] = [named(str(next(iter(group["breakdown"].values()))))]
    row.append(sum(cohort["size"] for cohort in group["cohorts"]))
    for at in read:
        there = at < len(group["average"])
        kn = group["average_kn"][at] if there else None
        row += [group["average"][at] if there else None, kn[1] if kn else None]
    return tuple(row)


def crash_rates(frozen: Frozen, subject: Subject) -> Table:
    """One row for each version of a platform: how often it crashed, and per opening."""
    opened = (
        subject.label(subject.role("visit")) if subject.role("visit") else Words("用户", "Users")
    )
    columns = (
        Column("version", Words("平台与版本", "Platform and version")),
        Column("rate", Words("崩溃率", "Crash rate"), "share"),
        Column("crashes", Words("崩溃", "Crashes"), "whole"),
        Column("visits", opened, "whole"),
        Column("low", Words("95% 下限", "95% low"), "share"),
        Column("high", Words("95% 上限", "95% high"), "share"),
    )
    counted: dict[tuple[str, str], dict[int, int]] = {}
    for line in frozen.result["series"]:
        if line["breakdown"] and "$others" not in line["breakdown"].values():
            key = (line["breakdown"]["platform"], line["breakdown"]["app_version"])
            counted.setdefault(key, {})[line["index"]] = line["total"]
    rows = []
    for (platform, version), found in counted.items():
        crashed, visits = found.get(0, 0), found.get(1, 0)
        if visits:
            interval = wilson(min(crashed, visits), visits) or (None, None)
            rows.append((_joined(platform, version), crashed / visits, crashed, visits, *interval))
    return Table(columns, sorted(rows, key=lambda row: -row[1]))


def _joined(*values: str) -> Words:
    """Platform and version as one name."""
    return named(" ".join(each for each in values if each))


def payment_rates(frozen: Frozen, subject: Subject) -> Table:
    """One row for each version of a platform: of those who checked out, how many paid."""
    columns = (
        Column("version", Words("平台与版本", "Platform and version")),
        Column("rate", Words("付款率", "Paid"), "share"),
        Column("paid", subject.label(subject.funnel[-1]), "whole"),
        Column("begun", subject.label(subject.funnel[-2]), "whole"),
        Column("low", Words("95% 下限", "95% low"), "share"),
        Column("high", Words("95% 上限", "95% high"), "share"),
    )
    rows = []
    for each in frozen.result["breakdown"]:
        begun, paid = each["steps"][:2]
        if begun["users"]:
            interval = paid["interval_from_previous"] or (None, None)
            name = _joined(*each["breakdown"].values())
            rows.append(
                (name, paid["rate_from_previous"], paid["users"], begun["users"], *interval)
            )
    return Table(columns, sorted(rows, key=lambda row: row[1]))


by_keyword = ranking(
    Column("users", Words("搜过的用户", "Users who searched"), "whole"),
    Column("searches", Words("次数", "Searches"), "whole"),
)
by_topic = ranking(
    Column("count", Words("条数", "Feedback"), "whole"),
    Column("users", Words("用户", "Users"), "whole"),
)


def sales(frozen: Frozen, subject: Subject) -> Table:
    """One row for each interval: who bought, what they paid, orders, per buyer and per order."""
    columns = (
        Column("interval", Words("日期", "Date"), "date"),
        Column("buyers", Words("付费用户", "Buyers"), "whole"),
        Column("paid", Words("支付金额", "Sales"), subject.money),
        Column("orders", Words("订单", "Orders"), "whole"),
        Column("per_buyer", Words("每位付费用户", "Per buyer"), subject.money),
        Column("per_order", Words("每单", "Per order"), subject.money),
        _INCOMPLETE,
    )
    return Table(columns, _steps(frozen, 5))


def net_promoters(frozen: Frozen, _subject: Subject) -> Table:
    """One row for each interval: promoters, detractors, answers, NPS."""
    columns = (
        Column("interval", Words("日期", "Date"), "date"),
        Column("promoters", Words("推荐者（9–10 分）", "Promoters (9–10)"), "whole"),
        Column("detractors", Words("贬损者（0–6 分）", "Detractors (0–6)"), "whole"),
        Column("answers", Words("回答", "Answers"), "whole"),
        Column("nps", Words("NPS", "NPS"), "number"),
        _INCOMPLETE,
    )
    return Table(columns, _steps(frozen, 4))


def _steps(frozen: Frozen, lines: int) -> list[tuple[Any, ...]]:
    """The points of the first lines of a trend beside each other, and which intervals are incomplete."""
    series = [line["points"] for line in frozen.result["series"][:lines]]
    open_ = incomplete(frozen.result)
    return [
        (points[0][0], *(point[1] for point in points), int(points[0][0] in open_))
        for points in zip(*series, strict=True)
    ]
