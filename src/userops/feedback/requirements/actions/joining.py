"""Tickets ask for a requirement, or do so no longer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.evidence.linking import link, unlink
from userops.feedback.hints import CHECK_NUMBER, SEVERAL_GOES
from userops.feedback.requirements.actions.keeping import Kind, note_down, take_requirement
from userops.feedback.requirements.linking import RELATION, linked_numbers, thing
from userops.feedback.requirements.models import Requirement
from userops.feedback.tickets.actions.joining import thing as thing_of
from userops.feedback.tickets.history import record, take
from userops.feedback.tickets.models import Ticket, TicketEvent
from userops.words import Words
from userops.workspace.models import User
from userops.workspace.roles import Permission

MOST_AT_ONCE = 500


@transaction.atomic
def link_tickets(
    requirement: Requirement, numbers: Sequence[int], *, acting_user: User | None
) -> list[int]:
    """These tickets ask for it: all of them or none. Answers which had not been linked before; nobody: a rule does
    it. Raises `Refused` for too many, `NotFound` for a ticket that is not there."""
    requirement = take_requirement(requirement, acting_user, Permission.HANDLE_TICKETS)
    tickets = _tickets(requirement.product, numbers)
    before = set(linked_numbers(requirement))
    fresh = [each for each in tickets if each.number not in before]
    for each in fresh:
        ticket = take(each, acting_user)
        link(requirement.product, thing(requirement), thing_of(ticket), RELATION, by=acting_user)
        words = Words(
            f"关联需求 R{requirement.number}“{requirement.words.zh}”",
            f"Asks for requirement R{requirement.number} “{requirement.words.en}”",
        )
        _tell(ticket, requirement, words, acting_user)
    if fresh:
        note_down(requirement, Kind.LINKED, acting_user, tickets=[each.number for each in fresh])
    return [each.number for each in fresh]


@transaction.atomic
def unlink_ticket(requirement: Requirement, number: int, *, acting_user: User) -> None:
    """What the user was told stays told."""
    requirement = take_requirement(requirement, acting_user, Permission.HANDLE_TICKETS)
    ticket = take(_tickets(requirement.product, [number])[0], acting_user)
    if unlink(requirement.product, thing(requirement), thing_of(ticket), RELATION):
        words = Words(
            f"取消关联需求 R{requirement.number}“{requirement.words.zh}”",
            f"No longer asks for requirement R{requirement.number} “{requirement.words.en}”",
        )
        _tell(ticket, requirement, words, acting_user)
        note_down(requirement, Kind.UNLINKED, acting_user, tickets=[ticket.number])


def _tell(ticket: Ticket, requirement: Requirement, words: Words, user: User | None) -> None:
    data = {"requirement": requirement.number, "words": words.as_dict()}
    record(ticket, TicketEvent.Kind.ASKED, by=user, data=data)


def _tickets(product: Product, numbers: Sequence[int]) -> list[Ticket]:
    wanted = sorted(set(numbers))
    if not 0 < len(wanted) <= MOST_AT_ONCE:
        raise Refused(
            Words(
                f"一次关联 1 到 {MOST_AT_ONCE} 张工单。",
                f"Link 1 to {MOST_AT_ONCE} tickets at once.",
            ),
            code="too_many_at_once",
            hint=SEVERAL_GOES,
        )
    rows = {each.number: each for each in Ticket.objects.filter(product=product, number__in=wanted)}
    missing = [number for number in wanted if number not in rows]
    if missing:
        raise NotFound(
            Words(f"没有工单 {missing[0]}。", f"There is no ticket {missing[0]}."),
            code="ticket_not_found",
            hint=CHECK_NUMBER,
        )
    for each in rows.values():
        each.product = product
    return [rows[number] for number in wanted]
