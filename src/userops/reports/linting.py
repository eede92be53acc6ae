"""The linter: what a sentence must have before a report is issued. Rules of the house pass it, people are told.

Each check reads one sentence in one language and yields what it finds; `LINTS` is the visible list.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from userops.reports.models import Evidence, Issue, Sentence, Style
from userops.reports.quoting import REFERENCE, Reference, Values, references
from userops.words import Words

Level = Literal["block", "warn"]
FEW = 30


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence in one language with what it quotes."""

    sentence: Sentence
    language: str
    text: str
    plain: str
    """Without its references."""
    quoted: tuple[Reference, ...]
    figures: frozenset[str]
    history_months: int


@dataclass(frozen=True, slots=True)
class Message:
    code: str
    level: Level
    words: Words
    sentence: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Lint:
    code: str
    level: Level
    check: Callable[[Reading], Iterator[Words]]


_VAGUE_ZH = (
    "一定成效", "一定程度", "有待提升", "有待加强", "进一步加强", "进一步提升", "显著", "明显", "大幅", "持续向好",
    "稳步", "较好", "较为理想", "基本达到", "效果不错", "反响热烈", "加强培训", "引起重视",
)  # fmt: skip
_VAGUE_EN = (
    "significantly", "substantially", "considerably", "good progress", "some extent", "room for improvement",
    "further strengthen", "raise awareness", "generally positive", "to be improved",
)  # fmt: skip
_CAUSAL_ZH = ("因为", "由于", "导致", "使得", "造成", "归因于", "带动", "促使")
_CAUSAL_EN = ("because", "caused", "led to", "due to", "resulted in", "drove", "thanks to")
_COMPARING_ZH = (
    "较", "比", "最", "却", "高于", "低于", "高 ", "低 ", "倍", "其余", "其他", "而", "相比", "其次", "同期", "平均",
)  # fmt: skip
_COMPARING_EN = (
    "than", "against", "compared", "from", "times", "others", "versus", "vs", "followed", "other", "average",
    "strongest", "but",
)  # fmt: skip
_FEW_ZH, _FEW_EN = ("数据不足", "基数过小", "样本过小"), ("too few", "not enough", "small base")
_WEAK_ZH, _WEAK_EN = ("证据弱",), ("weak evidence", "evidence is weak")

_NUMBER = re.compile(
    r"(?<![A-Za-z\d_.\-])[-+]?\d[\d,]*(?:\.\d+)?\s*(%|％|个百分点|万|亿|人|次|元|倍|points|k\b)?"
)
_ALLOWED = re.compile(
    r"95\s?%|\d+\s?(?:日|天|周|月|小时|点)(?!均)|第\s?[\d一二三]+|[Dd]ay \d+|\d+ (?:days?|weeks?|months?|hours?)"
    r"|[Ww]eek \d+|\d{4}-\d{2}(?:-\d{2})?|\d{4}\s?年|A/B|[A-Za-z]+\d+|v?\d+\.\d+\.\d+",
)


def _has(text: str, language: str, zh: tuple[str, ...], en: tuple[str, ...]) -> str:
    """The first of these words that stands in the text."""
    words, lower = (zh, text) if language == "zh" else (en, text.lower())
    return next((word for word in words if word in lower), "")


def vague(reading: Reading) -> Iterator[Words]:
    word = _has(reading.plain, reading.language, _VAGUE_ZH, _VAGUE_EN)
    if word and not _numbers(reading):
        yield Words(
            f"“{word}”空泛：请写明多少、与什么相比。",
            f"“{word}” is vague: say how much, against what.",
        )


def _numbers(reading: Reading) -> list[Reference]:
    return [
        each for each in reading.quoted if each.value and each.value["type"] not in ("text", "date")
    ]


def share_without_counts(reading: Reading) -> Iterator[Words]:
    for each in reading.quoted:
        value = each.value
        counted = value and value["type"] == "share" and "n" in value and each.way != "kn"
        if counted and not _counts_beside(reading, each):
            yield Words(
                f"比例 {each.figure}.{each.name} 没有写出 k/n：用 |kn。",
                f"The share {each.figure}.{each.name} stands without k/n: use |kn.",
            )


def _counts_beside(reading: Reading, share: Reference) -> bool:
    """Whether the same share has its counts elsewhere in the sentence, or is given as an interval."""
    same = [
        each for each in reading.quoted if (each.figure, each.name) == (share.figure, share.name)
    ]
    return share.way == "interval" or any(each.way == "kn" for each in same)


def no_comparison(reading: Reading) -> Iterator[Words]:
    if reading.sentence.style not in (Style.LEAD, Style.FINDING):
        return
    compared = any(
        each.value and each.value["type"] in ("points", "change") for each in reading.quoted
    )
    if not compared and not _has(reading.plain, reading.language, _COMPARING_ZH, _COMPARING_EN):
        yield Words(
            "结论没有比较：请写明与上期、其他人群或目标相比如何。",
            "The conclusion compares with nothing: say how it stands against before, others or a target.",
        )


def no_number(reading: Reading) -> Iterator[Words]:
    if reading.sentence.style in (Style.LEAD, Style.FINDING, Style.FACT) and not reading.quoted:
        yield Words("结论没有引用任何图表数字。", "The conclusion quotes no figure.")


def causal(reading: Reading) -> Iterator[Words]:
    if reading.sentence.claim in (Evidence.EXPERIMENT, Evidence.PERSON):
        return
    word = _has(reading.plain, reading.language, _CAUSAL_ZH, _CAUSAL_EN)
    if word:
        yield Words(
            f"证据只到相关，不能写“{word}”：改为“伴随”“可能与……有关”，或把证据等级改为实验、人工确认。",
            f"The evidence is correlation, so not “{word}”: write “goes along with”, or raise its level.",
        )


def unassigned(reading: Reading) -> Iterator[Words]:
    row = reading.sentence
    if row.style != Style.ACTION or reading.language == "en":
        return
    missing = [
        words
        for value, words in (
            (row.assignee, Words("负责人", "owner")),
            (row.due, Words("截止日期", "due date")),
        )
        if not value
    ]
    if missing:
        zh, en = "、".join(each.zh for each in missing), ", ".join(each.en for each in missing)
        yield Words(f"行动项缺{zh}。", f"The action lacks: {en}.")


def untracked(reading: Reading) -> Iterator[Words]:
    row = reading.sentence
    if row.style == Style.ACTION and not row.task and reading.language == "zh":
        yield Words("行动项没有对应任务。", "The action has no task.")


def unknown_figure(reading: Reading) -> Iterator[Words]:
    for each in reading.quoted:
        if each.value is None:
            yield Words(
                f"引用的数字 {each.figure}.{each.name} 不在本版快照里。",
                f"The value {each.figure}.{each.name} is not in this snapshot.",
            )
    if "{{" in reading.plain or "}}" in reading.plain:
        yield Words(
            "有写坏的引用：应为 {{图.值}}。", "A reference is malformed: write {{figure.value}}."
        )


def few(reading: Reading) -> Iterator[Words]:
    small = any(each.value and 0 < (each.value.get("n") or FEW) < FEW for each in reading.quoted)
    if small and not _has(reading.plain, reading.language, _FEW_ZH, _FEW_EN):
        yield Words(
            f"n 小于 {FEW}，句中须写“数据不足”。",
            f"n is below {FEW}: the sentence must say “too few”.",
        )


def straddles(reading: Reading) -> Iterator[Words]:
    """An interval that holds the target, or zero for a difference, carries no verdict."""
    if reading.sentence.style not in (Style.LEAD, Style.FINDING):
        return
    for each in reading.quoted:
        value = each.value or {}
        middle = 0 if value.get("type") in ("points", "change") else value.get("target")
        if middle is None or value.get("low") is None:
            continue
        inside = value["low"] <= middle <= value["high"]
        if inside and not _has(reading.plain, reading.language, _WEAK_ZH, _WEAK_EN):
            yield Words(
                "区间跨过目标或 0，句中须写“（证据弱）”。",
                "The interval holds the target or zero: the sentence must say “weak evidence”.",
            )


def one_framing(reading: Reading) -> Iterator[Words]:
    bases = {each.value.get("base") for each in reading.quoted if each.value}
    one = reading.history_months >= 13 and "previous" in bases and "year" not in bases
    if one and reading.sentence.style in (Style.LEAD, Style.FACT):
        yield Words(
            "历史已满 13 个月，环比旁应有同比。",
            "With 13 months of data, show year on year, too.",
        )


def bare_number(reading: Reading) -> Iterator[Words]:
    """A number that a person typed is bound to nothing."""
    if reading.sentence.edited is None:
        return
    found = [each[0].strip() for each in _NUMBER.finditer(_ALLOWED.sub("", reading.plain))]
    if found:
        listed = "、".join(found[:3])
        yield Words(
            f"手写的数字 {listed} 没有绑定图表：请插入对应的引用。",
            f"The typed number {', '.join(found[:3])} is bound to no figure: insert its reference.",
        )


LINTS: tuple[Lint, ...] = (
    Lint("vague", "block", vague),
    Lint("share_without_counts", "block", share_without_counts),
    Lint("no_comparison", "block", no_comparison),
    Lint("no_number", "block", no_number),
    Lint("causal", "block", causal),
    Lint("unassigned", "block", unassigned),
    Lint("unknown_figure", "block", unknown_figure),
    Lint("bare_number", "block", bare_number),
    Lint("few", "block", few),
    Lint("straddles", "block", straddles),
    Lint("untracked", "warn", untracked),
    Lint("one_framing", "warn", one_framing),
)


def lint_sentence(sentence: Sentence, values: Values, history_months: int = 0) -> list[Message]:
    """What is wrong with a sentence, in both languages of it."""
    found: list[Message] = []
    for language, text in (("zh", sentence.zh), ("en", sentence.en)):
        reading = Reading(
            sentence, language, text, REFERENCE.sub("", text), tuple(references(text, values)),
            frozenset(values), history_months,
        )  # fmt: skip
        found += [
            Message(lint.code, lint.level, words, sentence.key, language)
            for lint in LINTS
            for words in lint.check(reading)
        ]
    return found


def lint_issue(issue: Issue) -> list[Message]:
    """Of all sentences of an issue, and of its figures."""
    values = values_of(issue)
    months = int(issue.subject.get("history_months", 0))
    found = [
        message
        for sentence in issue.sentences.all()
        for message in lint_sentence(sentence, values, months)
    ]
    for figure in issue.figures.all():
        if not figure.sha256 or not figure.intact:
            words = Words(
                f"图表“{figure.title_in('zh')}”与其快照不符。",
                f"The figure “{figure.title_in('en')}” differs from its snapshot.",
            )
            found.append(Message("figure_changed", "block", words, figure.key))
    return found


def values_of(issue: Issue) -> Mapping[str, Mapping[str, Any]]:
    """What sentences may quote, by figure."""
    return dict(issue.figures.values_list("key", "values"))
