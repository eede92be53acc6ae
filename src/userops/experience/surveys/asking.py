"""Asking in the app: which survey, if any, a person is to see now, and why no other one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from userops.events.identity import person_of
from userops.events.models import Product
from userops.events.store import Store
from userops.experience.surveys.gates import Occasion, Verdict, judge
from userops.experience.surveys.invitations import invite, token_of
from userops.experience.surveys.models import Contact, Invitation, Step, Survey, Way
from userops.experience.surveys.recording import record
from userops.experience.surveys.standing import rules_of, standing_of

SILENT = ("not_running", "other_way", "no_trigger")
"""Reasons that hold for everybody and are not worth a row for each visit."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The survey that is to be shown, and the secret of its single-use link."""

    survey: Survey
    token: str


def ask(
    store: Store, product: Product, user: str, *, event: str = "", now: datetime | None = None
) -> Asked | None:
    """The survey that may be shown to a user in the app now; the log says of each why not. Those that wait for the
    event go before the others, the older before the newer."""
    now = now or datetime.now(UTC)
    person = person_of(product.pk, user) if user else None
    occasion = Occasion(Way.IN_APP, now, event)
    running = Survey.objects.filter(product=product, state=Survey.State.RUNNING)
    rows = running.select_related("product", "segment", "version").order_by("pk")
    for survey in sorted(rows, key=lambda each: each.trigger_event != event):
        verdict = verdict_of(store, survey, person, occasion)
        if person is not None and not verdict.reason:
            return _chosen(survey, person, now)
        _note(survey, person, verdict, now)
    return None


def verdict_of(store: Store, survey: Survey, person: int | None, occasion: Occasion) -> Verdict:
    """Every gate of a survey for a person, open or not."""
    return judge(rules_of(survey), standing_of(store, survey, person), occasion)


@transaction.atomic
def _chosen(survey: Survey, person: int, now: datetime) -> Asked:
    record(survey, Step.ELIGIBLE, Way.IN_APP, person=person, now=now)
    row = _waiting(survey, person) or invite(survey, person, Way.IN_APP, Invitation.State.SHOWN)
    return Asked(survey, token_of(row))


def _waiting(survey: Survey, person: int) -> Invitation | None:
    """A link that was made for this and not used; of an anonymous survey, not shown yet: whether it was used
    must not be seen from whether another one is made."""
    links = Invitation.objects.filter(survey=survey, person=person, way=Way.IN_APP, used=False)
    last = links.order_by("round").last()
    if last is None or not survey.anonymous:
        return last
    seen = Contact.objects.filter(
        survey=survey, person=person, way=Way.IN_APP, step=Step.SHOWN, last__gte=last.due
    )
    return None if seen.exists() else last


def _note(survey: Survey, person: int | None, verdict: Verdict, now: datetime) -> None:
    if person is not None and verdict.reason not in SILENT:
        record(survey, Step.NOT_SHOWN, Way.IN_APP, person=person, reason=verdict.reason, now=now)
