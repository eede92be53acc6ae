"""How much came, how much ended, what is left, and how long it took."""

from __future__ import annotations

import math
from collections.abc import Iterator

from userops.reports.book import Book, Finding
from userops.reports.outline import Rule
from userops.words import Words

Z = 1.96


def flow(book: Book) -> Iterator[Finding]:
    """Received, ended, and the backlog against the beginning; a move within what chance makes is only told."""
    figure = book["flow"]
    received, ended = figure.quote("received", "received"), figure.quote("ended", "ended")
    reopened = figure.quote("reopened", "reopened")
    before, after = figure.quote("open_before", "open_before"), figure.quote("open", "open")
    yield Finding(
        Words(
            f"本期收到 {received} 条反馈，结束 {ended} 条，重开 {reopened} 条；未结由期初的 {before} 条变为期末的 "
            f"{after} 条。",
            f"{received} tickets were received, {ended} ended and {reopened} were reopened; from {before} open at the "
            f"beginning to {after} at the end.",
        ),
        style="body",
    )
    moved = after.value - before.value
    if abs(moved) <= Z * math.sqrt(received.value + ended.value):
        return
    difference = figure.derived("moved", abs(moved), "whole", after, before)
    zh, en = ("积压", "grew") if moved > 0 else ("减少", "shrank")
    yield Finding(
        Words(
            f"未结反馈{zh} {difference} 条：期末 {after} 条，高于期初的 {before} 条，超出日常波动。"
            if moved > 0
            else f"未结反馈{zh} {difference} 条：期末 {after} 条，低于期初的 {before} 条，超出日常波动。",
            f"The backlog {en} by {difference}: {after} are open against {before} at the beginning, beyond chance.",
        ),
        key="backlog",
        tone="bad" if moved > 0 else "good",
        weight=2.0,
    )


def volume_before(book: Book) -> Iterator[Finding]:
    """Received, against the same number of days before."""
    figure = book["categories"]
    now, then = figure.quote("tickets", "tickets"), figure.quote("before", "before")
    if not book.subject.before_is_whole or not then.value:
        return
    change = figure.derived(
        "change", now.value / then.value - 1, "change", now, then, base="previous"
    )
    beyond = abs(now.value - then.value) > Z * math.sqrt(now.value + then.value)
    zh, en = ("超出", "beyond") if beyond else ("未超出", "within")
    yield Finding(
        Words(
            f"收到的反馈较上期的 {then} 条变化 {change}，{zh}随机波动。",
            f"Received tickets moved by {change} from {then} in the period before, {en} chance.",
        ),
        style="body",
    )


def closing(book: Book) -> Iterator[Finding]:
    """How long it took to solve."""
    figure = book["closing"]
    if not figure.result["n"]:
        return
    n = figure.quote("n", "n")
    median, slow = (
        figure.quote("median", "median", "seconds"),
        figure.quote("p90", "p90", "seconds"),
    )
    yield Finding(
        Words(
            f"本期解决的 {n} 条里，一半在 {median}内解决，九成在 {slow}内解决（自然时间）。",
            f"Of the {n} solved in the period half took up to {median}, nine in ten up to {slow} (wall-clock time).",
        ),
        style="body",
    )


def register(book: Book) -> Iterator[Finding]:
    """What the register holds."""
    figure = book["register"]
    every, listed = figure.quote("tickets", "tickets"), figure.quote("shown", "shown")
    yield Finding(
        Words(
            f"本期登记 {every} 条反馈，记录列出 {listed} 条；联系方式不列，原话里的个人信息已遮盖。",
            f"{every} tickets were registered in the period and {listed} are listed; contact details are left out and "
            "personal data in the words of users are masked.",
        ),
        style="body",
    )
    if listed.value < every.value:
        yield Finding(
            Words(
                "超出行数上限的记录请按分类或团队分开导出。", "Take the rest by category or team."
            ),
            style="note",
            key="cut",
            about=("register",),
        )


RULES = (
    Rule("due", flow, ("flow",)),
    Rule("due", volume_before, ("categories",)),
    Rule("due", closing, ("closing",)),
)
REGISTER_RULES = (Rule("register", register, ("register",)), Rule("register", flow, ("flow",)))
