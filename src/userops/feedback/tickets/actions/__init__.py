"""Writes: tickets. Each checks the permission, validates, and leaves a line of history and of the log.

`acting_user=None`: a channel or the desk itself acts; only code says that, never a request.
"""

from __future__ import annotations

from userops.feedback.tickets.actions.changing import Change, change_ticket, hand_over
from userops.feedback.tickets.actions.joining import merge, relate, split, unmerge, unrelate
from userops.feedback.tickets.actions.speaking import add_note, answer, open_ticket, receive
from userops.feedback.tickets.incoming import File, Incoming

__all__ = [
    "Change",
    "File",
    "Incoming",
    "add_note",
    "answer",
    "change_ticket",
    "hand_over",
    "merge",
    "open_ticket",
    "receive",
    "relate",
    "split",
    "unmerge",
    "unrelate",
]
