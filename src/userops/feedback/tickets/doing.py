"""What the buttons of a ticket's page do: each reads its form and calls one action."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import QueryDict

from userops.errors import NotFound
from userops.feedback.hints import CHECK_KEY
from userops.feedback.inbox.actions import run_macro
from userops.feedback.inbox.choices import CHANGES, is_key
from userops.feedback.inbox.models import Macro
from userops.feedback.sorting.models import Team
from userops.feedback.tickets import actions
from userops.feedback.tickets.actions import Change
from userops.feedback.tickets.incoming import File
from userops.feedback.tickets.models import Ticket
from userops.feedback.tickets.reading import numbered
from userops.words import Words
from userops.workspace.models import User


def _answer(ticket: Ticket, form: QueryDict, user: User, files: Sequence[File]) -> None:
    status = form.get("status", "")
    read = form.get("seen", "")
    seen = int(read) if is_key(read) else None
    text = form.get("text", "")
    actions.answer(ticket, text, status=status, seen=seen, files=files, acting_user=user)


def _note(ticket: Ticket, form: QueryDict, user: User, files: Sequence[File]) -> None:
    actions.add_note(ticket, form.get("text", ""), files=files, acting_user=user)


def _change(ticket: Ticket, form: QueryDict, user: User) -> None:
    """A field that stands as the page showed it (`was_` + field) is left as a colleague may have set it."""
    given = {
        name: read(form.get(name, ""), user)
        for name, read in CHANGES.items()
        if name in form and form.get(name) != form.get(f"was_{name}")
    }
    actions.change_ticket(ticket, Change(**given), acting_user=user)


def _hand_over(ticket: Ticket, form: QueryDict, user: User) -> None:
    key = form.get("team", "")
    rows = Team.objects.filter(product=ticket.product)
    team = rows.filter(pk=int(key)).first() if is_key(key) else None
    if team is None:
        raise NotFound(
            Words("没有这个团队。", "There is no such team."),
            code="team_unknown",
            hint=CHECK_KEY,
        )
    actions.hand_over(ticket, team, form.get("text", ""), acting_user=user)


def _unmerge(ticket: Ticket, _form: QueryDict, user: User) -> None:
    actions.unmerge(ticket, acting_user=user)


def _split(ticket: Ticket, form: QueryDict, user: User) -> None:
    chosen = [int(each) for each in form.getlist("message") if is_key(each)]
    actions.split(ticket, chosen, subject=form.get("subject", ""), acting_user=user)


def _relate(ticket: Ticket, form: QueryDict, user: User) -> None:
    other = numbered(ticket.product, form.get("number", ""))
    actions.relate(ticket, other, acting_user=user)


def _unrelate(ticket: Ticket, form: QueryDict, user: User) -> None:
    other = numbered(ticket.product, form.get("number", ""))
    actions.unrelate(ticket, other, acting_user=user)


def _macro(ticket: Ticket, form: QueryDict, user: User) -> None:
    key = form.get("macro", "")
    rows = Macro.objects.filter(product=ticket.product)
    macro = rows.filter(pk=int(key)).first() if is_key(key) else None
    if macro is None:
        raise NotFound(
            Words("没有这个宏。", "There is no such macro."),
            code="macro_unknown",
            hint=CHECK_KEY,
        )
    run_macro(macro, ticket, acting_user=user)


WRITTEN: dict[str, Callable[[Ticket, QueryDict, User, Sequence[File]], None]] = {
    "answer": _answer,
    "note": _note,
}
"""Words and files. What somebody wrote for these is shown again when it is refused."""
VERBS: dict[str, Callable[[Ticket, QueryDict, User], None]] = {
    "change": _change,
    "hand-over": _hand_over,
    "unmerge": _unmerge,
    "split": _split,
    "relate": _relate,
    "unrelate": _unrelate,
    "macro": _macro,
}
