"""Who is erased from a product is erased from its surveys: answers, log, links, in the same transaction."""

from __future__ import annotations

from typing import Any

from userops.events.identity import chunks
from userops.events.models import Erasure, UserId
from userops.experience.surveys.models import AnswerGrowing, Contact, Invitation, OptOut, Response


def follow(sender: type[Erasure], instance: Erasure, created: bool, **_signal: Any) -> None:
    """After an erasure was recorded. Its proof names nobody: whoever has no id any more is gone."""
    if created:
        forget(instance.product_id)


def forget(product: int) -> int:
    """Delete what is kept of persons who are gone; answers how many those were."""
    tables = (
        Response.objects.filter(survey__product=product, person__isnull=False),
        Contact.objects.filter(survey__product=product),
        Invitation.objects.filter(survey__product=product),
        OptOut.objects.filter(product=product),
    )
    listed = (rows.values_list("person", flat=True).distinct() for rows in tables)
    named = {uid for uids in listed for uid in uids if uid is not None}
    there: set[int] = set()
    for chunk in chunks(named):
        ids = UserId.objects.filter(product=product, uid__among=chunk)
        there.update(ids.values_list("uid", flat=True))
    gone = sorted(named - there)
    for chunk in chunks(gone, 500):
        for rows in tables:
            rows.filter(person__in=chunk).delete()
    if gone:  # what they said may stand among the examples
        AnswerGrowing.objects.filter(survey__product=product).delete()
    return len(gone)
