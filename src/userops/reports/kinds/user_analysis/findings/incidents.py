"""What went wrong: a version that crashes or loses payments, an hour in which payments failed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

import scipy

from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import Apart, each_against_rest
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words

Version = tuple[str, str]
"""Platform and version."""
SURE = 0.05
WORTH = 0.3
"""A version must differ from its platform's others by this share of their rate to be worth a word."""
LEAST_FAILURES = 3


def crashes(book: Book) -> Iterator[Finding]:
    """A version that crashes clearly more than the others of its platform."""
    figure = book["crashes"]
    counted = _crash_counts(figure)
    worst = _worst(counted, higher=True)
    if worst is None:
        return
    version, found = worst
    platform, name = _names(figure, counted_place(figure, version))
    places = (counted_place(figure, version), counted_place(figure, version, 1))
    crashed, visits = (figure.quote(f"count_{p}", f"series/{p}/total") for p in places)
    rate = figure.derived("rate", found.k / found.n, "share", crashed, visits, k=found.k, n=found.n)
    rest = figure.derived(
        "rest", found.rest_k / found.rest_n, "share", k=found.rest_k, n=found.rest_n
    )
    gap = figure.derived(
        "gap", found.difference, "points", rate, rest, low=found.low, high=found.high
    )
    of = _crashes_of(book)
    yield Finding(
        Words(
            f"{platform} {name} 崩溃偏多：{of.zh}的 {rate:kn}，同平台其他版本 {rest:kn}，高 {gap:size}"
            f"（95% 区间 {gap:span}）。",
            f"{platform} {name} crashes more: {of.en} {rate:kn}, against {rest:kn} on other versions of the "
            f"platform, {gap:size} more (95% interval {gap:span}).",
        ),
        tone="bad",
        weight=5,
    )
    yield Finding(
        Words(
            f"请研发确认 {platform} {name} 的崩溃已修复，并引导仍在该版本的用户升级；"
            f"以崩溃率回到其他版本的水平验收，即 {rest:kn}。",
            f"Have engineering confirm that the crash of {platform} {name} is fixed, and lead those still on it to "
            "update; "
            f"accepted when its rate is back at that of other versions, {rest:kn}.",
        ),
        style="action",
        chapter="advice",
        key="fix_version",
        weight=5,
    )


def _crashes_of(book: Book) -> Words:
    """What crashes are a share of: openings, else users."""
    visit = book.subject.role("visit")
    if not visit:
        return Words("遇到崩溃的人占活跃用户", "the share of active users who met a crash is")
    words = book.subject.label(visit)
    return Words(f"崩溃次数为“{words.zh}”次数", f"crashes per “{words.en}” are")


def _crash_counts(figure: Frozen) -> dict[Version, tuple[int, int]]:
    lines: dict[Version, dict[int, int]] = defaultdict(dict)
    for line in figure.result["series"]:
        if line["breakdown"] and "$others" not in line["breakdown"].values():
            version = (line["breakdown"]["platform"], line["breakdown"]["app_version"])
            lines[version][line["index"]] = line["total"]
    return {
        version: (min(found.get(0, 0), found.get(1, 0)), found.get(1, 0))
        for version, found in lines.items()
    }


def counted_place(figure: Frozen, version: Version, index: int = 0) -> int:
    """Where a version stands among the lines of a trend."""
    wanted = {"platform": version[0], "app_version": version[1]}
    return next(
        place for place, line in enumerate(figure.result["series"])
        if line["index"] == index and line["breakdown"] == wanted
    )  # fmt: skip


def _names(figure: Frozen, place: int, under: str = "series") -> tuple[Quote, Quote]:
    at = f"{under}/{place}/breakdown"
    return figure.named("platform", f"{at}/platform"), figure.named("version", f"{at}/app_version")


def _worst(
    counted: dict[Version, tuple[int, int]], *, higher: bool
) -> tuple[Version, Apart] | None:
    """The version that stands out most against the others of its own platform; all of them are paid for."""
    found: list[tuple[Version, Apart]] = []
    platforms = {platform for platform, version in counted if version}
    for platform in platforms:
        own = {v: kn for (p, v), kn in counted.items() if p == platform and v}
        found += [((platform, each.key), each) for each in each_against_rest(own)]
    telling = [
        (version, each) for version, each in found
        if each.p * max(1, len(platforms)) < SURE and each.sure and (each.difference > 0) == higher
        and abs(each.difference) * each.rest_n > WORTH * each.rest_k * (1 if higher else 0.3)
    ]  # fmt: skip
    return max(telling, key=lambda each: abs(each[1].difference), default=None)


def lost_payments(book: Book) -> Iterator[Finding]:
    """A version whose users pay clearly less often once they check out."""
    figure = book["pay_by_version"]
    counted: dict[Version, tuple[int, int]] = {}
    spots: dict[Version, int] = {}
    for place, each in enumerate(figure.result["breakdown"]):
        if "$others" not in each["breakdown"].values():
            version = (each["breakdown"]["platform"], each["breakdown"]["app_version"])
            counted[version] = (each["steps"][1]["users"], each["steps"][0]["users"])
            spots[version] = place
    worst = _worst(counted, higher=False)
    if worst is None:
        return
    version, found = worst
    at = f"breakdown/{spots[version]}/steps"
    platform, name = _names(figure, spots[version], "breakdown")
    rate = figure.quote(
        "rate", f"{at}/1/rate_from_previous", "share", k=f"{at}/1/users", n=f"{at}/0/users",
        interval=f"{at}/1/interval_from_previous",
    )  # fmt: skip
    rest = figure.derived(
        "rest", found.rest_k / found.rest_n, "share", k=found.rest_k, n=found.rest_n
    )
    gap = figure.derived(
        "gap", found.difference, "points", rate, rest, low=found.low, high=found.high
    )
    lost = figure.derived("lost", round(-found.difference * found.n), "whole", gap, rate)
    first = book.subject.label(book.subject.funnel[-2])
    yield Finding(
        Words(
            f"{platform} {name} 的支付转化偏低：“{first.zh}”后付款 {rate:kn}，同平台其他版本 {rest:kn}，低 {gap:size}"
            f"（95% 区间 {gap:span}），约少 {lost} 名付费用户。",
            f"{platform} {name} loses payments: {rate:kn} pay after “{first.en}”, against {rest:kn} on other "
            "versions of "
            f"the platform, {gap:size} lower (95% interval {gap:span}), about {lost} buyers fewer.",
        ),
        tone="bad",
        weight=4.8,
    )


def failed_hour(book: Book) -> Iterator[Finding]:
    """An hour in which one error came far more often than in any other."""
    figure = book["pay_errors"]
    lines = [
        (place, line) for place, line in enumerate(figure.result["series"])
        if "$others" not in line["breakdown"].values()
    ]  # fmt: skip
    tests = sum(len(line["points"]) for _, line in lines)
    for place, line in lines:
        counts = [count or 0 for _, count in line["points"]]
        top = max(range(len(counts)), key=lambda at: counts[at])
        usual = (sum(counts) - counts[top] + 0.5) / len(counts)
        if counts[top] < LEAST_FAILURES:
            continue
        p = tests * float(scipy.special.pdtrc(counts[top] - 1, usual))
        if p < SURE:
            yield _hour(book, figure, place, top)


def _hour(book: Book, figure: Frozen, place: int, top: int) -> Finding:
    property_ = next(iter(figure.at(f"series/{place}/breakdown")))
    code = figure.named(f"code_{place}", f"series/{place}/breakdown/{property_}")
    count = figure.quote(f"count_{place}", f"series/{place}/points/{top}/1")
    whole = figure.quote(f"total_{place}", f"series/{place}/total")
    when = _clock(figure, place, top)
    failed = book.subject.label(book.subject.role("pay_failed"))
    zh, en = _paid(book, top)
    return Finding(
        Words(
            f"{when} 起的一小时内，“{failed.zh}”集中出现错误 {code}：{count} 次，其余各小时合计 {whole} 次{zh}。"
            "请核对支付网关记录，并回访这一小时内下单未付的用户。",
            f"In the hour from {when}, “{failed.en}” came with the error {code} {count} times, {whole} in all other "
            "hours "
            f"together{en}. Check the gateway’s log, and write to those who did not get to pay in that hour.",
        ),
        tone="bad",
        key=f"hour_{place}",
        weight=4.5,
    )


def _clock(figure: Frozen, place: int, top: int) -> Quote:
    at = f"series/{place}/points/{top}/0"
    moment = datetime.fromisoformat(str(figure.at(at)))
    figure.quote(f"total_{place}", f"series/{place}/total")
    others = figure.at(f"series/{place}/total") - figure.at(f"series/{place}/points/{top}/1")
    figure.derived(f"total_{place}", others, "whole", Quote(figure.key, f"count_{place}"))
    text = f"{moment:%Y-%m-%d %H:%M}"
    return figure.quote(f"hour_{place}", at, "text", words=Words(text, text))


def _paid(book: Book, top: int) -> tuple[str, str]:
    """How many payments went through in that hour."""
    if "pay_hours" not in book:
        return "", ""
    figure = book["pay_hours"]
    paid = figure.quote("paid", f"series/0/points/{top}/1")
    return f"；同一小时支付成功 {paid} 笔", f"; {paid} payments went through in that hour"


RULES = (
    Rule("churn", crashes, ("crashes",)),
    Rule("churn", lost_payments, ("pay_by_version",)),
    Rule("churn", failed_hour, ("pay_errors",)),
)
