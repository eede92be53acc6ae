"""The words of a ticket as they are read and learned from."""

from __future__ import annotations

from userops.feedback.tickets.models import Ticket
from userops.text.personal_data import mask


def words_of(ticket: Ticket) -> str:
    """Subject and text; the subject only where it is not the beginning of the text."""
    head = ticket.subject.rstrip("…")
    if " ".join(ticket.text[:400].split()).startswith(head):
        return ticket.text
    return f"{ticket.subject}\n{ticket.text}"


def masked_words(ticket: Ticket) -> str:
    """Without personal data: what is learned from, and what a model outside may see."""
    return mask(words_of(ticket), "wholly")


def masked_line(ticket: Ticket, longest: int = 60) -> str:
    """The subject without personal data. It is masked before it is cut, so that half a number never stays."""
    first = mask(words_of(ticket)).strip().partition("\n")[0]
    line = " ".join(first.split())
    return line if len(line) <= longest else f"{line[:longest]}…"
