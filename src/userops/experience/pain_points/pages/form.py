"""The form of a pain point: its fields to a document and back; conditions are lines such as `reason = TIMEOUT`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from userops.errors import Refused
from userops.experience.pain_points.actions import Wanted
from userops.experience.pain_points.definition import TRAITS
from userops.experience.pain_points.models import PainPoint
from userops.words import Words

_SIGNS = {"=": "is", "!=": "is_not", ">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}
_LINE = re.compile(r"^\s*(.+?)\s*(!=|>=|<=|=|>|<)\s*(.*?)\s*$")
KINDS = ("none", "event", "exit", "segment")
Fields = Mapping[str, str]


def wanted_from(post: Any) -> Wanted:
    """Raises `Refused` for what cannot be read; the document itself is checked by the action."""
    return Wanted(
        title=post.get("title", ""),
        title_en=post.get("title_en", ""),
        note=post.get("note", ""),
        topic=_number(post.get("topic", "")),
        category=_number(post.get("category", "")),
        owner=_number(post.get("owner", "")),
        document=document_from(post),
    )


def document_from(post: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"matched": [name for name in TRAITS if post.get(f"match_{name}")]}
    for name in ("days", "after"):
        if (value := _number(post.get(name, ""))) is not None:
            document[name] = value
    kind = post.get("kind", "none")
    if kind == "segment":
        document["evidence"] = {"kind": kind, "segment": _number(post.get("segment", "")) or 0}
    elif kind in ("event", "exit"):
        evidence: dict[str, Any] = {"kind": kind, "step": _step(post, "event", "conditions")}
        if kind == "exit":
            evidence["next"] = _step(post, "next", "")
        elif post.get("among"):
            evidence["among"] = _step(post, "among", "")
        if post.get("need"):
            evidence["need"] = _json(post["need"])
        document["evidence"] = evidence
    return document


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 18 else None


def _step(post: Any, event: str, conditions: str) -> dict[str, Any]:
    return {"event": post.get(event, ""), "filters": conditions_from(post.get(conditions, ""))}


def conditions_from(text: str) -> list[dict[str, Any]]:
    """Lines, or filters as JSON where they are more than lines can say."""
    if text.lstrip().startswith("["):
        found: list[dict[str, Any]] = _json(text)
        return found
    filters: list[dict[str, Any]] = []
    for line in filter(str.strip, text.splitlines()):
        match = _LINE.match(line)
        if match is None:
            raise Refused(
                Words(f"看不懂条件 {line[:80]!r}。", f"Cannot read the condition {line[:80]!r}."),
                code="condition_unreadable",
                hint=Words(
                    "每行一个，例如 reason = TIMEOUT。", "One a line, such as reason = TIMEOUT."
                ),
            )
        name, sign, value = match.groups()
        filters.append({"property": name, "op": _SIGNS[sign], "value": _value(sign, value)})
    return filters


def _value(sign: str, value: str) -> str | float:
    if sign in ("=", "!="):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise Refused(
            Words("条件不是正确的 JSON。", "The conditions are not valid JSON."),
            code="json_invalid",
        ) from None


def conditions_text(filters: list[dict[str, Any]]) -> str:
    """What the form shows: lines where they can say it, else JSON."""
    signs = {op: sign for sign, op in _SIGNS.items()}
    lines = []
    for each in filters:
        value = each.get("value")
        values = value if isinstance(value, list) else [value]
        plain = (
            set(each) <= {"property", "op", "value", "of"} and each.get("of", "event") == "event"
        )
        if not plain or each.get("op") not in signs or len(values) != 1:
            return json.dumps(filters, ensure_ascii=False)
        lines.append(f"{each['property']} {signs[each['op']]} {values[0]}")
    return "\n".join(lines)


def fields_of(point: PainPoint) -> dict[str, Any]:
    """What the form of a pain point is filled with."""
    evidence = point.document.get("evidence") or {}
    step = evidence.get("step") or {}
    return {
        "title": point.title, "title_en": point.title_en, "note": point.note,
        "topic": point.topic_id or "", "category": point.category_id or "",
        "owner": point.owner_id or "",
        "kind": evidence.get("kind", "none"),
        "event": _event(step),
        "conditions": conditions_text(step.get("filters") or []),
        "next": _event(evidence.get("next") or {}),
        "among": _event(evidence.get("among") or {}),
        "segment": evidence.get("segment", ""),
        "need": json.dumps(evidence["need"], ensure_ascii=False) if evidence.get("need") else "",
        "days": point.definition.days,
        "after": point.definition.after or "",
        **{f"match_{name}": name in point.definition.matched for name in TRAITS},
    }  # fmt: skip


def _event(step: dict[str, Any]) -> str:
    event = step.get("event", "")
    return event if isinstance(event, str) else event[0]


EMPTY: dict[str, Any] = {
    "kind": "none", "days": 60, "after": "", **{f"match_{name}": True for name in TRAITS},
}  # fmt: skip
