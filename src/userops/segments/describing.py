"""A segment in a sentence, in both languages: its definition."""

from __future__ import annotations

from collections.abc import Sequence as Several
from functools import singledispatch
from typing import Any

from userops.analyses.answering import parse as parse_question
from userops.analyses.selecting import selection_words
from userops.events.fact_names import is_segment, list_key, segment_key
from userops.events.fact_rows import as_text
from userops.query.dates import DateRange
from userops.query.durations import duration_words
from userops.query.naming import shown
from userops.segments.document import (
    And,
    Behind,
    Did,
    InSegment,
    Listed,
    Not,
    OfUser,
    Or,
    Segment,
    Sequence,
    Timed,
)
from userops.words import Words

EVERYONE = Words("全部用户", "All users")
_PAST = Words(
    "按当前条件看截至 {day} 的行为，谁与谁是同一人按今天所知",
    "Today’s definition on the behaviour up to {day}; who is one person as known today",
)


def describe(document: Segment) -> Words:
    """The definition. Facts and segments are called by the names of `naming`."""
    if isinstance(document.where, And) and not document.where.and_:
        return Words("全部用户。", "All users.")
    told = _words(document.where)
    return Words(f"满足条件的用户：{_bare(told.zh)}。", f"Users who: {_bare(told.en)}.")


def describe_past(day: Any, notes: Several[Words]) -> Words:
    """What membership at a past day means; `notes`: of what else is known, and not known, of that day."""
    zh, en = _PAST.zh.format(day=day), _PAST.en.format(day=day)
    return Words(
        "；".join([zh, *(each.zh for each in notes)]) + "。",
        "; ".join([en, *(each.en for each in notes)]) + ".",
    )


def _bare(text: str) -> str:
    """Without the brackets around the whole."""
    whole = text[:1] in "（(" and text[-1:] in "）)" and _closes_last(text)
    return text[1:-1] if whole else text


def _closes_last(text: str) -> bool:
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign in "（(") - (sign in "）)")
        if not depth:
            return at == len(text) - 1
    return False


@singledispatch
def _words(node: Any) -> Words:
    raise TypeError(node)


def _joined(nodes: Any, zh: str, en: str) -> Words:
    inner = [_words(each) for each in nodes]
    if not inner:
        return EVERYONE
    if len(inner) == 1:
        return inner[0]
    return Words(
        f"（{zh.join(each.zh for each in inner)}）", f"({en.join(each.en for each in inner)})"
    )


@_words.register
def _(node: And) -> Words:
    return _joined(node.and_, "，且", ", and ")


@_words.register
def _(node: Or) -> Words:
    return _joined(node.or_, "，或", ", or ")


@_words.register
def _(node: Not) -> Words:
    inner = _words(node.not_)
    zh = inner.zh if inner.zh.startswith("（") else f"（{inner.zh}）"
    en = inner.en if inner.en.startswith("(") else f"({inner.en})"
    return Words(f"不满足{zh}", f"not {en}")


_FIGURES = {
    "times": Words("次", "times"),
    "days": Words("天", "days"),
}


@_words.register
def _(node: Did) -> Words:
    step, when = node.describe(), _range(node.range)
    if node.op == "none":
        return Words(f"{when.zh}没有做过{step.zh}", f"did not do {step.en} {when.en}")
    compared = _compared(node)
    if node.measure in _FIGURES:
        unit = _FIGURES[node.measure]
        on = Words("有", "on ") if node.measure == "days" else Words("", "")
        one = node.op != "between" and node.least() == 1
        plural = unit.en[:-1] if one else unit.en
        return Words(
            f"{when.zh}{on.zh}{compared.zh} {unit.zh}做过{step.zh}",
            f"did {step.en} {on.en}{compared.en} {plural} {when.en}",
        )
    what = Words("之和", "the sum") if node.measure == "sum" else Words("平均值", "the average")
    return Words(
        f"{when.zh}做{step.zh}的“{node.property}”{what.zh}{compared.zh}",
        f"did {step.en} with {what.en} of “{node.property}” {compared.en} {when.en}",
    )


def _compared(node: Did) -> Words:
    low = as_text(float(node.least()))
    if node.op == "between":
        high = as_text(float(node.high or 0))
        return Words(f" {low} 至 {high}", f"{low} to {high}")
    words = {
        "gte": Words("至少", "at least"),
        "lte": Words("至多", "at most"),
        "eq": Words("恰好", "exactly"),
    }[node.op]
    return Words(f"{words.zh} {low}", f"{words.en} {low}")


def _range(range_: DateRange) -> Words:
    if range_.preset == "all_time":
        return Words("历史上", "at any time")
    told = range_.describe()
    if range_.preset is not None:
        return Words(told.zh, f"in “{told.en.lower()}”")
    current = (
        Words("（含当前）", ", the running one included")
        if range_.include_current
        else Words("", "")
    )
    if range_.from_ is not None:
        return Words(f"在 {told.zh} ", f"from {told.en}")
    return Words(f"{told.zh}{current.zh}", f"in {told.en}{current.en}")


@_words.register
def _(node: Sequence) -> Words:
    steps = [each.describe() for each in node.steps]
    window, when = duration_words(node.window), _range(node.range)
    zh, en = " → ".join(s.zh for s in steps), " → ".join(s.en for s in steps)
    return Words(
        f"{when.zh}依次做过{zh}，全程不超过 {window.zh}",
        f"did {en} in this order within {window.en}, beginning {when.en}",
    )


@_words.register
def _(node: Timed) -> Words:
    step, when = node.describe(), _range(node.range)
    which = Words("首次", "first") if node.who == "first" else Words("最近一次", "last")
    return Words(
        f"{which.zh}{step.zh}发生在{when.zh.removeprefix('在').rstrip()}",
        f"{which.en} did {step.en} {when.en}",
    )


@_words.register
def _(node: OfUser) -> Words:
    told = node.describe()
    en = told.en.removeprefix("user ")
    return Words(told.zh, f"are {en.removeprefix('is ')}" if is_segment(node.property) else en)


@_words.register
def _(node: InSegment) -> Words:
    name = shown(segment_key(node.segment))
    return Words(f"属于分群“{name.zh}”", f"are in segment “{name.en}”")


@_words.register
def _(node: Listed) -> Words:
    name = shown(list_key(node.list))
    return Words(f"在名单“{name.zh}”中", f"are in list “{name.en}”")


@_words.register
def _(node: Behind) -> Words:
    analysis, question = parse_question(node.question)
    told = analysis.definition(question)
    cell = selection_words(node.selection)
    zh, en = told.zh.rstrip("。"), told.en.rstrip(".")
    return Words(
        f"属于{analysis.words.zh}的一个数字（{cell.zh}；{zh}）",
        f"are behind a number of {analysis.words.en} ({cell.en}; {en})",
    )
