"""The tables of the report that are made of its figures: T1 coverage, T2 segments, T3 RFM, and the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from userops.analyses.table import Column, Table
from userops.query.steps import OTHERS
from userops.reports.book import SPECIAL, Book, Frozen
from userops.reports.outline import NotComputable
from userops.words import Words

_KINDS = {
    "release": Words("发布", "Release"),
    "campaign": Words("活动", "Campaign"),
    "incident": Words("事故", "Incident"),
    "other": Words("其他", "Other"),
}


def lines_of(figure: Frozen, index: int = 0) -> dict[str, tuple[str, dict[str, Any]]]:
    """The lines of one series of a trend by the value of its only breakdown: value → (pointer, line)."""
    found = {}
    for place, line in enumerate(figure.result["series"]):
        if line["index"] == index and line["breakdown"]:
            value = next(iter(line["breakdown"].values()))
            found[str(value)] = (f"series/{place}", line)
    return found


def named(value: str) -> Words:
    return SPECIAL.get(value) or Words(value, value)


def calendar(book: Book) -> Table:
    """What people wrote on the time axis in the period."""
    marks = book.subject.calendar
    if not marks:
        raise NotComputable(
            "本期没有标注（发布、活动、事故）；写下标注后，波动更容易对上原因。",
            "Nothing was annotated in the period; with releases and campaigns on the axis, moves are easier to place.",
        )
    columns = (
        Column("first", Words("开始", "From"), "date"),
        Column("last", Words("结束", "To"), "date"),
        Column("kind", Words("类别", "Kind")),
        Column("text", Words("内容", "What")),
    )
    return Table(
        columns, [(m.first, m.last, _KINDS.get(m.kind, named(m.kind)), m.text) for m in marks]
    )


def coverage(book: Book) -> Table:
    """T1: sources, users, period, gaps, repeated and refused rows, tests."""
    subject, rows = book.subject, [*_scope(book)]
    for key in ("sources",):
        if key in book:
            for value, (_, line) in lines_of(book[key]).items():
                rows.append((Words("来源", "Source"), named(value), line["total"], None))
    rows += [*_gaps(book), *_tests(book)]
    if subject.intake.get("rows"):
        every = subject.intake["rows"]
        for name, words in (
            ("refused", Words("被拒收的行", "Refused rows")),
            ("duplicates", Words("重复发送的行（已去重）", "Rows sent twice (counted once)")),
        ):
            count = subject.intake[name]
            rows.append((Words("质量", "Quality"), words, count, count / every))
    columns = (
        Column("about", Words("类别", "About")),
        Column("item", Words("项目", "Item")),
        Column("count", Words("数量", "Count"), "number"),
        Column("share", Words("占比", "Share"), "share"),
    )
    return Table(columns, rows)


def _scope(book: Book) -> list[tuple[Any, ...]]:
    series = book["volume"].result["series"]
    scope = Words("范围", "Scope")
    return [
        (scope, Words("用户", "Users"), series[0]["total"], None),
        (scope, Words("事件", "Events"), series[1]["total"], None),
        (scope, Words("天数", "Days"), book.subject.period.days, None),
    ]


def _gaps(book: Book) -> list[tuple[Any, ...]]:
    if "gaps" not in book:
        return []
    every, *lacking = book["gaps"].result["series"]
    total = every["total"]
    return [
        (
            Words("缺失", "Gaps"), _property(book, line["label"]), line["total"],
            line["total"] / total if total else None,
        )
        for line in lacking
    ]  # fmt: skip


def _property(book: Book, name: str) -> Words:
    return book.subject.named_properties.get(name, Words(name, name))


def _tests(book: Book) -> list[tuple[Any, ...]]:
    if "test_users" not in book:
        return []
    users, tests, *_ = (each["total"] for each in book["test_users"].result["series"])
    words = (
        Words("测试账号（已从各图剔除）", "Test accounts (left out of all figures)")
        if book.subject.whom.without_tests
        else Words("测试账号（已计入，未剔除）", "Test accounts (counted, not left out)")
    )
    return [(Words("质量", "Quality"), words, tests, tests / users if users else None)]


_PLACES = {
    "day": (
        (1, Words("次日留存", "Day 1")),
        (7, Words("7 日留存", "Day 7")),
        (30, Words("30 日留存", "Day 30")),
    ),
    "week": ((1, Words("次周留存", "Week 1")), (4, Words("第 4 周留存", "Week 4"))),
    "month": ((1, Words("次月留存", "Month 1")), (3, Words("第 3 月留存", "Month 3"))),
}


Read = tuple[tuple[int, Words], ...]


def places(figure: Frozen) -> Read:
    """The columns of a retention that are read, with their names."""
    assert figure.answer is not None
    unit = figure.answer.document.as_json()["unit"]
    return _PLACES.get(unit, _PLACES["day"])


def segment_matrix(book: Book) -> Table:
    """T2: size, share, activity, retention, value and satisfaction of each group."""
    users = lines_of(book["users_by_segment"])
    parts = (_sizes(book), _kept(book), _worth(book), _content(book))
    columns = [Column("segment", Words("分群", "Segment"))]
    for part in parts:
        columns += part.columns
    rows = []
    for value in users:
        row: list[Any] = [named(value)]
        for part in parts:
            row += part.cells(value)
        rows.append(tuple(row))
    return Table(tuple(columns), rows)


_Found = TypeVar("_Found")


def _same(found: Mapping[str, _Found], groups: Mapping[str, Any]) -> dict[str, _Found]:
    """What was found of each group; not of the others, where those are not the same in both."""
    alike = found.keys() - {OTHERS} == groups.keys() - {OTHERS}
    return {value: each for value, each in found.items() if alike or value != OTHERS}


@dataclass(frozen=True)
class _Part:
    """Columns that stand together, and their cells for one group."""

    columns: tuple[Column, ...]
    cells: Callable[[str], list[Any]]


def _sizes(book: Book) -> _Part:
    users = lines_of(book["users_by_segment"])
    total = sum(line["total"] for _, line in users.values())
    weekly = lines_of(book["weekly_by_segment"]) if "weekly_by_segment" in book else {}

    def cells(value: str) -> list[Any]:
        size = users[value][1]["total"]
        line = _same(weekly, users).get(value)
        return [size, size / total if total else None, line and line[1]["points"][-1][1]]

    columns = (
        Column("users", Words("活跃用户", "Active users"), "whole"),
        Column("share", Words("占各群之和", "Share of the groups’ sum"), "share"),
        Column("wau", Words("期末周活", "WAU at the end"), "whole"),
    )
    return _Part(columns, cells)


def _kept(book: Book) -> _Part:
    retained = _same(_retained(book), lines_of(book["users_by_segment"]))
    read = places(book["retention_by_segment"])

    def cells(value: str) -> list[Any]:
        kept = retained.get(value)
        return [kept["size"] if kept else None, *(_rate(kept, at) for at, _ in read)]

    columns = (
        Column("new", Words("新用户", "New users"), "whole"),
        *(Column(f"retained_{at}", words, "share") for at, words in read),
    )
    return _Part(columns, cells)


def _worth(book: Book) -> _Part:
    if "revenue_by_segment" not in book:
        return _Part((), lambda _value: [])
    users, paid, payers = (lines_of(book["revenue_by_segment"], index) for index in range(3))

    def cells(value: str) -> list[Any]:
        if value not in users:
            return [None, None]
        money, size = paid[value][1]["total"] if value in paid else 0, users[value][1]["total"]
        return [payers[value][1]["total"] if value in payers else 0, money / size if size else None]

    columns = (
        Column("payers", Words("付费用户", "Buyers"), "whole"),
        Column("per_user", Words("人均金额", "Value per user"), book.subject.money),
    )
    return _Part(columns, cells)


def _content(book: Book) -> _Part:
    """A dash where nobody answered: the figure of the answers says why."""
    csat, nps = (_answers(book, key) for key in ("csat_by_segment", "nps_by_segment"))

    def cells(value: str) -> list[Any]:
        satisfied, recommending = csat.get(value, {}), nps.get(value, {})
        n = sum(recommending.values())
        promoters = sum(count for score, count in recommending.items() if score >= PROMOTER)
        detractors = sum(count for score, count in recommending.items() if score <= DETRACTOR)
        answered = sum(satisfied.values())
        mean = sum(s * c for s, c in satisfied.items()) / answered if answered else None
        return [
            mean,
            answered or None,
            100 * (promoters - detractors) / n if n else None,
            n or None,
        ]

    columns = (
        Column("csat", Words("问卷满意度", "CSAT (surveys)"), "number"),
        Column("csat_n", Words("满意度 n", "CSAT n"), "whole"),
        Column("nps", Words("问卷 NPS", "NPS (surveys)"), "number"),
        Column("nps_n", Words("NPS n", "NPS n"), "whole"),
    )
    return _Part(columns, cells)


PROMOTER, DETRACTOR = 9, 6


def _answers(book: Book, key: str) -> dict[str, dict[float, int]]:
    """Of each group: how many gave which answer."""
    found: dict[str, dict[float, int]] = {}
    for line in book[key].result["series"] if key in book else ():
        if len(line["breakdown"]) == 2:
            group, answer = (str(each) for each in line["breakdown"].values())
            try:
                found.setdefault(group, {})[float(answer)] = line["total"]
            except ValueError:  # the rest that was not told apart
                continue
    return found


def _rate(kept: Mapping[str, Any] | None, at: int) -> float | None:
    rates = kept["average"] if kept else []
    return rates[at] if at < len(rates) else None


def _retained(book: Book) -> dict[str, dict[str, Any]]:
    """Of each group: its size and its average retention."""
    found = {}
    for each in book["retention_by_segment"].result["breakdown"]:
        value = str(next(iter(each["breakdown"].values())))
        size = sum(cohort["size"] for cohort in each["cohorts"])
        found[value] = {"size": size, "average": each["average"]}
    return found
