"""The first pages of the feedback reports: KPIs with status, the numbers, and one verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator

from userops.reports.book import Book, Finding
from userops.reports.kinds.feedback import kpis
from userops.reports.quoting import INTERVAL_EN, INTERVAL_ZH
from userops.reports.targets import TONES
from userops.words import Words


def conclude_summary(book: Book, findings: list[Finding]) -> Iterator[Finding]:
    found = [kpi for kpi in (kpis.on_time(book), kpis.satisfaction(book)) if kpi is not None]
    for number, kpi in enumerate(found):
        # the card shows the value large, and what stands in brackets or follows them small; how sure it is stands there
        # by its tone
        met, _sure = kpis.SAID[kpi.state]
        shared = kpi.measured.value <= 1
        value = f"{kpi.value:kn} · " if shared else f"{kpi.value}"
        zh, en = (met.zh, met.en) if shared else (f"（{met.zh}）", f" ({met.en})")
        yield Finding(
            Words(f"{kpi.words.zh}：{value}{zh}", f"{kpi.words.en}: {value}{en}"),
            style="fact",
            key=f"kpi_{number}",
            tone=TONES[kpi.state],
        )
    yield from _counts(book)
    if "flow" not in book:
        return
    received, left = book["flow"].quote("received", "received"), book["flow"].quote("open", "open")
    verdict = _verdict(findings)
    yield Finding(
        Words(
            f"本期收到 {received} 条反馈，期末未结 {left} 条。{verdict.zh}",
            f"{received} tickets were received and {left} are open at the end. {verdict.en}",
        ),
        style="lead",
        key="verdict",
    )


def _counts(book: Book) -> Iterator[Finding]:
    if "flow" in book:
        figure = book["flow"]
        for key, zh, en, pointer in (
            ("received", "收到", "Received", "received"),
            ("ended", "结束", "Ended", "ended"),
            ("open", "期末未结", "Open at the end", "open"),
        ):
            value = figure.quote(key, pointer)
            yield Finding(Words(f"{zh}：{value}", f"{en}: {value}"), style="fact", key=key)
    if "closing" in book and book["closing"].result["n"]:
        median = book["closing"].quote("median", "median", "seconds")
        yield Finding(
            Words(f"解决用时（中位）：{median}", f"Time to solve (median): {median}"),
            style="fact",
            key="median",
        )


def _verdict(findings: list[Finding]) -> Words:
    """What is worst: its first sentence, which holds what it compares. The interval stands below."""
    bad = [each for each in findings if each.style == "finding" and each.tone == "bad"]
    if not bad:
        return Words(
            "与目标和其余团队、分类相比，没有发现超出随机波动的问题。",
            "Compared with targets and with other teams and categories, no problem beyond chance was found.",
        )
    words = max(bad, key=lambda each: each.weight).words
    zh, en = re.split("[；。]", words.zh)[0], re.split("[;.] ", words.en)[0].rstrip(".")
    zh, en = INTERVAL_ZH.sub("", zh), INTERVAL_EN.sub("", en)
    return Words(
        f"先处理：{zh}。",
        f"First priority: {en}.",
    )


def conclude_register(book: Book, _findings: list[Finding]) -> Iterator[Finding]:
    yield from _counts(book)
