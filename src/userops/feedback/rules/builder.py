"""The form of a rule: what was typed as a document, and a document as rows that can be typed in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from userops.feedback.rules.options import Named, Options
from userops.feedback.rules.vocabulary import (
    BARE,
    CAUSES,
    DEEDS,
    FIELDS,
    TEST_WORDS,
    TESTS_OF,
    UNREAD,
)
from userops.words import Words

GROUPS = ("all", "any")
MOST_ROWS = 60
_SPLIT = re.compile(r"[,，、;；\n]")
_KEYED = ("branch", "row", "set")


@dataclass(frozen=True, slots=True)
class Box:
    """One choice that can be ticked or selected."""

    value: str
    words: Words
    chosen: bool


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """`boxes` for keys and choices, else `text`; `bare`: the chosen test takes no values."""

    name: str
    field: str
    words: Words
    tests: list[Box]
    boxes: list[Box]
    text: str
    number: bool
    bare: bool


@dataclass(frozen=True, slots=True)
class DeedRow:
    name: str
    do: str
    words: Words
    choices: list[Box]
    value: str
    line: bool
    """Whether its value is typed."""
    text: str
    wordy: bool
    told: dict[str, list[Box]] = field(default_factory=dict)


def typed(given: QueryDict) -> dict[str, Any]:
    """What was typed so far, as a document: not checked yet."""
    cause = given.get("cause", "opened")
    when: dict[str, Any] = {"cause": cause}
    if cause in CAUSES and CAUSES[cause].timed:
        calendar = given.get("calendar", "")
        when |= {"hours": _number(given.get("hours", "")), "calendar": _key(calendar)}
    return {
        "when": when,
        "if": {group: [_condition(given, name) for name in _rows(given, group)] for group in GROUPS},
        "then": [_deed(given, name) for name in _rows(given, "then")],
        "after_rules": given.get("after_rules") == "on",
    }  # fmt: skip


def _rows(given: QueryDict, group: str) -> list[str]:
    """The names of the rows that were sent, in their order."""
    tail = "do" if group == "then" else "field"
    names = [f"{group}-{number}" for number in range(MOST_ROWS)]
    return [name for name in names if f"{name}-{tail}" in given]


def _condition(given: QueryDict, name: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "field": given.get(f"{name}-field", ""), "test": given.get(f"{name}-test", ""),
    }  # fmt: skip
    known = FIELDS.get(found["field"])
    if known is None or found["test"] in BARE:
        return found
    values: list[Any] = [each for each in given.getlist(f"{name}-values") if each.strip()]
    if known.kind in _KEYED:
        values = [_key(each) for each in values]
    elif known.kind == "number":
        values = [_number(each) for each in values]
    elif known.kind in ("word", "text"):
        values = [each.strip() for text in values for each in _SPLIT.split(text) if each.strip()]
    return found | {"values": values}


def _deed(given: QueryDict, name: str) -> dict[str, Any]:
    do = given.get(f"{name}-do", "")
    kind = DEEDS.get(do)
    found: dict[str, Any] = {"do": do}
    if kind is None:
        return found
    value: Any = given.get(f"{name}-value", "").strip()
    if kind.value in ("category", "team", "owner", "macro", "number", "requirement"):
        value = _key(value.lstrip("#"))
    if kind.value and value not in ("", None):
        found["value"] = value
    if kind.text:
        found["text"] = given.get(f"{name}-text", "").replace("\r\n", "\n")
    if do == "tell":
        who = given.getlist(f"{name}-who")
        members, channels = (
            [_key(each) for each in given.getlist(f"{name}-{part}")]
            for part in ("members", "channels")
        )
        found |= {"who": who, "members": members, "channels": channels}
    return found


def acted(document: dict[str, Any], act: str, given: QueryDict) -> dict[str, Any]:
    """The draft after a button: `add-all`, `remove-then-2`, `up-then-1`; others change nothing."""
    verb, _, rest = act.partition("-")
    group, _, place = rest.partition("-")
    rows: list[dict[str, Any]] = (
        document["then"] if group == "then" else document["if"].get(group, [])
    )
    if verb == "add":
        chosen = given.get(f"new-{group}", "")
        if group == "then" and chosen in DEEDS:
            rows.append({"do": chosen})
        elif group in GROUPS and chosen in FIELDS:
            rows.append({"field": chosen, "test": TESTS_OF[FIELDS[chosen].kind][0]})
    elif place.isdecimal() and int(place) < len(rows):
        row = rows.pop(int(place))
        if verb == "up":
            rows.insert(max(0, int(place) - 1), row)
    return document


def condition_rows(document: Mapping[str, Any], group: str, options: Options) -> list[ConditionRow]:
    rows = document["if"].get(group, [])
    known = [(n, each) for n, each in enumerate(rows) if each.get("field") in FIELDS]
    return [_condition_row(f"{group}-{number}", each, options) for number, each in known]


def _condition_row(name: str, given: Mapping[str, Any], options: Options) -> ConditionRow:
    known = FIELDS[given["field"]]
    values = given.get("values", [])
    listed = known.kind in (*_KEYED, "choice")
    tests = {each: TEST_WORDS[each] for each in TESTS_OF[known.kind]}
    return ConditionRow(
        name=name,
        field=given["field"],
        words=known.words,
        tests=boxes(tests, [given.get("test")]),
        boxes=boxes(options.of(given["field"]), values) if listed else [],
        text="" if listed else "，".join(_shown(each) for each in values),
        number=known.kind == "number",
        bare=given.get("test") in BARE,
    )


def deed_rows(document: Mapping[str, Any], options: Options) -> list[DeedRow]:
    known = [(n, each) for n, each in enumerate(document["then"]) if each.get("do") in DEEDS]
    return [_deed_row(f"then-{number}", each, options) for number, each in known]


def _deed_row(name: str, given: Mapping[str, Any], options: Options) -> DeedRow:
    kind, value = DEEDS[given["do"]], given.get("value")
    line = kind.value in ("area", "number")
    told = {}
    if given["do"] == "tell":
        parts = ("who", "members", "channels")
        told = {part: boxes(options.of(part), given.get(part, [])) for part in parts}
    return DeedRow(
        name=name,
        do=given["do"],
        words=kind.words,
        choices=boxes(options.settable(kind.value), [value]) if kind.value and not line else [],
        value="" if value is None else str(value),
        line=line,
        text=given.get("text", ""),
        wordy=kind.text,
        told=told,
    )


def lacking(document: Mapping[str, Any]) -> Words | None:
    """What is still to be filled in; nothing where all is, or where something else is wrong."""
    for row in (each for group in GROUPS for each in document["if"].get(group, [])):
        known = FIELDS.get(row.get("field"))
        if known is not None and row.get("test") not in BARE and not row.get("values"):
            zh, en = known.words.zh, known.words.en
            return Words(f"条件“{zh}”还没有值。", f"the condition “{en}” has no value.")
    for row in document["then"]:
        deed = DEEDS.get(row.get("do"))
        if deed is not None and deed.value and "value" not in row:
            zh, en = deed.words.zh, deed.words.en
            return Words(f"动作“{zh}”还没有选定内容。", f"the action “{en}” says nothing yet.")
    if not document["then"]:
        return Words("请至少添加一个动作。", "add at least one action.")
    return None


def boxes(known: Named, chosen: Iterable[Any]) -> list[Box]:
    """All that can be chosen, with what is."""
    picked = list(chosen)
    return [Box(str(value), words, value in picked) for value, words in known.items()]


def addable(cause: str) -> list[tuple[str, Words]]:
    """The fields that a rule with this cause can ask."""
    hidden = UNREAD if cause == "opened" else ()
    return [
        (name, each.words)
        for name, each in FIELDS.items()
        if (not each.causes or cause in each.causes) and name not in hidden
    ]


def _key(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 16 else None


def _number(text: str) -> float | None:
    try:
        return float(text.strip())
    except ValueError:
        return None


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
