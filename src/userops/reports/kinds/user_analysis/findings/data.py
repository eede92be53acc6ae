"""What the data cover, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator

from userops.reports.book import Book, Finding
from userops.reports.outline import Rule
from userops.words import Words

MANY_GAPS = 0.05
"""From this share of events on, a gap is told."""
MACHINE = 1_000
"""Events of one person in the period; a person at ten events a day makes 300 a month."""


def scope(book: Book) -> Iterator[Finding]:
    """Which data the report stands on."""
    volume, period = book["volume"], book.subject.period.words
    users = volume.quote("users", "series/0/total")
    events = volume.quote("events", "series/1/total")
    yield Finding(
        Words(
            f"本报告覆盖{_spaced(period.zh)}，共 {users} 名用户的 {events} 个事件，"
            f"日期按产品时区（{book.subject.zone.key}）划分；同一用户的多个 ID 已合并。",
            f"This report covers {period.en}: {events} events of {users} users, by days in the product’s "
            f"time zone ({book.subject.zone.key}); several ids of one person count once.",
        ),
        style="body",
    )
    if book.subject.whom.words is not None:
        whom = book.subject.whom.words
        yield Finding(
            Words(f"本报告{whom.zh}，各图均按此计算。", f"All figures are of {whom.en}."),
            style="note",
            key="whom",
            about=("volume",),
        )
    if not book.subject.finished and book.subject.last_day is None:
        yield Finding(
            Words(
                "本期尚未结束，期末数据还会变化。",
                "The period is not over: its last days will still change.",
            ),
            style="note",
            key="unfinished",
            about=("volume",),
        )
    if book.subject.last_day is not None:
        last = book.subject.last_day
        yield Finding(
            Words(
                f"数据到 {last} 为止，之后没有事件：周期与对比都只算到这一天，"
                "留存等需要等待的指标只计到那时已到期的用户。",
                f"The data end on {last}: the period and what it is compared with go no further, and retention and "
                "whatever else takes time counts only users whose time had come by then.",
            ),
            style="note",
            key="ended",
            about=("volume",),
        )
    if not book.subject.before_is_whole:
        yield Finding(
            Words(
                "上一周期的数据不完整，本报告不作环比。",
                "The data do not reach back over the whole period before: nothing is compared with it.",
            ),
            style="note",
            key="no_before",
            about=("volume",),
        )


def _spaced(text: str) -> str:
    return f" {text}" if text[:1].isdigit() else text


def gaps(book: Book) -> Iterator[Finding]:
    """Properties that many events lack."""
    figure = book["gaps"]
    every, *lacking = figure.result["series"]
    total = every["total"]
    worst = [
        (line["total"] / total, place)
        for place, line in enumerate(lacking, start=1)
        if total and line["total"] / total >= MANY_GAPS
    ]
    for share, place in sorted(worst, reverse=True)[:2]:
        name = str(figure.result["series"][place]["label"])
        count = figure.quote(f"lacking_{place}", f"series/{place}/total")
        part = figure.derived(f"share_{place}", share, "share", count, k=count.value, n=total)
        words = book.subject.named_properties.get(name, Words(name, name))
        yield Finding(
            Words(
                f"{part:kn} 的事件没有“{words.zh}”，按它拆分的结论只代表其余部分；请与研发核对埋点。",
                f"{part:kn} of the events lack “{words.en}”: what is told by it holds for the others only; "
                "check the tracking with engineering.",
            ),
            style="note",
            key=name,
        )


def tests(book: Book) -> Iterator[Finding]:
    """Test accounts among the users."""
    figure = book["test_users"]
    users, found, _, of_events = (each["total"] for each in figure.result["series"])
    if not found:
        return
    count = figure.quote("tests", "series/1/total")
    events = figure.quote("test_events", "series/3/total")
    everyone = figure.quote("users", "series/0/total")
    share = figure.derived("share", found / users, "share", count, everyone, k=found, n=users)
    done = (
        Words("已从各图剔除", "they are left out of all figures")
        if book.subject.whom.without_tests
        else Words(
            "已计入各图，未剔除；可在报告设置里剔除",
            "they are counted in all figures, unless the settings leave them out",
        )
    )
    yield Finding(
        Words(
            f"数据里有 {count} 个测试账号，占用户 {share:kn}，共 {events} 个事件；{done.zh}。",
            f"The data hold {count} test accounts, {share:kn} of users, with {events} events; {done.en}.",
        ),
        style="note",
    )
    assert of_events is not None


def machines(book: Book) -> Iterator[Finding]:
    """People with more events than a person makes."""
    figure = book["busiest"]
    far = [
        place
        for place, bucket in enumerate(figure.result["buckets"])
        if bucket["from"] is not None
        and bucket["from"] >= MACHINE
        and figure.result["counts"][place]
    ]
    if not far:
        return
    parts = [figure.quote(f"far_{place}", f"counts/{place}") for place in far]
    count = figure.derived("far", sum(part.value for part in parts), "whole", *parts)
    limit = figure.quote("limit", f"buckets/{far[0]}/from")
    middle = figure.quote("median", "median", "number")
    one = count.value == 1
    made = f"id made at least {limit} events" if one else f"ids made at least {limit} events each"
    they, them = ("It may be a machine", "it") if one else ("They may be machines", "them")
    yield Finding(
        Words(
            f"有 {count} 个 ID 在本期产生了至少 {limit} 个事件（中位用户 {middle} 个），可能是程序或批量操作；"
            "核实后请在数据接入处剔除。",
            f"{count} {made} in the period (the median user: {middle}). {they} or bulk work; once checked, leave "
            f"{them} out where the data come in.",
        ),
        style="note",
    )


RULES = (
    Rule("data", scope, ("volume",)),
    Rule("data", gaps, ("gaps",)),
    Rule("data", tests, ("test_users",)),
    Rule("data", machines, ("busiest",)),
)
