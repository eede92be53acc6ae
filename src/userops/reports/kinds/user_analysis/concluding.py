"""The first page: the verdict in key figures and one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import FEW
from userops.reports.kinds.user_analysis.findings.size import year_on_year
from userops.reports.kinds.user_analysis.tables import places
from userops.reports.quoting import INTERVAL_EN, INTERVAL_ZH, Quote
from userops.words import Words


def conclude(book: Book, findings: list[Finding]) -> Iterator[Finding]:
    """Up to six key figures, then what must be dealt with."""
    yield from _facts(book)
    bad = [each for each in findings if each.style == "finding" and each.tone == "bad"]
    good = [each for each in findings if each.style == "finding" and each.tone == "good"]
    if "volume" not in book:
        return
    users = book["volume"].quote("users", "series/0/total")
    verdict = _verdict(_heaviest(bad), _heaviest(good))
    yield Finding(
        Words(
            f"本期共有 {users} 名用户活跃。{verdict.zh}", f"{users} users were active. {verdict.en}"
        ),
        style="lead",
        key="verdict",
    )


def _heaviest(findings: list[Finding]) -> Words | None:
    """The finding that matters most: its first sentence, which holds what it compares. The interval stands below."""
    if not findings:
        return None
    words = max(findings, key=lambda each: each.weight).words
    zh, en = re.split("[；。]", words.zh)[0], re.split("[;.] ", words.en)[0]
    zh, en = INTERVAL_ZH.sub("", zh), INTERVAL_EN.sub("", en)
    first, _, rest = en.replace(": ", ", ", 1).rstrip(".").partition(" ")
    # it goes on after a colon: names keep their capital
    first = first.lower() if first in _LEADING else first
    return Words(zh.replace("：", "，", 1), f"{first} {rest}")


_LEADING = {"A", "At", "Between", "By", "During", "From", "In", "Of", "On", "The"}


def _verdict(bad: Words | None, good: Words | None) -> Words:
    first = Words("", "")
    if bad:
        first = Words(f"先处理：{bad.zh}。", f"First priority: {bad.en}.")
    if good:
        chance = Words(f"向好的是：{good.zh}。", f"Going well: {good.en}.")
        none = Words("没有发现明确的损失。", "No clear loss was found.")
        first = first if bad else none
        return Words(first.zh + chance.zh, f"{first.en} {chance.en}")
    if bad:
        return first
    return Words(
        "与其他人群和时段相比，没有发现超出随机波动的差异。",
        "Compared with other groups and times nothing was found beyond chance.",
    )


def _facts(book: Book) -> Iterator[Finding]:
    if "volume" in book:
        users = book["volume"].quote("users", "series/0/total")
        year = _year_on_year(book)
        zh, en = (f"（同比 {year}）", f" ({year} on last year)") if year else ("", "")
        yield Finding(
            Words(f"活跃用户：{users}{zh}", f"Active users: {users}{en}"),
            style="fact",
            key="active",
        )
    if "retention" in book:
        yield from _new_and_kept(book["retention"])
    if "funnel" in book and book["funnel"].result["steps"][0]["users"]:
        figure, last = book["funnel"], len(book["funnel"].result["steps"]) - 1
        rate = figure.quote(
            "conversion", f"steps/{last}/rate_from_first", "share", k=f"steps/{last}/users", n="steps/0/users",
            interval=f"steps/{last}/interval",
        )  # fmt: skip
        yield _fact("conversion", "主漏斗转化", "Main funnel", rate, "kn")
    if "buyers" in book and book["buyers"].result["series"][0]["total"]:
        figure = book["buyers"]
        yield _fact("buyers", "付费用户", "Buyers", figure.quote("buyers", "series/0/total"))
        yield _fact(
            "money",
            "支付金额",
            "Sales",
            figure.quote("money", "series/1/total", book.subject.money),
        )


def _year_on_year(book: Book) -> Quote | None:
    """Users against the same period last year, where there are 13 months and this one is over."""
    if "active_year" not in book or not book.subject.finished:
        return None
    figure = book["active_year"]
    if not figure.result["series"][0]["comparison"]["total"]:
        return None
    return year_on_year(figure)[-1]


def _new_and_kept(figure: Frozen) -> Iterator[Finding]:
    kn = figure.result["average_kn"]
    if kn and kn[0]:
        yield _fact("new", "新用户", "New users", figure.quote("new", "average_kn/0/1"))
    for at, words in places(figure)[:2][::-1]:
        if at < len(kn) and kn[at] and kn[at][1] >= FEW:
            rate = figure.quote(
                f"rate_{at}", f"average/{at}", "share", k=f"average_kn/{at}/0", n=f"average_kn/{at}/1",
                interval=f"average_interval/{at}",
            )  # fmt: skip
            yield _fact("kept", words.zh, f"{words.en} retention", rate, "kn")
            return


def _fact(key: str, zh: str, en: str, value: Quote, way: str = "") -> Finding:
    return Finding(Words(f"{zh}：{value:{way}}", f"{en}: {value:{way}}"), style="fact", key=key)
