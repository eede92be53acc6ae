"""The answers of a survey as plain records, in the terms of its newest version."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from userops.experience.surveys.document import Document, parse
from userops.experience.surveys.models import Response, Survey
from userops.experience.surveys.results.hiding import LEAST


@dataclass(frozen=True, slots=True)
class Row:
    """One response. `day`: when it began, in the product's time zone; `answers`: only those to questions that
    its version asked as the newest one does; `given`: all of them."""

    day: date
    way: str
    language: str
    complete: bool
    person: int | None
    answers: dict[str, Any]
    carried: dict[str, str] = field(default_factory=dict)
    version: int = 1
    key: str = ""
    """Of the response, in no order."""
    given: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the questions. `same`: keys of those that the newest one asks in the same way."""

    number: int
    document: Document
    same: frozenset[str]


@dataclass(frozen=True)
class Dataset:
    """`document`: the newest version; `versions`: all, by number; `anonymous`: cells below `LEAST` are not told."""

    document: Document
    rows: tuple[Row, ...]
    anonymous: bool = False
    versions: Mapping[int, Version] = field(default_factory=dict)

    @property
    def least(self) -> int:
        return LEAST if self.anonymous else 1

    @property
    def too_few(self) -> bool:
        """Of an anonymous survey nothing is told of so few answers."""
        return self.anonymous and len(self.rows) < LEAST

    def answers(self, key: str) -> Iterator[Any]:
        return (row.answers[key] for row in self.rows if key in row.answers)

    def only(self, rows: Iterator[Row] | list[Row]) -> Dataset:
        """Some of the rows."""
        return replace(self, rows=tuple(rows))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which answers: of these days, and of one way."""

    since: date | None = None
    until: date | None = None
    way: str = ""

    @property
    def name(self) -> str:
        return f"{self.way}|{self.since or ''}|{self.until or ''}"


def named(name: str) -> Wanted:
    """What a name stands for."""
    way, since, until = name.split("|")
    return Wanted(_day(since), _day(until), way)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def read(survey: Survey, wanted: Wanted | None = None) -> Dataset:
    """The answers of a survey, the oldest first. Those let go over a quota do not count."""
    wanted = wanted or Wanted()
    document = survey.document
    rows = Response.objects.filter(survey=survey).exclude(state=Response.State.OVER_QUOTA)
    if wanted.way:
        rows = rows.filter(way=wanted.way)
    known = _versions(survey, document)
    zone = UTC if survey.anonymous else ZoneInfo(survey.product.timezone)
    fields = (
        "started", "way", "language", "state", "person", "answers", "carried", "version", "pk",
    )  # fmt: skip
    found = []
    for each in rows.order_by("started").values_list(*fields).iterator(chunk_size=5_000):
        row = _row(each, known, zone)
        if not _outside(row.day, wanted):
            found.append(row)
    versions = {each.number: each for each in known.values()}
    return Dataset(document, tuple(found), survey.anonymous, versions)


def _row(each: tuple[Any, ...], known: dict[int, Version], zone: Any) -> Row:
    started, way, language, state, person, answers, carried, version, response = each
    asked = known[version]
    moment: datetime = started
    return Row(
        moment.astimezone(zone).date(), way, language, state == Response.State.COMPLETED, person,
        {key: answer for key, answer in answers.items() if key in asked.same}, carried, asked.number, response.hex,
        answers,
    )  # fmt: skip


def _outside(day: date, wanted: Wanted) -> bool:
    return bool((wanted.since and day < wanted.since) or (wanted.until and day > wanted.until))


def _versions(survey: Survey, newest: Document) -> dict[int, Version]:
    found = {}
    for version in survey.versions.all():
        document = parse(version.document)
        same = {
            q.key
            for q in document.questions
            if (now := newest.get(q.key)) and shape(now) == shape(q)
        }
        found[version.pk] = Version(version.number, document, frozenset(same))
    return found


def shape(question: Any) -> tuple[Any, ...]:
    """What makes answers of two versions comparable: the kind and the scale. Wordings and options may change;
    an option that is gone keeps its answers under its key."""
    scale = getattr(question, "scale", None)
    return (question.kind, scale)
