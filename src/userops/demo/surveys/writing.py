"""Writes the surveys with whom they asked, into the tables that live ones write to."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from typing import Any

from django.db import transaction

from userops.demo.surveys.asked import Asked, Desk
from userops.demo.surveys.forms import Form
from userops.events.models import Product
from userops.experience.surveys.actions import create_survey, publish, set_state, set_survey
from userops.experience.surveys.invitations import digest_of, token_of
from userops.experience.surveys.models import (
    Budget,
    Contact,
    DayCount,
    Invitation,
    OptOut,
    Response,
    Step,
    Survey,
    Version,
)
from userops.experience.surveys.recording import PRIVATE, UNCOUNTED, day_of
from userops.workspace.models import User

_CHUNK = 500


@transaction.atomic
def write_surveys(
    product: Product, told: Desk, forms: Sequence[Form], owner: User, language: str
) -> dict[str, Survey]:
    """One after the other; the budget and those who want no more first."""
    Budget.objects.get_or_create(product=product)
    OptOut.objects.bulk_create([OptOut(product=product, person=person) for person in told.out])
    return {
        form.key: _write(product, form, told.asked.get(form.key, []), owner, language)
        for form in forms
    }


def _write(
    product: Product, form: Form, asked: Sequence[Asked], owner: User, language: str
) -> Survey:
    survey = create_survey(
        product, form.name.text(language), document=form.document, acting_user=owner
    )
    set_survey(survey, form.settings, acting_user=owner)
    publish(survey, acting_user=owner)
    if form.state != Survey.State.RUNNING:
        set_state(survey, form.state, acting_user=owner)
    begun = asked[0].on.at if asked else datetime.now(UTC)
    Version.objects.filter(survey=survey).update(published=begun)
    _log(survey, asked)
    Invitation.objects.bulk_create(_invitations(survey, asked), batch_size=_CHUNK)
    answered = [each for each in asked if each.started]
    Response.objects.bulk_create([_response(survey, each) for each in answered], batch_size=_CHUNK)
    return survey


def _steps(asked: Asked) -> Iterator[tuple[Step, datetime]]:
    if asked.reason:
        yield Step.NOT_SHOWN, asked.on.at
        return
    if asked.on.way.name == "mail":
        yield Step.SENT, asked.on.at
    for step in (Step.SHOWN, Step.DISMISSED, Step.STARTED, Step.COMPLETED):
        moment = getattr(asked, step.value)
        if moment is not None:
            yield step, moment


def _log(survey: Survey, asked: Sequence[Asked]) -> None:
    """What `record` would have noted, all at once; that somebody could be asked is said by his being asked."""
    counts: Counter[tuple[Any, ...]] = Counter()
    contacts: dict[tuple[Any, ...], Contact] = {}
    for each in asked:
        for step, at in _steps(each):
            day, way, person = day_of(survey.product, at), each.on.way.name, each.on.member.person
            if step not in UNCOUNTED:
                counts[day, way, step] += 1
            if survey.anonymous and step in PRIVATE:
                continue
            contacts[person, step, each.reason, way, day] = Contact(
                survey=survey, person=person, step=step, reason=each.reason, way=way, day=day, last=at
            )  # fmt: skip
    Contact.objects.bulk_create(contacts.values(), batch_size=_CHUNK)
    DayCount.objects.bulk_create(
        [
            DayCount(survey=survey, day=day, way=way, step=step, count=count)
            for (day, way, step), count in counts.items()
        ],
        batch_size=_CHUNK,
    )


def _invitations(survey: Survey, asked: Sequence[Asked]) -> list[Invitation]:
    rounds: Counter[int] = Counter()
    found = []
    for each in asked:
        if each.reason:
            continue
        person, mail = each.on.member.person, each.on.way.name == "mail"
        rounds[person] += 1
        row = Invitation(
            survey=survey, person=person, way=each.on.way.name, round=rounds[person], due=each.on.at,
            state=Invitation.State.SENT if mail else Invitation.State.SHOWN, used=each.started is not None,
        )  # fmt: skip
        row.digest = digest_of(token_of(row))
        found.append(row)
    return found


def _response(survey: Survey, asked: Asked) -> Response:
    done = asked.completed is not None
    assert asked.started is not None
    return Response(
        # a place in the sequence would say whom it is of
        pk=uuid.uuid4(),
        survey=survey,
        version=survey.version,
        anonymous=survey.anonymous,
        person=None if survey.anonymous else asked.on.member.person,
        way=asked.on.way.name,
        language="zh-hans",
        state=Response.State.COMPLETED if done else Response.State.STARTED,
        started=_moment(survey, asked.started),
        completed=_moment(survey, asked.completed) if asked.completed else None,
        answers=asked.answers,
        carried={name: asked.on.member.level for name in survey.carries if asked.on.member.level},
    )


def _moment(survey: Survey, at: datetime) -> datetime:
    """As an anonymous survey keeps it: the day only."""
    if not survey.anonymous:
        return at
    return datetime.combine(day_of(survey.product, at), time(12), tzinfo=UTC)
