"""Writes: requirements, their tickets, and that users are told. Each checks, validates, leaves history and log."""

from __future__ import annotations

from userops.feedback.requirements.actions.joining import link_tickets, unlink_ticket
from userops.feedback.requirements.actions.keeping import (
    Wanted,
    change,
    create,
    found,
    set_status,
    wanted_of,
)
from userops.feedback.requirements.actions.telling import announce, send_again

__all__ = [
    "Wanted",
    "announce",
    "change",
    "create",
    "found",
    "link_tickets",
    "send_again",
    "set_status",
    "unlink_ticket",
    "wanted_of",
]
