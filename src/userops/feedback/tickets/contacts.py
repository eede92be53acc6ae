"""Tickets by whom they come from: an e-mail address, a telephone number or a user id, each written whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.db.models import QuerySet
from django.db.models.functions import Lower

from userops.events.identity import person_of, uids_of
from userops.events.models import Product
from userops.feedback.tickets.models import Ticket

_PHONE = re.compile(r"\+?[\d ()-]{5,20}")
_CHINA = "86"
MOST = 500
"""Tickets of one contact, the newest."""


def of_contact(product: Product, text: str) -> list[int]:
    """Keys of the tickets that came from it. Only for those who may see contacts: a hit tells that there is one."""
    asked = text.strip()
    if not asked:
        return []
    rows = Ticket.objects.filter(product=product).order_by("-opened")
    found: set[int] = set(_keys(rows.filter(distinct_id=asked)))
    person = person_of(product.pk, asked)
    if person is not None:
        found.update(_keys(rows.filter(person__in=uids_of(product.pk, person))))
    if "@" in asked:
        lower = rows.annotate(lower_email=Lower("email"))
        found.update(_keys(lower.filter(lower_email=asked.lower())))
    else:
        found.update(_keys(rows.filter(phone__in=phone_spellings(asked))))
    return sorted(found)


def _keys(rows: QuerySet[Ticket]) -> Iterable[int]:
    return rows.values_list("pk", flat=True)[:MOST]


def phone_spellings(text: str) -> set[str]:
    """The ways in which people write this number; what is no number is itself."""
    if not _PHONE.fullmatch(text):
        return {text}
    digits = re.sub(r"\D", "", text)
    own = digits.removeprefix(_CHINA) if len(digits) == 13 else digits
    if len(own) != 11 or not own.startswith("1"):
        return {text, digits, f"+{digits}"}
    parts = (own[:3], own[3:7], own[7:])
    ways = {own, " ".join(parts), "-".join(parts)}
    before = ("", _CHINA, f"+{_CHINA}", f"+{_CHINA} ", f"+{_CHINA}-")
    return {text, *(f"{code}{way}" for code in before for way in ways)}
