"""A rule over the past of one ticket: every cause with the state that the ticket had then. Nothing changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from userops.feedback.rules.document import Document
from userops.feedback.rules.judging import Verdict, judge
from userops.feedback.rules.lives import Happened, Past, cause_of, state_at, states
from userops.feedback.rules.seeing import Eyes, state_of
from userops.feedback.rules.standing import SPELLS, STATUSES, happened
from userops.feedback.rules.vocabulary import CAUSES
from userops.feedback.tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Told:
    """What else is known of the past of a ticket: alarms, and what was read in its first words."""

    alarms: Sequence[Happened] = ()
    read: bool = False
    applied: Sequence[str] = ()
    """The fields that the reading set."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One cause of the past, and whether the rule fits it."""

    cause: Happened
    verdict: Verdict


def replay(
    ticket: Ticket, past: Sequence[Past], told: Told, document: Document, eyes: Eyes, now: datetime
) -> Iterator[Tried]:
    """Every cause of a rule in the life of a ticket, in order."""
    wider = eyes.wider(document)
    found = states(state_of(ticket), past)
    for cause, state in _causes(past, found, told, document, eyes, now):
        if cause.by_rule and not document.after_rules:
            continue
        if _merged(past, cause.at):
            continue
        seen = eyes.seen(ticket, state, dict(cause.more), cause.at)
        yield Tried(cause, judge(document, seen, wider))


def _causes(
    past: Sequence[Past],
    found: Sequence[dict[str, Any]],
    told: Told,
    document: Document,
    eyes: Eyes,
    now: datetime,
) -> Iterator[tuple[Happened, dict[str, Any]]]:
    kind = document.cause
    if CAUSES[kind].timed:
        yield from _timed(past, found, document, eyes, now)
    elif kind in ("warned", "late"):
        for alarm in told.alarms:
            if alarm.kind == kind:
                yield alarm, state_at(alarm.at, past, found)
    elif kind == "read":
        if told.read and past:
            place = _read_at(past, told.applied)
            yield Happened("read", "read", past[place].at), found[place]
    else:
        for each, state in zip(past, found, strict=True):
            cause = cause_of(each)
            if cause is not None and cause.kind == kind:
                yield cause, state


def _read_at(past: Sequence[Past], applied: Sequence[str]) -> int:
    """The last of the changes that the reading made, which follow the opening."""
    place, left = 0, set(applied)
    for number, each in enumerate(past):
        field = each.data.get("field")
        if each.kind == "changed" and field in left and not each.by_rule:
            left.discard(field)
            place = number
    return place


def _timed(
    past: Sequence[Past],
    found: Sequence[dict[str, Any]],
    document: Document,
    eyes: Eyes,
    now: datetime,
) -> Iterator[tuple[Happened, dict[str, Any]]]:
    calendar = None if document.calendar is None else eyes.calendars.get(document.calendar)
    for spell in SPELLS[document.cause](past):
        cause = happened(spell, document, calendar)
        if cause.at > now or (spell.ended is not None and spell.ended <= cause.at):
            continue
        state = state_at(cause.at, past, found)
        if state.get("status") in STATUSES[document.cause]:
            yield cause, state


def _merged(past: Sequence[Past], at: datetime) -> bool:
    """Whether the ticket was merged into another one then."""
    away = False
    for each in past:
        if each.at > at:
            break
        if each.kind == "merged" and "into" in each.data:
            away = True
        elif each.kind == "unmerged" and "parent" in each.data:
            away = False
    return away
