"""Figures of a run as its page shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from userops.events.models import Product
from userops.experience.pain_points.impact.comparing import BALANCED
from userops.experience.pain_points.models import STATUS_WORDS, Happening, PainPoint
from userops.experience.pain_points.ranking import LEAST_SHARE
from userops.experience.pain_points.telling import COMPARED_WORDS, OUTCOME_WORDS, trait_words
from userops.insights.builder.choices import Choices
from userops.stats.matching import LEAST_CASES
from userops.words import Words
from userops.workspace.history import CREATED, changed_words, status_words
from userops.workspace.language import reader_language


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison as a card: `outcomes` and `balance` are rows with their words."""

    name: str
    words: Words
    figures: dict[str, Any]
    outcomes: list[dict[str, Any]]
    balance: list[dict[str, Any]]
    warning: Words | None


def comparisons(figures: dict[str, Any]) -> list[Compared]:
    found = []
    for name, words in COMPARED_WORDS.items():
        own = figures["impact"].get(name)
        if own is not None:
            outcomes = [{**row, "words": OUTCOME_WORDS[row["name"]]} for row in own["outcomes"]]
            balance = [
                {
                    **row,
                    "words": trait_words(row["name"]),
                    "uneven": row["after"] is not None and abs(row["after"]) > BALANCED,
                }
                for row in own["balance"]
            ]
            found.append(Compared(name, words, own, outcomes, balance, _warning(own)))
    return found


def _warning(own: dict[str, Any]) -> Words | None:
    if not own["enough"]:
        return Words(
            f"匹配成功的用户只有 {own['matched']} 名，不足 {LEAST_CASES} 名，因此不给出差异。"
            "可以延长统计期，或减少匹配的特征。",
            f"Only {own['matched']} users were matched, fewer than {LEAST_CASES}: no difference is told. Look at more "
            "days, or match by fewer traits.",
        )
    if own["matched"] < LEAST_SHARE * own["eligible"]:
        return Words(
            f"可跟踪的 {own['eligible']} 名用户中只有 {own['matched']} 名匹配成功，结果只说明这一部分人。",
            f"Of {own['eligible']} users who can be followed only {own['matched']} were matched: the result speaks of "
            "these alone.",
        )
    return None


def proposed(product: Product, figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Events that go before complaints, by their display names."""
    labels = Choices(product, reader_language()).event_labels
    return [
        {**row, "label": labels.get(row["event"], row["event"])}
        for row in figures.get("suggested") or []
    ]


FIELD_WORDS = {
    "title": Words("标题", "title"), "title_en": Words("英文标题", "English title"),
    "note": Words("说明", "note"), "topic": Words("话题", "topic"),
    "category": Words("分类", "category"), "owner": Words("负责人", "owner"),
    "document": Words("口径", "definition"),
}  # fmt: skip
_LINK_WORDS = {
    "ticket": Words("工单", "ticket"), "topic": Words("话题", "topic"),
    "annotation": Words("标注", "annotation"), "report": Words("报告", "report"),
}  # fmt: skip


def narrated(point: PainPoint) -> list[tuple[Happening, Words]]:
    """The history in words, the newest first."""
    rows = point.history.select_related("by")
    return [(each, _NARRATE[each.kind](each.data)) for each in rows]


def _status(data: dict[str, Any]) -> Words:
    why = data.get("why")
    return status_words(data, STATUS_WORDS, Words(f"：{why}", f": {why}") if why else Words("", ""))


def _linked(data: dict[str, Any]) -> Words:
    kind = _LINK_WORDS[data["kind"]]
    return Words(f"关联{kind.zh} #{data['key']}", f"Linked {kind.en} #{data['key']}")


def _unlinked(data: dict[str, Any]) -> Words:
    kind = _LINK_WORDS[data["kind"]]
    return Words(
        f"取消关联{kind.zh} #{data['key']}", f"Link to {kind.en} #{data['key']} taken away"
    )


_NARRATE: dict[str, Callable[[dict[str, Any]], Words]] = {
    "created": lambda _: CREATED,
    "changed": lambda data: changed_words(data, FIELD_WORDS),
    "status": _status,
    "linked": _linked,
    "unlinked": _unlinked,
}
