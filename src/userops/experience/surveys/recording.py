"""What happened between surveys and people, noted: counts of each day, and the log of each person."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from django.db.models import F

from userops.events.models import Product
from userops.experience.surveys.models import Contact, DayCount, Step, Survey

PRIVATE = (Step.DISMISSED, Step.STARTED, Step.COMPLETED)
"""Steps that an anonymous survey counts and never notes of a person: they say who answered, or who did not."""
UNCOUNTED = (Step.ELIGIBLE, Step.NOT_SHOWN)


def day_of(product: Product, at: datetime) -> date:
    return at.astimezone(ZoneInfo(product.timezone)).date()


def record(
    survey: Survey,
    step: Step,
    way: str,
    *,
    person: int | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> None:
    """One step: counted, and in the log of the person where there is one."""
    now = now or datetime.now(UTC)
    day = day_of(survey.product, now)
    if step not in UNCOUNTED:
        row, _made = DayCount.objects.get_or_create(survey=survey, day=day, way=way, step=step)
        DayCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
    if person is None or (survey.anonymous and step in PRIVATE):
        return
    contact, made = Contact.objects.get_or_create(
        survey=survey, person=person, step=step, reason=reason, way=way, day=day,
        defaults={"last": now},
    )  # fmt: skip
    if not made:
        Contact.objects.filter(pk=contact.pk).update(times=F("times") + 1, last=now)
