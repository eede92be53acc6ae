"""All changes of collecting: permission check, validation, the change, its log entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from userops.errors import Refused
from userops.events.models import EventDefinition, Product, PropertyDefinition, QuarantinedRow
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

TEXTS = {"label_zh": 100, "label_en": 100, "description": 2_000, "owner": 254}
"""What may be said of a catalogue entry, and how long it may be."""


@transaction.atomic
def describe_event(
    entry: EventDefinition, texts: Mapping[str, str], *, hidden: bool, acting_user: User
) -> EventDefinition:
    """Name and describe an event in the catalogue; it is then no longer shown as new."""
    check(acting_user, entry.product, Permission.ANALYSE)
    _set_texts(entry, texts)
    entry.hidden, entry.reviewed = hidden, True
    entry.save()
    note(acting_user, "event.described", product=entry.product, target=entry.name)
    return entry


@transaction.atomic
def describe_property(
    entry: PropertyDefinition, texts: Mapping[str, str], *, hidden: bool, acting_user: User
) -> PropertyDefinition:
    """Name and describe a property in the catalogue."""
    check(acting_user, entry.product, Permission.ANALYSE)
    _set_texts(entry, {key: value for key, value in texts.items() if key != "owner"})
    entry.hidden = hidden
    entry.save()
    note(acting_user, "property.described", product=entry.product, target=entry.name)
    return entry


def _set_texts(entry: EventDefinition | PropertyDefinition, texts: Mapping[str, str]) -> None:
    for field, text in texts.items():
        longest = TEXTS[field]
        if len(text) > longest:
            raise Refused(
                Words(
                    f"{field} 最多 {longest} 个字符,实际为 {len(text)} 个。",
                    f"{field} may have at most {longest} characters; got {len(text)}.",
                ),
                code="text_too_long",
            )
        setattr(entry, field, text.strip())


def discard_rows(product: Product, codes: list[str], *, acting_user: User) -> int:
    """Throw refused rows away for good; answers how many."""
    check(acting_user, product, Permission.ERASE)
    rows = QuarantinedRow.objects.filter(product=product, replayed=None, code__in=codes)
    count = rows.count()
    rows.delete()
    note(acting_user, "quarantine.discarded", product=product, target=", ".join(codes), rows=count)
    return count
