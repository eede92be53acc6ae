"""What other parts of the desk show beside a ticket: one list, in this order.

Each is a function of a ticket that answers a `Panel`, or nothing where there is nothing to show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.module_loading import import_string

from userops.feedback.tickets.models import Ticket

PANELS: tuple[str, ...] = (
    "userops.feedback.clocks.panel.panel",
    "userops.feedback.understanding.panel.panel_of",
    "userops.experience.pain_points.panel.panel",
    "userops.feedback.requirements.panel.panel",
    "userops.feedback.rules.panel.panel",
    "userops.feedback.wording.panel.panel_of",
)


@dataclass(frozen=True, slots=True)
class Panel:
    """A card of the ticket's page: its template sees `panel` (this context), `ticket` and `product`."""

    template: str
    context: Mapping[str, Any]


def panels_of(ticket: Ticket) -> list[Panel]:
    found = (import_string(name)(ticket) for name in PANELS)
    return [each for each in found if each is not None]
