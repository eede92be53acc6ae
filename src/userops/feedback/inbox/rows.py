"""Rows of the inbox, written straight into text: fifty by the template engine cost more than all else of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from userops.events.models import Product
from userops.feedback.clocks.badges import Badge, badges_of
from userops.feedback.inbox.filters import place_of
from userops.feedback.inbox.writing import written
from userops.feedback.tickets.models import Severity, Source, Status, Ticket
from userops.web.templatetags.figures import DASH, ago, moment
from userops.web.templatetags.figures import icon as icon_of

_ROW = (
    '<tr data-ticket="{number}" data-place="{place}"><td class="choose"><input class="form-check-input"'
    ' type="checkbox" name="ticket" value="{number}" aria-label="{choose} #{number}"></td>'
    '<td class="what"><a href="{href}"><span class="number muted">#{number}</span> {subject}</a>{marks}</td>'
    '<td class="clip">{who}<div class="muted small">{channel}</div></td><td>{category}</td>'
    '<td class="state"><span class="badge-state {tone}">{status}</span></td><td class="clip">{owner}{team}</td>'
    '<td class="due">{due}</td>'
    '<td class="nowrap"><time datetime="{changed}">{since}</time></td></tr>'
)
_BADGE = '<span class="badge-state {}"{}>{}{}</span>'
_TEAM = '<div class="muted small">{}</div>'
_TITLE = ' title="{}"'
_STATUS_TONES = {"new": "accent", "waiting": "warn", "solved": "good", "closed": "good"}
_SEVERITY_TONES = {"urgent": "bad", "high": "warn"}


@dataclass(frozen=True, slots=True)
class Row:
    """`place`: where it stands in its list, compared as text."""

    number: int
    place: str
    html: SafeString


class Rows:
    """Writes the rows of one product for one reader; what all of them share is looked up once."""

    def __init__(self, product: Product, order: str, *, see_contacts: bool) -> None:
        self.product, self.order, self.see_contacts = product, order, see_contacts
        self.zone = ZoneInfo(product.timezone)
        self.now = datetime.now(UTC)
        self.statuses = {each.value: str(each.label) for each in Status}
        self.severities = {each.value: str(each.label) for each in Severity}
        self.channels = {each.value: str(each.label) for each in Source}
        self.choose = _("Choose")
        self.base = reverse("tickets:one", args=[product.slug, 0]).removesuffix("0")

    def of(self, tickets: Iterable[Ticket]) -> list[Row]:
        found = list(tickets)
        badges = badges_of(found, self.now)
        return [self._row(each, badges.get(each.pk)) for each in found]

    def _row(self, ticket: Ticket, badge: Badge | None) -> Row:
        place = place_of(ticket, self.order)
        html = written(
            _ROW,
            number=ticket.number,
            place=place,
            choose=self.choose,
            href=f"{self.base}{ticket.number}",
            subject=ticket.subject,
            marks=self._marks(ticket),
            who=self._who(ticket),
            channel=self.channels.get(ticket.channel, ticket.channel),
            category=ticket.category.name if ticket.category else DASH,
            tone=_STATUS_TONES.get(ticket.status, ""),
            status=self.statuses.get(ticket.status, ticket.status),
            owner=ticket.owner or DASH,
            team=written(_TEAM, ticket.team) if ticket.team else "",
            due=self._due(ticket, badge),
            changed=ticket.updated.isoformat(timespec="seconds"),
            since=ago(ticket.updated),
        )
        return Row(ticket.number, place, html)

    def _marks(self, ticket: Ticket) -> SafeString:
        marks = SafeString("")
        if ticket.severity in _SEVERITY_TONES:
            tone = _SEVERITY_TONES[ticket.severity]
            marks += self._badge(tone, self.severities[ticket.severity])
        if ticket.complaint:
            marks += self._badge("bad", _("Complaint"), "flag")
        return marks

    def _who(self, ticket: Ticket) -> str:
        known = (ticket.distinct_id, ticket.email, ticket.phone) if self.see_contacts else ()
        return next(filter(None, (ticket.name, *known)), DASH)

    def _due(self, ticket: Ticket, badge: Badge | None) -> Any:
        """The clock that is due next, as `clocks.badges` judges it."""
        if badge is None:
            return moment(ticket.due, self.product) if ticket.due else DASH
        if badge.paused:
            words = pgettext("clock", "stands still")
            return self._badge("", f"{badge.kind} · {words}", "player-stop", badge.due)
        if badge.due is None:
            return badge.kind
        words = pgettext("clock", "overdue") if badge.tone == "bad" else ""
        text = " · ".join(filter(None, (badge.kind, words, ago(badge.due))))
        icon = "alert-circle" if badge.tone == "bad" else "clock"
        return self._badge(badge.tone, text, icon, badge.due)

    def _badge(
        self, tone: str, text: str, icon: str = "", due: datetime | None = None
    ) -> SafeString:
        title = written(_TITLE, f"{due.astimezone(self.zone):%Y-%m-%d %H:%M}") if due else ""
        drawn = icon_of(icon, "small") if icon else ""
        return SafeString(" ") + written(_BADGE, tone, title, drawn, text)
