"""The history of a ticket in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Sentiment, Severity, Status, TicketEvent
from userops.words import Words
from userops.workspace.models import User

Kind = TicketEvent.Kind
_FIELDS = {
    "subject": Words("标题", "Subject"),
    "category": Words("分类", "Category"),
    "severity": Words("严重程度", "Severity"),
    "sentiment": Words("情感", "Sentiment"),
    "complaint": Words("投诉", "Complaint"),
    "language": Words("语言", "Language"),
    "tier": Words("客户等级", "Customer tier"),
    "area": Words("产品模块", "Area"),
    "app_version": Words("应用版本", "App version"),
    "owner": Words("处理人", "Owner"),
    "team": Words("团队", "Team"),
    "root_cause": Words("根因", "Root cause"),
    "solution": Words("解决方案", "Solution"),
    "prevention": Words("预防措施", "Prevention"),
    "rating": Words("满意度评价", "Satisfaction"),
}
_ROWS: dict[str, type[User | Team | Category]] = {
    "owner": User,
    "team": Team,
    "category": Category,
}
_LABELS: dict[str, dict[str, Any]] = {
    "status": dict(Status.choices),
    "severity": dict(Severity.choices),
    "sentiment": dict(Sentiment.choices),
}
_QUIET = (Kind.OPENED, Kind.RECEIVED, Kind.ANSWERED, Kind.NOTED)
"""Told by their messages."""


@dataclass(frozen=True, slots=True)
class Happening:
    event: TicketEvent
    words: Words


def told(events: Iterable[TicketEvent]) -> list[Happening]:
    """Each in a sentence, in the order given; what its message tells already is left out."""
    shown = [each for each in events if each.kind not in _QUIET]
    names = _names(shown)
    return [Happening(each, _by_rule(each, _sentence(each, names))) for each in shown]


def _by_rule(event: TicketEvent, words: Words) -> Words:
    """Whose doing it was, where a rule did it."""
    name = event.data.get("rule", {}).get("name")
    if not name:
        return words
    return Words(f"{words.zh}（规则“{name}”）", f"{words.en} (rule “{name}”)")


def _names(events: Iterable[TicketEvent]) -> dict[tuple[str, Any], str]:
    """(field, key) → name, of the rows that the events speak of: one question for each kind of row."""
    wanted: dict[str, set[int]] = {name: set() for name in _ROWS}
    for event in events:
        field = "team" if event.kind == Kind.HANDED_OVER else event.data.get("field", "")
        if field in wanted:
            keys = (event.data.get("from"), event.data.get("to"))
            wanted[field] |= {key for key in keys if key is not None}
    return {
        (name, row.pk): str(row)
        for name, keys in wanted.items()
        if keys
        for row in _ROWS[name].objects.filter(pk__in=keys)
    }


def _sentence(event: TicketEvent, names: dict[tuple[str, Any], str]) -> Words:
    if event.kind in _SENTENCES:
        return _SENTENCES[event.kind](event.data, names)
    # what other parts of the desk write tells itself
    own = event.data.get("words")
    return Words(**own) if own else _same(str(event.get_kind_display()))


def _value(field: str, value: Any, names: dict[tuple[str, Any], str]) -> Words:
    if field in _ROWS:
        return _same(names.get((field, value), "–"))
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if field in _LABELS and value:
        return _same(str(_LABELS[field].get(value, value)))
    text = str(value or "–")
    return _same(text if len(text) <= 80 else f"{text[:79]}…")


def _same(text: str) -> Words:
    return Words(text, text)


def _moved(
    label: Words, field: str, data: dict[str, Any], names: dict[tuple[str, Any], str]
) -> Words:
    old, new = (_value(field, data.get(end), names) for end in ("from", "to"))
    return Words(f"{label.zh}：{old.zh} → {new.zh}", f"{label.en}: {old.en} → {new.en}")


def _changed(data: dict[str, Any], names: dict[tuple[str, Any], str]) -> Words:
    field = data["field"]
    words = _moved(_FIELDS.get(field, _same(field)), field, data, names)
    said = data.get("said")
    return Words(f"{words.zh}，“{said}”", f"{words.en}, “{said}”") if said else words


def _numbers(data: dict[str, Any]) -> str:
    return ", ".join(f"#{each}" for each in data.get("children", []))


def _merged(data: dict[str, Any], _names: Any) -> Words:
    if "into" in data:
        return Words(f"并入 #{data['into']}", f"Merged into #{data['into']}")
    return Words(f"合并了 {_numbers(data)}", f"Took in {_numbers(data)}")


def _unmerged(data: dict[str, Any], _names: Any) -> Words:
    if "parent" in data:
        return Words(f"从 #{data['parent']} 移出", f"Taken out of #{data['parent']}")
    return Words(f"移出了 #{data['child']}", f"#{data['child']} was taken out")


def _split(data: dict[str, Any], _names: Any) -> Words:
    if "into" in data:
        return Words(f"拆分出 #{data['into']}", f"#{data['into']} was split off")
    return Words(f"从 #{data['parent']} 拆分而来", f"Split off from #{data['parent']}")


def _related(data: dict[str, Any], _names: Any) -> Words:
    if "no_more" in data:
        return Words(f"取消关联 #{data['no_more']}", f"No longer related to #{data['no_more']}")
    return Words(f"关联 #{data['to']}", f"Related to #{data['to']}")


_SENTENCES: dict[str, Callable[[dict[str, Any], dict[tuple[str, Any], str]], Words]] = {
    Kind.STATUS: lambda data, names: _moved(Words("状态", "Status"), "status", data, names),
    Kind.CHANGED: _changed,
    Kind.HANDED_OVER: lambda data, names: _moved(Words("转交", "Handed over"), "team", data, names),
    Kind.MERGED: _merged,
    Kind.UNMERGED: _unmerged,
    Kind.SPLIT: _split,
    Kind.RELATED: _related,
}
