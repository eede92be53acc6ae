"""A score by what is known of those who answered, each part against all the others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pyroaring import BitMap

from userops.experience.surveys.questions import Question, said
from userops.experience.surveys.results.dataset import Dataset, Row
from userops.experience.surveys.results.hiding import hidden
from userops.experience.surveys.results.scoring import Score, difference, score
from userops.stats.comparisons import Difference
from userops.stats.multiplicity import benjamini_hochberg

REST = ""
"""The part of those too few to be told apart, or of whom nothing is known."""


@dataclass(frozen=True, slots=True)
class Part:
    """`against`: this part less all the others; `q`: corrected for all parts (Benjamini–Hochberg)."""

    value: str
    score: Score
    against: Difference | None = None
    q: float | None = None
    pooled: int = 1
    """How many values are together in it."""


@dataclass(frozen=True)
class Key:
    """How answers are parted. `name` in an address: `way`, `language`, `of:<property>`, `segment:<id>`,
    `question:<key>`."""

    name: str
    value: Callable[[Row], str]
    labels: Mapping[str, str] = field(default_factory=dict)


def by_way() -> Key:
    return Key("way", lambda row: row.way)


def by_language() -> Key:
    return Key("language", lambda row: row.language)


def by_carried(name: str) -> Key:
    return Key(f"of:{name}", lambda row: row.carried.get(name, REST))


def by_choice(question: Question, language: str) -> Key:
    """By the answer to a single choice of the same survey."""
    labels = {
        option.key: said(option.text, language) for option in getattr(question, "options", ())
    }

    def value(row: Row) -> str:
        chosen = (row.answers.get(question.key) or {}).get("chosen") or [REST]
        return str(chosen[0])

    return Key(f"question:{question.key}", value, labels)


def by_segment(number: int, members: BitMap, inside: str, outside: str) -> Key:
    """Whether whoever answered is in a segment now; who is not known is in neither."""
    labels = {"in": inside, "out": outside}

    def value(row: Row) -> str:
        if row.person is None:
            return REST
        return "in" if row.person in members else "out"

    return Key(f"segment:{number}", value, labels)


def parts(data: Dataset, question: Question, key: Key, convention: str = "") -> list[Part]:
    """The largest first; those too small to be told are one part at the end."""
    groups: dict[str, list[int]] = defaultdict(list)
    for row in data.rows:
        if question.key in row.answers:
            groups[key.value(row)].append(row.answers[question.key])
    names = sorted(groups, key=lambda name: (-len(groups[name]), name))
    secret = hidden([len(groups[name]) for name in names], data.least)
    shown = {name: groups[name] for place, name in enumerate(names) if place not in secret}
    pool = [answer for place in secret for answer in groups[names[place]]]
    pooled = len(secret)
    if pool and len(pool) >= data.least:
        pooled += REST in shown
        shown[REST] = [*shown.pop(REST, []), *pool]
    every = [answer for answers in shown.values() for answer in answers]
    made = [_part(question, name, shown[name], every, convention) for name in shown]
    qs = iter(benjamini_hochberg([part.against.p for part in made if part.against]))
    return [
        Part(
            part.value, part.score, part.against, next(qs) if part.against else None,
            max(1, pooled) if part.value == REST else 1,
        )
        for part in made
    ]  # fmt: skip


def _part(
    question: Question, name: str, answers: list[int], every: list[int], convention: str
) -> Part:
    mine = score(question, answers, convention)
    others = score(question, _without(every, answers), convention)
    return Part(name, mine, difference(question, mine, others))


def _without(every: list[int], answers: list[int]) -> list[int]:
    from collections import Counter

    return list((Counter(every) - Counter(answers)).elements())
