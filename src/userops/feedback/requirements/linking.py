"""Which tickets ask for a requirement: arrows from the one to the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import QuerySet

from userops.events.identity import chunks
from userops.events.models import Product
from userops.evidence.linking import Thing
from userops.evidence.models import Link
from userops.feedback.requirements.models import Requirement
from userops.feedback.tickets.models import Status, Ticket

RELATION = "asked_by"


def thing(requirement: Requirement) -> Thing:
    return Thing("requirement", str(requirement.number))


def _links(product: Product) -> QuerySet[Link]:
    return Link.objects.filter(
        product=product, from_kind="requirement", to_kind="ticket", relation=RELATION
    )


def linked_numbers(requirement: Requirement) -> list[int]:
    """The numbers of its tickets, the first linked first."""
    keys = _links(requirement.product).filter(from_key=str(requirement.number))
    return [int(key) for key in keys.values_list("to_key", flat=True)]


def numbers_by_requirement(product: Product) -> dict[int, list[int]]:
    """Number of a requirement → numbers of its tickets, of all that the product has."""
    found: dict[int, list[int]] = {}
    for source, target in _links(product).values_list("from_key", "to_key"):
        found.setdefault(int(source), []).append(int(target))
    return found


def asked_for(product: int) -> dict[int, list[int]]:
    """Number of a ticket → numbers of the requirements that it asks for."""
    found: dict[int, list[int]] = {}
    rows = Link.objects.filter(
        product=product, from_kind="requirement", to_kind="ticket", relation=RELATION
    )
    for source, target in rows.values_list("from_key", "to_key"):
        found.setdefault(int(target), []).append(int(source))
    return found


def rows_of(product: Product, numbers: Iterable[int]) -> list[Ticket]:
    """The tickets with these numbers, the newest first. Spam never asked for anything."""
    found: list[Ticket] = []
    for chunk in chunks(numbers):
        rows = Ticket.objects.filter(product=product, number__in=chunk)
        found += rows.exclude(status=Status.SPAM).defer(
            "text", "root_cause", "solution", "prevention"
        )
    return sorted(found, key=lambda each: (each.opened, each.pk), reverse=True)


def requirements_of(tickets: Sequence[Ticket]) -> list[Requirement]:
    """Those that any of these tickets of one product ask for."""
    if not tickets:
        return []
    product = tickets[0].product
    keys = [str(each.number) for each in tickets]
    numbers = _links(product).filter(to_key__in=keys).values_list("from_key", flat=True)
    rows = Requirement.objects.filter(product=product, number__in=[int(each) for each in numbers])
    return list(rows.select_related("owner"))
