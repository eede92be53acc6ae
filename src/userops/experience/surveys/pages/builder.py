"""A survey's document as a form, and back. What was typed is kept, whether or not it is right yet.

Every button posts the whole form with what is to be done: `add:nps`, `up:2`, `option:1`, `drop-branch:0:1`, `save`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from userops.experience.surveys.questions import KINDS, LANGUAGES
from userops.experience.surveys.templates import question as fresh
from userops.words import Words

MOST = 60
Raw = dict[str, Any]
WHENS: dict[str, Words] = {
    "is": Words("等于", "is"),
    "is_not": Words("不等于", "is not"),
    "at_least": Words("不小于", "is at least"),
    "at_most": Words("不大于", "is at most"),
    "skipped": Words("未回答", "was skipped"),
}


def whens_of(kind: str) -> tuple[str, ...]:
    """Which conditions an answer of a kind can meet; the usual one first."""
    if kind == "matrix":
        return ("skipped",)
    if kind in ("single", "multiple", "text"):
        return ("is", "is_not", "skipped")
    return ("at_most", "at_least", "is", "is_not", "skipped")


def read(post: Mapping[str, str], languages: list[str]) -> Raw:
    """The document that a form holds, not yet validated."""
    chosen = [each for each in LANGUAGES if each in languages] or [LANGUAGES[0]]
    first = post.get("first-language", "")
    chosen.sort(key=lambda each: each != first)
    count = _number(post.get("count", "")) or 0
    return {
        "languages": chosen,
        "intro": _texts(post, "intro", chosen),
        "thanks": _texts(post, "thanks", chosen),
        "questions": [_question(post, f"q{at}", chosen) for at in range(min(count, MOST))],
    }


def _question(post: Mapping[str, str], at: str, languages: list[str]) -> Raw:
    kind = post.get(f"{at}-kind", "text")
    made: Raw = {
        "kind": kind,
        "key": post.get(f"{at}-key", ""),
        "title": _texts(post, f"{at}-title", languages),
        "help": _texts(post, f"{at}-help", languages),
        "required": f"{at}-required" in post,
        "branches": _branches(post, at),
    }
    if kind in ("csat", "ces", "rating", "matrix"):
        made["points"] = _number(post.get(f"{at}-points", "")) or 5
    if kind in ("nps", "csat", "ces", "rating", "matrix"):
        made["low_label"] = _texts(post, f"{at}-low", languages)
        made["high_label"] = _texts(post, f"{at}-high", languages)
    if kind in ("single", "multiple", "matrix"):
        made["rows" if kind == "matrix" else "options"] = _options(post, at, languages)
    if kind in ("single", "multiple"):
        made |= {"other": f"{at}-other" in post, "shuffle": f"{at}-shuffle" in post}
    if kind == "multiple" and (most := _number(post.get(f"{at}-most", ""))):
        made["most"] = most
    return made


def _texts(post: Mapping[str, str], name: str, languages: list[str]) -> dict[str, str]:
    found = {each: post.get(f"{name}-{each}", "").strip() for each in languages}
    return {each: text for each, text in found.items() if text}


def _options(post: Mapping[str, str], at: str, languages: list[str]) -> list[Raw]:
    count = min(_number(post.get(f"{at}-options", "")) or 0, MOST)
    return [
        {
            "key": post.get(f"{at}-o{place}-key", ""),
            "text": _texts(post, f"{at}-o{place}", languages),
        }
        for place in range(count)
    ]


def _branches(post: Mapping[str, str], at: str) -> list[Raw]:
    count = min(_number(post.get(f"{at}-branches", "")) or 0, MOST)
    return [
        {
            "when": post.get(f"{at}-b{place}-when", "is"),
            "value": post.get(f"{at}-b{place}-value", "").strip(),
            "to": post.get(f"{at}-b{place}-to", "end"),
        }
        for place in range(count)
    ]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def done(raw: Raw, do: str, name: str) -> Raw:
    """The document after what a button does; as it was where the button means nothing."""
    verb, _colon, rest = do.partition(":")
    act = _ACTS.get(verb)
    if act is not None:
        act(raw, rest.split(":"), name)
    return raw


def _add(raw: Raw, rest: list[str], name: str) -> None:
    if len(raw["questions"]) < MOST and rest[0] in KINDS:
        taken = {each["key"] for each in raw["questions"]}
        raw["questions"].append(_spoken(fresh(rest[0], _free(taken, rest[0]), name), raw))


def _spoken(made: Raw, raw: Raw) -> Raw:
    """Only in the languages of the survey."""
    options = made.get("options") or made.get("rows") or []
    for texts in (made["title"], *(option["text"] for option in options)):
        for language in [each for each in texts if each not in raw["languages"]]:
            del texts[language]
    return made


def _free(taken: set[str], stem: str) -> str:
    if stem not in taken:
        return stem
    return next(key for n in range(2, 200) if (key := f"{stem}{n}") not in taken)


def _move(by: int) -> Callable[[Raw, list[str], str], None]:
    def act(raw: Raw, rest: list[str], _name: str) -> None:
        at = _number(rest[0])
        questions = raw["questions"]
        if at is not None and 0 <= at < len(questions) and 0 <= at + by < len(questions):
            questions[at], questions[at + by] = questions[at + by], questions[at]

    return act


def _drop(raw: Raw, rest: list[str], _name: str) -> None:
    at = _number(rest[0])
    if at is not None and at < len(raw["questions"]):
        gone = raw["questions"].pop(at)["key"]
        for each in raw["questions"]:
            each["branches"] = [b for b in each["branches"] if b["to"] != gone]


def _parts(raw: Raw, at: str, what: str) -> list[Raw]:
    place = _number(at)
    if place is None or place >= len(raw["questions"]):
        return []
    question = raw["questions"][place]
    if what == "branches":
        branches: list[Raw] = question["branches"]
        return branches
    found: list[Raw] = question.get("options") or question.get("rows") or []
    return found


def _add_option(raw: Raw, rest: list[str], _name: str) -> None:
    options = _parts(raw, rest[0], "options")
    if options and len(options) < MOST:
        taken = {each["key"] for each in options}
        key = next(k for n in range(1, 200) if (k := f"o{n}") not in taken)
        options.append({"key": key, "text": {}})


def _add_branch(raw: Raw, rest: list[str], _name: str) -> None:
    place = _number(rest[0])
    if place is not None and place < len(raw["questions"]):
        question = raw["questions"][place]
        when = whens_of(question["kind"])[0]
        question["branches"].append({"when": when, "value": "", "to": "end"})


def _drop_part(what: str) -> Callable[[Raw, list[str], str], None]:
    def act(raw: Raw, rest: list[str], _name: str) -> None:
        parts = _parts(raw, rest[0], what)
        place = _number(rest[1]) if len(rest) > 1 else None
        if place is not None and place < len(parts) and (what == "branches" or len(parts) > 1):
            del parts[place]

    return act


_ACTS: dict[str, Callable[[Raw, list[str], str], None]] = {
    "add": _add, "up": _move(-1), "down": _move(1), "drop": _drop,
    "option": _add_option, "drop-option": _drop_part("options"),
    "branch": _add_branch, "drop-branch": _drop_part("branches"),
}  # fmt: skip
