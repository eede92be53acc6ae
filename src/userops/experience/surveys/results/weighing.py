"""Do those who answered look like those who could? Compared on what is known of both, and weighted to match."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from userops.audience.facts.definitions import FACTS
from userops.audience.people import scope_of
from userops.events import facts, profiles
from userops.events.identity import Forest, chunks
from userops.events.models import PropertyDefinition
from userops.events.store import Store
from userops.experience.surveys.carrying import carries_of
from userops.experience.surveys.models import Survey
from userops.experience.surveys.questions import Question
from userops.experience.surveys.results.dataset import Dataset, Row
from userops.experience.surveys.results.hiding import hidden
from userops.experience.surveys.results.scoring import Score, score, weighted
from userops.experience.surveys.sampling import place
from userops.experience.surveys.standing import audience
from userops.segments import everyone
from userops.stats.comparisons import same_shares
from userops.stats.raking import Raked, rake
from userops.words import Words

MOST_PERSONS = 50_000
"""Of a larger audience so many are looked at, drawn by the survey's seed."""
MOST_ATTRIBUTES = 3
MOST_VALUES = 12
USUAL = ("$lifecycle", "$main_platform", "$rfm")
UNKNOWN = "–"
FACT_OF = {fact.name: fact for fact in FACTS}
REST = "…"
"""All values beyond the most frequent ones."""


@dataclass(frozen=True, slots=True)
class Share:
    """One value: its share of the audience and of those who answered."""

    value: str
    audience: int
    answered: int
    audience_total: int
    answered_total: int
    few: bool = False
    words: Words = field(default_factory=lambda: Words("", ""))

    @property
    def gap(self) -> float | None:
        """Points by which those who answered have more of it."""
        if self.few or not self.audience_total or not self.answered_total:
            return None
        return self.answered / self.answered_total - self.audience / self.audience_total


@dataclass(frozen=True, slots=True)
class Compared:
    """One attribute. `p`: that answers are spread as the audience is (χ²)."""

    name: str
    words: Words
    shares: tuple[Share, ...]
    p: float


@dataclass(frozen=True, slots=True)
class Weighing:
    """`raw` and `weighted` scores side by side. `looked_at`: persons of the audience that were compared."""

    attributes: tuple[Compared, ...]
    raw: Score
    weighted: Score
    raked: Raked
    audience: int
    looked_at: int
    why: Words | None = None


def weighing(
    store: Store, survey: Survey, data: Dataset, question: Question,
    names: list[str], convention: str = "",
) -> Weighing:  # fmt: skip
    """Compare on these attributes (facts `$…`, or properties of profiles) and weight by all of them."""
    known = facts.words(survey.product_id) | carried(survey)
    rows = [row for row in data.rows if question.key in row.answers and _placed(row, data)]
    persons, whole = _audience(store, survey)
    answered = [row.person for row in rows if row.person is not None]
    there = {name: _values(store, survey, name, persons, answered) for name in names}
    mine = {name: [_value(row, name, there[name], data) for row in rows] for name in names}
    theirs = {name: [there[name].get(person, UNKNOWN) for person in persons] for name in names}
    _fold(mine, theirs)
    raked = rake([mine[name] for name in names], [Counter(theirs[name]) for name in names])
    answers = [row.answers[question.key] for row in rows]
    raw = score(question, answers, convention)
    few = data.anonymous and len(answers) < data.least
    if not rows or not names or few:
        why = Words("没有可以比较的答卷。", "There are no answers that can be compared.")
        return Weighing((), raw, raw, raked, whole, len(persons), why)
    compared = tuple(
        _compared(name, known.get(name) or Words(name, name), mine[name], theirs[name], data)
        for name in names
    )
    heavy = weighted(question, answers, raked.weights.tolist(), convention)
    return Weighing(compared, raw, heavy, raked, whole, len(persons))


def carried(survey: Survey) -> dict[str, Words]:
    """The properties that answers carry, by their display names."""
    names = carries_of(survey)
    rows = PropertyDefinition.objects.filter(
        product=survey.product_id, of=PropertyDefinition.Of.USER, name__in=names
    )
    labels = {row.name: Words(row.label_zh or row.name, row.label_en or row.name) for row in rows}
    return {name: labels.get(name, Words(name, name)) for name in names}


def _placed(row: Row, data: Dataset) -> bool:
    """Whether anything is known of who answered."""
    return bool(row.carried) if data.anonymous else row.person is not None


def _audience(store: Store, survey: Survey) -> tuple[list[int], int]:
    members = audience(store, survey)
    every = everyone(scope_of(store, survey.product)) if members is None else members
    share = MOST_PERSONS / len(every) if len(every) > MOST_PERSONS else 1.0
    # another seed than the sample's: who is asked must not decide who is looked at
    seed = f"{survey.seed}:audience"
    return [p for p in every if share == 1.0 or place(seed, p) < share], len(every)


def _values(
    store: Store, survey: Survey, name: str, persons: list[int], more: list[int]
) -> dict[int, str]:
    if name.startswith("$"):
        return facts.read(store, survey.product, name)
    wanted = sorted({*persons, *more})
    found: dict[int, str] = {}
    forest = Forest(survey.product_id)
    for chunk in chunks(wanted):
        forest.load(chunk)
        members = {person: forest.members(person) for person in chunk}
        own = profiles.load(survey.product_id, [uid for uids in members.values() for uid in uids])
        for person, uids in members.items():
            value = profiles.joined(uids, own).get(name)
            if value is not None:
                found[person] = str(value)[:100]
    return found


def _value(row: Row, name: str, values: dict[int, str], data: Dataset) -> str:
    if name in row.carried or data.anonymous:
        return row.carried.get(name, UNKNOWN)
    return values.get(row.person, UNKNOWN) if row.person is not None else UNKNOWN


def _fold(mine: dict[str, list[str]], theirs: dict[str, list[str]]) -> None:
    """The most frequent values of the audience stay, the others become one."""
    for name, values in theirs.items():
        kept = {value for value, _count in Counter(values).most_common(MOST_VALUES)}
        mine[name] = [value if value in kept else REST for value in mine[name]]
        theirs[name] = [value if value in kept else REST for value in values]


def _compared(
    name: str, words: Words, mine: list[str], theirs: list[str], data: Dataset
) -> Compared:
    answered, there = Counter(mine), Counter(theirs)
    values = [value for value, _count in (there + answered).most_common()]
    secret = hidden([answered[value] for value in values], data.least) if data.anonymous else set()
    shares = tuple(
        Share(
            value,
            there[value],
            answered[value],
            len(theirs),
            len(mine),
            at in secret,
            _shown(name, value),
        )
        for at, value in enumerate(values)
    )
    counts: Any = ([there[value] for value in values], [answered[value] for value in values])
    return Compared(name, words, shares, same_shares(*counts))


def _shown(name: str, value: str) -> Words:
    """A value as people read it: codes of computed facts have words."""
    if value == REST:
        return Words("其他", "Others")
    if value == UNKNOWN:
        return Words("未知", "Unknown")
    fact = FACT_OF.get(name)
    return fact.shown(value) if fact else Words(value, value)
