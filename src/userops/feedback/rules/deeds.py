"""What rules do: each line calls one action of the desk. Raises what that raises."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from userops.errors import Refused
from userops.feedback.clocks.alarming import readers_of
from userops.feedback.clocks.steps import Step
from userops.feedback.inbox.actions import run_macro
from userops.feedback.inbox.models import Macro
from userops.feedback.inbox.replying import filled
from userops.feedback.requirements.actions import link_tickets
from userops.feedback.requirements.models import Requirement
from userops.feedback.rules.document import Deed
from userops.feedback.rules.models import RuleFiring
from userops.feedback.sorting.models import Team
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.reading import numbered
from userops.notices.models import Channel
from userops.notices.telling import Message, tell
from userops.words import Words
from userops.workspace.access import members_with
from userops.workspace.roles import Permission

Done = Callable[[Ticket, Deed, RuleFiring], bool]
"""Whether it did something that leaves no line in the history."""


def _change(name: str) -> Done:
    def change(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
        actions.change_ticket(ticket, Change(**{name: deed.value}), acting_user=None)
        return False

    return change


def _complaint(ticket: Ticket, _deed: Deed, _firing: RuleFiring) -> bool:
    actions.change_ticket(ticket, Change(complaint=True), acting_user=None)
    return False


def _hand_over(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
    team = Team.objects.filter(product=ticket.product_id, pk=deed.value).first()
    if team is None:
        raise _gone("团队", "team")
    if ticket.team_id == team.pk and ticket.status == "handed_over":
        return False
    text = filled(deed.text, ticket, None)
    actions.hand_over(ticket, team, text, acting_user=None)
    return False


def _relate(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
    other = numbered(ticket.product, deed.value)
    if other.pk != ticket.pk:
        actions.relate(ticket, other, acting_user=None)
    return False


def _requirement(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
    rows = Requirement.objects.select_related("product")
    requirement = rows.filter(product=ticket.product_id, number=deed.value).first()
    if requirement is None:
        raise _gone("需求", "requirement")
    link_tickets(requirement, [ticket.number], acting_user=None)
    return False


def _answer(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
    actions.answer(ticket, filled(deed.text, ticket, None), acting_user=None)
    return False


def _note(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
    actions.add_note(ticket, filled(deed.text, ticket, None), acting_user=None)
    return False


def _macro(ticket: Ticket, deed: Deed, _firing: RuleFiring) -> bool:
    macro = Macro.objects.filter(product=ticket.product_id, pk=deed.value).first()
    if macro is None:
        raise _gone("回复或宏", "reply or macro")
    run_macro(macro, ticket, acting_user=None)
    return False


def _tell(ticket: Ticket, deed: Deed, firing: RuleFiring) -> bool:
    members = readers_of(ticket, Step(0, deed.who)) if deed.who else []
    members += members_with(Permission.HANDLE_TICKETS, ticket.product, deed.members)
    channels = list(Channel.objects.filter(product=ticket.product_id, pk__in=deed.channels))
    title = Words(
        f"规则“{firing.name}”：#{ticket.number} {ticket.subject}",
        f"Rule “{firing.name}”: #{ticket.number} {ticket.subject}",
    )
    short = ticket.text if len(ticket.text) <= SHOWN else f"{ticket.text[: SHOWN - 1]}…"
    link = reverse("tickets:one", args=[ticket.product.slug, ticket.number])
    message = Message(f"rule:{firing.pk}", title, Words(short, short), link)
    tell(ticket.product, message, members=members, channels=channels)
    return bool(members or channels)


def _stop(_ticket: Ticket, _deed: Deed, _firing: RuleFiring) -> bool:
    return True


SHOWN = 200
DOING: dict[str, Done] = {
    **{name: _change(name) for name in ("severity", "category", "team", "owner", "status", "area")},
    "complaint": _complaint,
    "hand_over": _hand_over,
    "relate": _relate,
    "requirement": _requirement,
    "answer": _answer,
    "macro": _macro,
    "note": _note,
    "tell": _tell,
    "stop": _stop,
}


def _gone(zh: str, en: str) -> Refused:
    return Refused(
        Words(f"这个{zh}已不存在。", f"This {en} is gone."),
        code="rule_target_gone",
        hint=Words("请编辑规则并重新选择。", "Edit the rule and choose anew."),
    )
