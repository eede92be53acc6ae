"""Of which events the user is told, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime

from django.urls import reverse

from userops.config import current
from userops.feedback.channels.robots.answering import speaks
from userops.feedback.passing import after_commit
from userops.feedback.telling.models import Moment, Told, Wording
from userops.feedback.telling.standard import STANDARD
from userops.feedback.tickets.models import Source, Status, Ticket, TicketEvent
from userops.notices.telling import absolute, mail_is_set_up

Kind = TicketEvent.Kind
ENDED = (Status.SOLVED, Status.CLOSED)
SILENT = (Source.IMPORT, Source.SURVEY)
"""Who came by these did not write to us: he is not told that his words came in."""


def follow(event: TicketEvent) -> None:
    """Tell the user of what matters to him: in the event's transaction, once."""
    ticket = event.ticket
    moment = moment_of(event, ticket)
    if not moment or ticket.status == Status.SPAM or ticket.merged_into_id is not None:
        return
    found = wording(ticket, moment)
    if found is None or Told.objects.filter(event=event).exists():
        return
    subject, text = found
    state = Told.State.WAITING if reaches(ticket) else Told.State.PAGE
    Told.objects.create(
        event=event, ticket=ticket, moment=moment, subject=subject[:400], text=text,
        state=state, due=datetime.now(UTC),
    )  # fmt: skip
    if state == Told.State.WAITING:
        from userops.feedback.telling.tasks import tell_users

        after_commit(tell_users)


def moment_of(event: TicketEvent, ticket: Ticket) -> str:
    """What the event is to the user; nothing when it does not concern him."""
    if event.kind == Kind.OPENED:
        # a program that has a token writes for the user
        by_himself = event.by_id is None or ticket.channel == Source.API
        by_himself = by_himself and ticket.channel not in SILENT
        return Moment.RECEIVED if by_himself else ""
    if event.kind != Kind.STATUS:
        return ""
    before, after = event.data.get("from"), event.data.get("to")
    if before == Status.SPAM and after in (Status.NEW, Status.OPEN):
        return Moment.RECEIVED  # it was held back, and is released
    if after == Status.WAITING:
        return Moment.WAITING
    if after in ENDED and before not in ENDED:
        return Moment.SOLVED if after == Status.SOLVED else Moment.CLOSED
    if before in ENDED and after not in ENDED and after != Status.SPAM and event.by_id is not None:
        return Moment.REOPENED
    return ""


def language_of(ticket: Ticket) -> str:
    """In which its user is told: `zh-hans` or `en`."""
    language = ticket.language if ticket.language in ("zh-hans", "zh", "en") else ""
    language = "en" if language == "en" else language or current().language
    return "zh-hans" if language.startswith("zh") else "en"


def wording(ticket: Ticket, moment: str) -> tuple[str, str] | None:
    """(subject, text) in the user's language; None where the product tells nothing at this moment."""
    found = template(ticket.product_id, moment, language_of(ticket))
    if found is None:
        return None
    subject, text = found
    return " ".join(filled(subject, ticket).split()), filled(text, ticket)


def template(product: int, moment: str, language: str) -> tuple[str, str] | None:
    """(subject, text) with their variables; None where the product tells nothing at this moment."""
    own = Wording.objects.filter(product=product, moment=moment, language=language).first()
    if own is not None:
        return (own.subject, own.text) if own.active else None
    standard = STANDARD[moment]
    return standard.subject.text(language), standard.text.text(language)


def filled(text: str, ticket: Ticket, **more: str) -> str:
    """The text with its variables and `more` of them, written `{name}` or, as in canned replies, `{{name}}`; a
    variable that is none stays as it was written."""
    values = {
        "number": str(ticket.number),
        "subject": ticket.subject,
        "name": ticket.name,
        "product": ticket.product.name,
        "link": progress_address(ticket),
        "progress": progress_address(ticket),
        "solution": ticket.solution,
        **more,
    }
    for name, value in values.items():
        # a user's own words never bring variables of their own
        safe = value.replace("{", "{\u200b")
        text = text.replace("{{" + name + "}}", safe).replace("{" + name + "}", safe)
    return text.replace("{\u200b", "{")


def progress_address(ticket: Ticket) -> str:
    return absolute(reverse("feedback_public:progress", args=[ticket.secret]))


def reaches(ticket: Ticket) -> bool:
    """Whether words to the user leave the house; else he reads them on his page."""
    return speaks(ticket) or bool(ticket.email and mail_is_set_up())
