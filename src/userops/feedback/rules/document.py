"""A rule as a document: when, if, then. Read once, with every fault told by its place. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeGuard

from userops.errors import Refused
from userops.feedback.conditions import Condition
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

MOST_CONDITIONS, MOST_DEEDS, MOST_VALUES = 30, 20, 200
LONGEST_HOURS = 10_000
LONGEST_WORD, LONGEST_TEXT = 200, 10_000
MOST_KEY = 2**53
WHO = ("owner", "team", "managers")


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing to do. `who`, `members` and `channels` only where somebody is told."""

    do: str
    value: Any = None
    text: str = ""
    who: tuple[str, ...] = ()
    members: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()

    def row(self) -> dict[str, Any]:
        given: dict[str, Any] = {"do": self.do}
        for name in ("value", "text", "who", "members", "channels"):
            value = getattr(self, name)
            if value or (name == "value" and value is not None):
                given[name] = list(value) if isinstance(value, tuple) else value
        return given


@dataclass(frozen=True, slots=True)
class Document:
    """`hours` and `calendar` (0: the standard one, none: around the clock) of causes that wait for time;
    `after_rules`: whether it reacts to what rules did. It fits when all of `all` hold, and one of `any`
    where there are some."""

    cause: str
    hours: float = 0
    calendar: int | None = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    then: tuple[Deed, ...] = ()
    after_rules: bool = False

    @property
    def conditions(self) -> tuple[Condition, ...]:
        return (*self.all, *self.any)

    def as_json(self) -> dict[str, Any]:
        """As it is kept, and as it is read again."""
        when: dict[str, Any] = {"cause": self.cause}
        if CAUSES[self.cause].timed:
            when |= {"hours": self.hours, "calendar": self.calendar}
        return {
            "when": when,
            "if": {"all": [_row(each) for each in self.all], "any": [_row(each) for each in self.any]},
            "then": [each.row() for each in self.then],
            "after_rules": self.after_rules,
        }  # fmt: skip


def _row(condition: Condition) -> dict[str, Any]:
    row: dict[str, Any] = {"field": condition.field, "test": condition.test}
    return row | ({"values": list(condition.values)} if condition.values else {})


def read(given: object) -> Document:
    """A document as people and programs write it. Raises `Refused`: which place, what was expected."""
    found = _object(given, "", {"when", "if", "then", "after_rules"})
    when = _object(found.get("when"), "when", {"cause", "hours", "calendar"})
    cause = _one_of(when.get("cause"), "when.cause", CAUSES)
    hours, calendar = _time(cause, when)
    if_ = _object(found.get("if", {}), "if", {"all", "any"})
    then = tuple(
        _deed(each, f"then[{number}]")
        for number, each in enumerate(_list(found.get("then"), "then", MOST_DEEDS))
    )
    if not then:
        _refuse("then", "至少一个动作", "at least one action", found.get("then"))
    return Document(
        cause, hours, calendar, _conditions(if_, "all", cause), _conditions(if_, "any", cause),
        then, _flag(found.get("after_rules", False), "after_rules"),
    )  # fmt: skip


def _time(cause: str, when: Mapping[str, Any]) -> tuple[float, int | None]:
    hours, calendar = when.get("hours"), when.get("calendar")
    if not CAUSES[cause].timed:
        if hours is not None or calendar is not None:
            _refuse("when.hours", "仅用于等待时长的触发条件", "only for causes of time", hours)
        return 0, None
    if not _number(hours) or not 0 < hours <= LONGEST_HOURS:
        _refuse("when.hours", f"0 到 {LONGEST_HOURS} 小时", f"0 to {LONGEST_HOURS} hours", hours)
    if calendar is not None and not _key(calendar, least=0):
        _refuse("when.calendar", "工作日历编号", "the key of a calendar", calendar)
    return float(hours), calendar


def _conditions(given: Mapping[str, Any], group: str, cause: str) -> tuple[Condition, ...]:
    rows = _list(given.get(group, []), f"if.{group}", MOST_CONDITIONS)
    return tuple(_condition(each, f"if.{group}[{n}]", cause) for n, each in enumerate(rows))


def _condition(given: object, place: str, cause: str) -> Condition:
    row = _object(given, place, {"field", "test", "values"})
    name = _one_of(row.get("field"), f"{place}.field", FIELDS)
    field = FIELDS[name]
    if field.causes and cause not in field.causes:
        wanted = ", ".join(field.causes)
        _refuse(f"{place}.field", f"仅在 {wanted} 时可用", f"only when {wanted}", name)
    if cause == "opened" and name in UNREAD:
        _refuse(f"{place}.field", "读完内容后才有（触发条件选 read）", "known only when read", name)
    test = _one_of(row.get("test"), f"{place}.test", TESTS_OF[field.kind])
    values = _list(row.get("values", []), f"{place}.values", MOST_VALUES)
    if (test in BARE) == bool(values):
        _refuse(f"{place}.values", "与判断方式相符", "fitting the test", values)
    return Condition(
        name, test, tuple(_value(field.kind, each, f"{place}.values") for each in values)
    )


def _value(kind: str, value: object, place: str) -> Any:
    if kind in ("branch", "row", "set"):
        if not _key(value, least=0 if kind == "set" else 1):
            _refuse(place, "编号", "keys", value)
        return value
    if kind == "number":
        if not _number(value) or not 1 <= value <= 5:
            _refuse(place, "1 到 5", "1 to 5", value)
        return value
    if (
        not isinstance(value, str)
        or not value.strip()
        or len(value) > LONGEST_WORD
        or "\0" in value
    ):
        _refuse(place, f"1 到 {LONGEST_WORD} 个字符", f"1 to {LONGEST_WORD} characters", value)
    return " ".join(value.split())


def _deed(given: object, place: str) -> Deed:
    row = _object(given, place, {"do", "value", "text", "who", "members", "channels"})
    do = _one_of(row.get("do"), f"{place}.do", DEEDS)
    kind, value, text = DEEDS[do], row.get("value"), row.get("text", "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT or (text and not kind.text):
        _refuse(
            f"{place}.text",
            f"至多 {LONGEST_TEXT} 个字符",
            f"at most {LONGEST_TEXT} characters",
            text,
        )
    if kind.text and not kind.value and not text.strip():
        _refuse(f"{place}.text", "文字", "words", text)
    who = tuple(_one_of(each, f"{place}.who", WHO) for each in _list(row.get("who", []), place, 3))
    members = _keys(row.get("members", []), f"{place}.members")
    channels = _keys(row.get("channels", []), f"{place}.channels")
    if (do == "tell") != bool(who or members or channels):
        _refuse(
            f"{place}.who", "通知动作须有对象，其他动作没有", "somebody who is told", row.get("who")
        )
    words = text.replace("\0", "").strip()
    return Deed(do, _deed_value(kind.value, value, f"{place}.value"), words, who, members, channels)


def _deed_value(kind: str, value: object, place: str) -> Any:
    if kind == "":
        if value is not None:
            _refuse(place, "没有值", "no value", value)
        return None
    if kind in ("severity", "status", "area"):
        return _value("word", value, place)
    if not _key(value, least=1):
        _refuse(place, "编号", "a key", value)
    return value


def _object(given: object, place: str, known: set[str]) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        _refuse(place or "document", "对象", "an object", given)
    unknown = [each for each in given if each not in known]
    if unknown:
        _refuse(place or "document", ", ".join(sorted(known)), ", ".join(sorted(known)), unknown[0])
    return given


def _list(given: object, place: str, most: int) -> Sequence[Any]:
    if not isinstance(given, (list, tuple)) or len(given) > most:
        _refuse(place, f"至多 {most} 项的列表", f"a list of at most {most}", given)
    return given


def _keys(given: object, place: str) -> tuple[int, ...]:
    rows = _list(given, place, MOST_VALUES)
    for each in rows:
        if not _key(each, least=1):
            _refuse(place, "编号", "keys", each)
    return tuple(rows)


def _one_of(given: object, place: str, known: Any) -> str:
    if not isinstance(given, str) or given not in known:
        listed = ", ".join(known)
        _refuse(place, f"{listed} 之一", f"one of {listed}", given)
    return given


def _flag(given: object, place: str) -> bool:
    if not isinstance(given, bool):
        _refuse(place, "true 或 false", "true or false", given)
    return given


def _number(given: object) -> TypeGuard[float]:
    return isinstance(given, (int, float)) and not isinstance(given, bool) and given == given


def _key(given: object, *, least: int) -> TypeGuard[int]:
    return isinstance(given, int) and not isinstance(given, bool) and least <= given <= MOST_KEY


def _refuse(place: str, zh: str, en: str, got: object) -> NoReturn:
    shown = repr(got)[:60]
    raise Refused(
        Words(
            f"规则的 {place} 应为：{zh}；实际为 {shown}。",
            f"{place} of the rule should be {en}; got {shown}.",
        ),
        code="rule_invalid",
        hint=Words(
            "请改正这一处再保存；页面编辑器只给出可用的选项。",
            "Mend this place and save again; the editor on the page offers only what fits.",
        ),
    )


def test_words(condition: Condition) -> Words:
    """The test of a condition, as a sentence has it."""
    return TEST_WORDS[condition.test]
