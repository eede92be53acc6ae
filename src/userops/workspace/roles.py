"""Roles and what each may do: the one table that pages, API and CLI check."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Permission(StrEnum):
    """One thing that a role may do in a product."""

    VIEW = "view"
    """See figures: overview, analyses, dashboards, catalogue."""
    ANALYSE = "analyse"
    """Save analyses and dashboards, and name things in the catalogue."""
    SEE_PEOPLE = "see_people"
    """See single users with their ids and properties."""
    EXPORT_PEOPLE = "export_people"
    """Take lists of single users out of the house."""
    WRITE_REPORTS = "write_reports"
    """Write, compute and edit reports, and hand them in."""
    ISSUE_REPORTS = "issue_reports"
    """Sign reports: from then on they are read-only."""
    HANDLE_TICKETS = "handle_tickets"
    """Read, answer and change feedback tickets."""
    RUN_SURVEYS = "run_surveys"
    """Make surveys and see single answers."""
    MANAGE_DESK = "manage_desk"
    """Set up the feedback desk: channels, categories, teams, deadlines, calendars, rules."""
    MANAGE_DATA = "manage_data"
    """Import, see and replay the quarantine."""
    MANAGE_SOURCES = "manage_sources"
    """Make and revoke write keys, merge and unmerge people, say where notices are sent."""
    ERASE = "erase"
    """Erase a person, remove an import."""
    MANAGE_WORKSPACE = "manage_workspace"
    """Members, products, settings."""


class Role(models.TextChoices):
    ADMIN = "admin", _("Administrator")
    LEAD = "lead", _("Lead")
    OPERATOR = "operator", pgettext_lazy("role", "Operator")
    ANALYST = "analyst", _("Analyst")
    PARTNER = "partner", _("Partner")
    LEADERSHIP = "leadership", _("Leadership")


_P = Permission
_WORK = frozenset(
    {
        _P.VIEW,
        _P.ANALYSE,
        _P.SEE_PEOPLE,
        _P.WRITE_REPORTS,
        _P.HANDLE_TICKETS,
        _P.RUN_SURVEYS,
        _P.MANAGE_DATA,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.LEAD: _WORK
    | {_P.ISSUE_REPORTS, _P.EXPORT_PEOPLE, _P.MANAGE_DESK, _P.MANAGE_SOURCES, _P.ERASE},
    Role.OPERATOR: _WORK,
    Role.ANALYST: _WORK | {_P.EXPORT_PEOPLE},
    Role.PARTNER: frozenset({_P.VIEW, _P.ANALYSE, _P.HANDLE_TICKETS}),
    Role.LEADERSHIP: frozenset({_P.VIEW}),
}
