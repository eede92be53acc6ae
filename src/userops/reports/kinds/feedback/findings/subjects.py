"""What the tickets are about: the most frequent, what grew, and what weighed most."""

from __future__ import annotations

from collections.abc import Iterator

import scipy

from userops.feedback.figures.selecting import UNSORTED
from userops.reports.book import Book, Finding
from userops.reports.judging import FEW, SURE
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.stats.multiplicity import holm
from userops.words import Words

SOME = 10
"""Tickets of a category from which on its growth is told."""


def most_frequent(book: Book) -> Iterator[Finding]:
    """The largest categories, and how many complain."""
    figure = book["categories"]
    lines = figure.result["categories"]
    if len(lines) < 2:
        return
    names = [_name(book, at) for at in (0, 1)]
    shares = [
        figure.quote(
            f"share_{at}",
            f"categories/{at}/share",
            "share",
            k=f"categories/{at}/tickets",
            n="tickets",
        )
        for at in (0, 1)
    ]
    few = (
        Words("数据不足，仅供参考：", "Too few to conclude: ")
        if figure.result["tickets"] < FEW
        else Words("", "")
    )
    yield Finding(
        Words(
            f"{few.zh}反馈最多的分类是“{names[0]}”，占 {shares[0]:kn}；其次是“{names[1]}”，占 {shares[1]:kn}。",
            f"{few.en}Most tickets are about “{names[0]}” with {shares[0]:kn}, followed by “{names[1]}” with "
            f"{shares[1]:kn}.",
        ),
        style="body",
    )
    complaints = figure.quote("complaints", "complaints")
    if complaints.value and figure.result["tickets"] >= FEW:
        every = figure.quote("tickets", "tickets")
        share = figure.derived(
            "complaint_share", complaints.value / every.value, "share", complaints, every,
            k=complaints.value, n=every.value,
        )  # fmt: skip
        yield Finding(
            Words(f"其中投诉占 {share:kn}。", f"Of all tickets {share:kn} are complaints."),
            style="body",
            key="complaints",
        )


def _name(book: Book, at: int) -> Quote:
    figure = book["categories"]
    path = str(figure.result["categories"][at]["category"])
    words = Words(path, path) if path else UNSORTED
    return figure.quote(f"category_{at}", f"categories/{at}/category", "text", words=words)


def grown(book: Book) -> Iterator[Finding]:
    """Categories with more tickets than in the period before, beyond chance (binomial, Holm over all)."""
    figure = book["categories"]
    lines = figure.result["categories"]
    if not book.subject.before_is_whole:
        return
    chances = [_chance(each["tickets"], each["before"]) for each in lines]
    more = [
        (at, each) for at, (each, p) in enumerate(zip(lines, holm(chances), strict=True))
        if p < SURE and each["tickets"] > each["before"] and each["tickets"] >= SOME and each["category"]
    ]  # fmt: skip
    more.sort(key=lambda pair: pair[1]["before"] - pair[1]["tickets"])
    for at, line in more[:2]:
        yield from _grown(book, at, bool(line["before"]))


def _chance(one: int, other: int) -> float:
    """The exact binomial test, two-sided, of two counts that would be as large as each other."""
    return min(1.0, 2 * float(scipy.special.bdtr(min(one, other), one + other, 0.5)))


def _grown(book: Book, at: int, known: bool) -> Iterator[Finding]:
    figure, under = book["categories"], f"categories/{at}"
    name, now = _name(book, at), figure.quote(f"now_{at}", f"{under}/tickets")
    then, users = (
        figure.quote(f"then_{at}", f"{under}/before"),
        figure.quote(f"users_{at}", f"{under}/speakers"),
    )
    if known:
        change = figure.quote(f"change_{at}", f"{under}/change", "change")
        zh, en = f"（环比 {change}）", f" ({change})"
    else:
        zh, en = "", ""
    yield Finding(
        Words(
            f"“{name}”的反馈由上期的 {then} 条增到 {now} 条{zh}，涉及 {users} 名用户，高于随机波动。",
            f"Tickets about “{name}” rose from {then} in the period before to {now}{en}, from {users} users, which "
            "is more "
            "than chance.",
        ),
        key=str(figure.result["categories"][at]["category"])[:80],
        tone="bad",
        weight=3.2,
    )
    yield Finding(
        Words(
            f"与产品、研发对照发布和事故记录，逐条读“{name}”的 {now} 条反馈，定出根因与修复；"
            f"以其每期条数回到上期水平（{then} 条）验收。",
            f"Read the {now} tickets about “{name}” beside releases and incidents with product and engineering, and "
            "name "
            f"cause and repair; accepted when a period brings no more than the one before ({then}).",
        ),
        style="action",
        chapter="advice",
        key=f"root_cause_{at}",
        weight=3.2,
    )


def hottest(book: Book) -> Iterator[Finding]:
    """The topic in which most tickets are, in the words of its users."""
    figure = book["hot_topics"]
    if not figure.result["topics"]:
        return
    name = figure.quote("topic", "topics/0/topic", "text")
    count, users = (
        figure.quote("count", "topics/0/tickets"),
        figure.quote("users", "topics/0/speakers"),
    )
    then = figure.quote("then", "topics/0/before")
    before = book.subject.before_is_whole
    zh = f"，上期 {then} 条" if before else ""
    en = f", {then} in the period before" if before else ""
    yield Finding(
        Words(
            f"从反馈文本归纳出的主题中，最多的是“{name}”：{count} 条{zh}，涉及 {users} 名用户。",
            f"The largest topic found in the texts is “{name}” with {count} tickets{en}, from {users} users.",
        ),
        style="body",
    )


def hurts(book: Book) -> Iterator[Finding]:
    """The pain point on top, with what became of those it hits; a comparison, no cause."""
    figure = book["pain_points"]
    row = figure.result["points"][0]
    name = figure.quote(
        "point",
        "points/0/title",
        "text",
        words=Words(row["title"], row["title_en"] or row["title"]),
    )
    tickets = figure.quote("point_tickets", "points/0/tickets")
    zh = f"得分最高的痛点是“{name}”：本期工单 {tickets} 条"
    en = f"The pain point with the highest score is “{name}”: {tickets} tickets in the period"
    if row["hit"] is not None:
        hit = figure.quote("hit", "points/0/hit")
        zh, en = f"{zh}，受影响用户 {hit} 名", f"{en}, {hit} users hit"
    if row["verdict"] == "clear":
        left = figure.quote("left", "points/0/left", "points", interval="points/0/left_interval")
        zh = f"{zh}；其流失率比条件相近的用户高 {left:size}（95% 区间 {left:span}，匹配比较，不是因果证明）"
        en = (
            f"{en}; of those it hits {left:size} more left than of others alike (95% interval {left:span}; "
            "a matched comparison, no proof of a cause)"
        )
    yield Finding(Words(f"{zh}。", f"{en}."), style="body", key="hurts")


def serious(book: Book) -> Iterator[Finding]:
    """Urgent tickets, and the largest of them."""
    figure = book["serious"]
    every, solved = figure.quote("tickets", "tickets"), figure.quote("solved", "solved")
    explained = figure.quote("explained", "explained")
    number, along = (
        figure.quote("number", "rows/0/number", "text"),
        figure.quote("along", "rows/0/along"),
    )
    text = figure.quote("text", "rows/0/text", "text")
    rest = (
        Words(
            "；其余的根因（5-Why）与预防由负责人在工单上补写",
            "; for the others it (5 whys) and prevention are for their owners to write, on the ticket",
        )
        if explained.value < every.value
        else Words("", "")
    )
    more = (
        Words(f"，合并了 {along} 条", f" with {along} merged into it")
        if along.value
        else Words("", "")
    )
    yield Finding(
        Words(
            f"紧急工单 {every} 条，已解决 {solved} 条；牵连最多的是 #{number}“{text}”{more.zh}。"
            f"已写明根因的 {explained} 条{rest.zh}。",
            f"{every} tickets were urgent, {solved} of them are solved; the largest is #{number} “{text}”{more.en}. "
            f"The root cause is written down for {explained}{rest.en}.",
        ),
        style="body",
    )


RULES = (
    Rule("topics", most_frequent, ("categories",)),
    Rule("topics", grown, ("categories",)),
    Rule("topics", hottest, ("hot_topics",)),
    Rule("topics", hurts, ("pain_points",)),
    Rule("serious", serious, ("serious",)),
)
