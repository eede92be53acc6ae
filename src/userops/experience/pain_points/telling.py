"""Pain points as tables, sentences and JSON: what pages, files, API and command tell."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from userops.analyses.table import Column, Table
from userops.audience.segments.models import Segment
from userops.events.models import Product
from userops.experience.pain_points.definition import TRAIT_WORDS as NAMES
from userops.experience.pain_points.definition import BySegment, Definition, describe, parse
from userops.experience.pain_points.models import STATUS_WORDS, PainPoint
from userops.experience.pain_points.ranking import FORMULA, VERDICT_NOTES, Ranked
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import with_event_names
from userops.words import Words

OUTCOME_WORDS = {
    "gone": Words("流失率", "Left"),
    "active": Words("活跃天数", "Active days"),
    "paid": Words("消费金额", "Paid"),
}
COMPARED_WORDS = {
    "hit": Words("受影响的用户与其他相似用户", "Users hit against others alike"),
    "complaint": Words("投诉的用户与其他相似用户", "Users who complained against others alike"),
}
TRAIT_WORDS = {
    "activity": Words("此前 28 天活跃天数", "Active days of the 28 before"),
    "value": Words("此前消费", "Paid before"),
    "tenure": Words("使用天数", "Days since first seen"),
}
NOT_A_CAUSE = Words(
    "这是匹配比较，不是因果证明：分组以外的差别仍可能同时影响两边。",
    "A matched comparison, no proof of a cause: what the strata do not hold may still set both sides apart.",
)


def trait_words(name: str) -> Words:
    if name.startswith("platform:"):
        value = name.removeprefix("platform:")
        return Words(f"平台为 {value}", f"On {value}")
    return TRAIT_WORDS[name]


def evidence_words(point: PainPoint) -> Words:
    """The sentence that says who is hit."""
    name = ""
    if isinstance(evidence := point.definition.evidence, BySegment):
        row = Segment.objects.filter(product=point.product, pk=evidence.segment).first()
        name = row.name if row else ""
    zh, en = (_named(point, language) for language in ("zh", "en"))
    return Words(describe(zh.evidence, name).zh, describe(en.evidence, name).en)


def _named(point: PainPoint, language: str) -> Definition:
    """The definition with the display names of its events as the names of its steps."""
    labels = Choices(point.product, language).event_labels
    return parse(with_event_names(point.document, labels))


def comparison_words(product: Product, document: dict[str, Any]) -> Words:
    """How a run compares, in a sentence. `document`: that of the run."""
    after, range_ = document["after"], document["range"]
    core = document["core"]
    matched = Definition.model_validate({"matched": document["matched"]}).matched
    zh = "、".join(NAMES[name].zh for name in matched)
    en = ", ".join(NAMES[name].en.lower() for name in matched)
    zh_core, en_core = (
        Choices(product, each).event_labels.get(core, core) for each in ("zh", "en")
    )
    what = Words("任意事件", "any event") if core == "*" else Words(f"“{zh_core}”", f"“{en_core}”")
    alike = Words(f"且{zh}同档" if zh else "", f" and in the same band of {en}" if en else "")
    return Words(
        f"统计期 {range_['from']} 至 {range_['to']}。起算日为首次受影响（或首次提交工单）当天；"
        f"与同一天活跃、截至当天未受影响的用户比较，要求同一天{alike.zh}。分档只看起算日之前。"
        f"流失：此后 {after} 天内没有{what.zh}。只比较此后 {after} 天已经过完的起算日。",
        f"From {range_['from']} to {range_['to']}. The index day is the first day of being hit (or of the first "
        f"ticket); compared with users who were there on the same day and had not been hit until its end, on the "
        f"same day{alike.en}. Bands look only at what came before the index day. Left: no {what.en} in the {after} "
        f"days after it. Only index days whose {after} days are over are compared.",
    )


_COLUMNS = (
    Column("number", Words("编号", "Number"), "whole"),
    Column("title", Words("痛点", "Pain point")),
    Column("status", Words("状态", "Status")),
    Column("verdict", Words("结论", "Verdict")),
    Column("score", Words("得分", "Score"), "number"),
    Column("reach", Words("影响面", "Reach"), "number"),
    Column("severity", Words("严重度", "Severity"), "number"),
    Column("impact", Words("流失影响", "Impact"), "number"),
    Column("value", Words("价值", "Value"), "number"),
    Column("users", Words("受影响用户", "Users hit"), "whole"),
    Column("share", Words("占活跃用户", "Share of active users"), "share"),
    Column("complainers", Words("投诉用户", "Users who complained"), "whole"),
    Column("tickets", Words("工单", "Tickets"), "whole"),
    Column("left", Words("多流失", "Left more"), "points"),
    Column("low", Words("95% 下限", "95% low"), "points"),
    Column("high", Words("95% 上限", "95% high"), "points"),
    Column("matched", Words("匹配用户", "Matched users"), "whole"),
    Column("per_person", Words("此前人均消费", "Paid before, per person"), "number"),
    Column("computed", Words("计算于", "Computed")),
)


def table_of(rows: Iterable[Ranked]) -> Table:
    """The ranking with all its terms. Titles are what members wrote; nobody is named."""
    return Table(_COLUMNS, [_row(each) for each in rows])


def _row(each: Ranked) -> tuple[Any, ...]:
    figures = each.figures
    hit, said = figures.get("hit") or {}, figures.get("tickets") or {}
    left, terms = each.left or {}, each.terms
    comparison = (figures.get("impact") or {}).get("hit") or (figures.get("impact") or {}).get(
        "complaint"
    )
    finished = each.run.ended if each.run else None
    return (
        each.point.number, each.point.words, STATUS_WORDS[each.point.status], each.verdict_words,
        terms and terms.score, terms and terms.reach, terms and terms.severity,
        terms and terms.impact, terms and terms.value,
        hit.get("users"), hit.get("share"), said.get("speakers"), said.get("tickets"),
        left.get("value"), left.get("low"), left.get("high"),
        comparison and comparison["matched"], hit.get("per_person"),
        finished.isoformat(timespec="seconds") if finished else None,
    )  # fmt: skip


def definition_words() -> Words:
    return Words(
        f"{FORMULA.zh}{VERDICT_NOTES.zh}{NOT_A_CAUSE.zh}",
        f"{FORMULA.en} {VERDICT_NOTES.en} {NOT_A_CAUSE.en}",
    )


def told(each: Ranked) -> dict[str, Any]:
    """One for programs."""
    point, run, terms = each.point, each.run, each.terms
    return {
        "number": point.number,
        "title": point.title,
        "title_en": point.title_en,
        "note": point.note,
        "status": point.status,
        "owner": point.owner.email if point.owner else None,
        "topic": point.topic_id,
        "category": point.category_id,
        "document": point.document,
        "definition": evidence_words(point).as_dict(),
        "verdict": each.verdict,
        "score": None if terms is None else terms.score,
        "terms": None
        if terms is None
        else {
            "reach": terms.reach, "severity": terms.severity, "impact": terms.impact,
            "value": terms.value,
        },
        "run": None
        if run is None
        else {
            "id": run.pk, "finished": run.ended and run.ended.isoformat(),
            "document": run.document, "figures": run.figures,
            "comparison": comparison_words(point.product, run.document).as_dict(),
        },
    }  # fmt: skip
