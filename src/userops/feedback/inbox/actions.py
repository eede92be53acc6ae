"""Writes: many tickets at once, saved views, macros. Each checks the permission and leaves a log row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from userops.errors import Refused, UserOpsError
from userops.events.models import Product
from userops.feedback.hints import ANOTHER_NAME, SEVERAL_GOES
from userops.feedback.inbox.filters import Filters
from userops.feedback.inbox.models import Macro, SavedView
from userops.feedback.inbox.replying import check_variables, filled
from userops.feedback.passing import one_pass
from userops.feedback.tickets import actions as tickets
from userops.feedback.tickets.actions import Change
from userops.feedback.tickets.incoming import checked_text
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST_AT_ONCE = 500
BLOCK = 50
"""Tickets of one transaction: others wait for no more than these."""
MOST_MACROS = 500
LONGEST_NAME = 60
LONGEST_REPLY = 10_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of many: each was done whole or not at all."""

    done: tuple[int, ...]
    refused: dict[int, UserOpsError]


def change_many(
    product: Product, numbers: Sequence[int], change: Change, *, acting_user: User
) -> Outcome:
    """The same change to each ticket; what one refuses does not hold up the others. Raises `Refused` for
    too many."""
    check(acting_user, product, Permission.HANDLE_TICKETS)
    if len(numbers) > MOST_AT_ONCE:
        raise Refused(
            Words(
                f"一次最多处理 {MOST_AT_ONCE} 张工单。", f"At most {MOST_AT_ONCE} tickets at once."
            ),
            code="too_many_at_once",
            hint=SEVERAL_GOES,
        )
    done: list[int] = []
    refused: dict[int, UserOpsError] = {}
    chosen = list(
        Ticket.objects.filter(product=product, number__in=set(numbers)).order_by("number")
    )
    for start in range(0, len(chosen), BLOCK):
        with one_pass():
            for ticket in chosen[start : start + BLOCK]:
                ticket.product = product
                try:
                    tickets.change_ticket(ticket, change, acting_user=acting_user)
                    done.append(ticket.number)
                except UserOpsError as wrong:
                    refused[ticket.number] = wrong
    return Outcome(tuple(done), refused)


@transaction.atomic
def save_view(
    product: Product, name: str, filters: Filters, *, shared: bool = False, acting_user: User
) -> SavedView:
    """Keep filters under a name; the same name of the same member again changes it."""
    check(acting_user, product, Permission.HANDLE_TICKETS)
    name = name_of(name, LONGEST_NAME)
    view, _fresh = SavedView.objects.update_or_create(
        product=product,
        owner=acting_user,
        name=name,
        defaults={"query": filters.query(), "shared": shared},
    )
    note(acting_user, "ticket_view.saved", product=product, target=name, shared=shared)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, acting_user: User) -> None:
    """By its owner, or by who sets up the desk. Raises `NotAllowed`."""
    own = view.owner_id == acting_user.pk
    check(acting_user, view.product, Permission.HANDLE_TICKETS if own else Permission.MANAGE_DESK)
    note(acting_user, "ticket_view.deleted", product=view.product, target=view.name)
    view.delete()


@transaction.atomic
def save_macro(
    product: Product,
    *,
    name: str,
    reply: str = "",
    text: str = "",
    change: Mapping[str, Any] | None = None,
    macro: Macro | None = None,
    acting_user: User,
) -> Macro:
    """A new macro, or `macro` made otherwise; `text` is its note. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    if macro is None and Macro.objects.filter(product=product).count() >= MOST_MACROS:
        raise Refused(
            Words(f"每个产品最多 {MOST_MACROS} 个。", f"A product has at most {MOST_MACROS}."),
            code="too_many_macros",
            hint=Words("请先删除不再使用的宏。", "Delete a macro that is no longer used."),
        )
    macro = macro or Macro(product=product)
    macro.name = name_of(name, LONGEST_NAME)
    taken = Macro.objects.filter(product=product, name=macro.name).exclude(pk=macro.pk)
    if taken.exists():
        raise Refused(
            Words(f"已有“{macro.name}”。", f"There is a “{macro.name}” already."),
            code="name_taken",
            hint=ANOTHER_NAME,
        )
    macro.reply = check_variables(checked_text(reply, longest=LONGEST_REPLY, empty=True))
    macro.note = check_variables(checked_text(text, longest=LONGEST_REPLY, empty=True))
    macro.change = _fields(change or {})
    if not (macro.reply or macro.note or macro.change):
        raise Refused(
            Words("宏是空的。", "The macro is empty."),
            code="macro_empty",
            hint=Words(
                "请填写回复、备注或要改的字段。", "Give a reply, a note or a field to change."
            ),
        )
    macro.save()
    note(acting_user, "macro.saved", product=product, target=macro.name)
    return macro


def _fields(change: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return Change(**change).wanted()
    except TypeError:
        unknown = sorted(set(change) - set(Change.__dataclass_fields__))
        raise Refused(
            Words(f"没有这些字段：{unknown}。", f"There are no such fields: {unknown}."),
            code="field_unknown",
            hint=Words(
                "宏可以设置：状态、处理人、团队、分类、严重程度、投诉。",
                "A macro sets status, owner, team, category, severity or complaint.",
            ),
        ) from None


@transaction.atomic
def delete_macro(macro: Macro, *, acting_user: User) -> None:
    check(acting_user, macro.product, Permission.MANAGE_DESK)
    note(acting_user, "macro.deleted", product=macro.product, target=macro.name)
    macro.delete()


@transaction.atomic
def run_macro(macro: Macro, ticket: Ticket, *, acting_user: User | None) -> None:
    """All that it says, or nothing of it; nobody: a rule runs it. Raises `Refused`."""
    if acting_user is not None:
        check(acting_user, ticket.product, Permission.HANDLE_TICKETS)
    if macro.note:
        text = filled(macro.note, ticket, acting_user)
        tickets.add_note(ticket, text, acting_user=acting_user)
    if macro.reply:
        text = filled(macro.reply, ticket, acting_user)
        tickets.answer(ticket, text, acting_user=acting_user)
    if macro.change:
        tickets.change_ticket(ticket, Change(**macro.change), acting_user=acting_user)
