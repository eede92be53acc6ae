"""A rule in one plain sentence, in both languages; conditions and actions in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from userops.feedback.conditions import Condition
from userops.feedback.rules.document import Deed, Document
from userops.feedback.rules.options import Options
from userops.feedback.rules.vocabulary import CAUSES, DEEDS, FIELDS, TEST_WORDS
from userops.words import Words

SHOWN = 60
_KEYED = ("branch", "row", "set", "choice")


def sentence(document: Document, options: Options) -> Words:
    """When …, if …, then …."""
    when, if_ = _when(document, options), _if(document, options)
    then = [deed_words(each, options) for each in document.then]
    done = Words(
        "，然后".join(each.zh for each in then) if then else "……",
        ", then ".join(_lower(each.en) for each in then) if then else "…",
    )
    middle = Words(f"如果{if_.zh}，", f" if {if_.en},") if if_ else Words("", "")
    return Words(f"当{when.zh}时，{middle.zh}{done.zh}。", f"When {when.en},{middle.en} {done.en}.")


def _when(document: Document, options: Options) -> Words:
    phrase = CAUSES[document.cause].phrase
    if not CAUSES[document.cause].timed:
        return phrase
    hours = f"{document.hours:g}"
    if document.calendar is None:
        return Words(f"{phrase.zh} {hours} 小时", f"{phrase.en} {hours} hours")
    name = options.of("hours").get(document.calendar, _GONE)
    return Words(
        f"{phrase.zh} {hours} 个工作小时（{name.zh}）",
        f"{phrase.en} {hours} working hours ({name.en})",
    )


def _if(document: Document, options: Options) -> Words | None:
    parts = [condition_words(each, options) for each in document.all]
    if document.any:
        some = [condition_words(each, options) for each in document.any]
        one = Words("或".join(each.zh for each in some), " or ".join(each.en for each in some))
        many = bool(parts) and len(some) > 1
        parts.append(Words(f"（{one.zh}）", f"({one.en})") if many else one)
    if not parts:
        return None
    return Words("且".join(each.zh for each in parts), " and ".join(each.en for each in parts))


def condition_words(condition: Condition, options: Options) -> Words:
    """Such as 分类是“支付”."""
    field, test = FIELDS[condition.field].words, TEST_WORDS[condition.test]
    if condition.field == "hours":
        names = _names(condition.field, condition.values, options)
        within = condition.test == "in"
        return Words(
            f"{'在' if within else '不在'}{names.zh}的工作时间内",
            f"it is {'within' if within else 'outside'} the working time of {names.en}",
        )
    if not condition.values:
        return Words(f"{field.zh}{test.zh}", f"{_lower(field.en)} {test.en}")
    names = _names(condition.field, condition.values, options)
    return Words(f"{field.zh}{test.zh}{names.zh}", f"{_lower(field.en)} {test.en} {names.en}")


def value_words(name: str, value: Any, options: Options) -> Words:
    """A value as a log shows it."""
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if value is None or value == "" or value == []:
        return Words("空", "nothing")
    values = value if isinstance(value, list) else [value]
    return _names(name, values, options)


def deed_words(deed: Deed, options: Options) -> Words:
    """One action, such as 转交给“技术支持”."""
    kind = DEEDS[deed.do]
    told: list[Words] = []
    if kind.value == "number":
        told.append(_same(f"#{deed.value}"))
    elif kind.value == "area":
        told.append(_quoted(_same(deed.value)))
    elif kind.value:
        told.append(_quoted(options.of(kind.value).get(deed.value, _GONE)))
    if deed.text:
        told.append(_quoted(_same(_short(deed.text))))
    for name in ("who", "members", "channels"):
        known = options.of(name) if getattr(deed, name) else {}
        told += [known.get(each, _GONE) for each in getattr(deed, name)]
    zh = "、".join(each.zh for each in told)
    if zh[:1].isascii() and zh[:1].isalnum():
        zh = f" {zh}"
    return Words(
        f"{kind.words.zh}{zh}",
        f"{kind.words.en} {', '.join(each.en for each in told)}".rstrip(),
    )


def _names(name: str, values: Iterable[Any], options: Options) -> Words:
    kind = FIELDS[name].kind if name in FIELDS else "row"
    known = options.of(name) if kind in _KEYED else {}
    found = [_quoted(known.get(each, _GONE) if known else _same(_shown(each))) for each in values]
    return Words("或".join(each.zh for each in found), " or ".join(each.en for each in found))


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else _short(str(value))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[: SHOWN - 1]}…"


def _quoted(words: Words) -> Words:
    return Words(f"“{words.zh}”", f"“{words.en}”")


def _same(text: str) -> Words:
    return Words(text, text)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


_GONE = Words("（已删除）", "(deleted)")
