"""What the audit log calls each action and detail."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIONS: dict[str, str | Promise] = {
    "workspace.created": _("made the workspace"),
    "product.created": _("made a product"),
    "product.changed": _("changed a product"),
    "write_key.created": _("made a write key"),
    "write_key.revoked": _("revoked a write key"),
    "member.invited": _("invited a member"),
    "invitation.withdrawn": _("withdrew an invitation"),
    "member.joined": _("joined"),
    "member.role_changed": _("changed a role"),
    "member.removed": _("removed a member"),
    "token.created": _("made an API token"),
    "token.revoked": _("revoked an API token"),
    "person.exported": _("exported a user"),
    "person.erased": _("erased a user"),
    "person.merged": _("merged two users"),
    "person.unmerged": _("undid a merge"),
    "event.described": _("described an event"),
    "property.described": _("described a property"),
    "import.started": _("started an import"),
    "import.cancelled": _("cancelled an import"),
    "import.resumed": _("resumed an import"),
    "import.removed": _("took an import back"),
    "quarantine.replayed": _("replayed refused rows"),
    "quarantine.discarded": _("threw refused rows away"),
    "analysis.saved": _("saved an analysis"),
    "analysis.changed": _("changed an analysis"),
    "analysis.deleted": _("deleted an analysis"),
    "dashboard.created": _("made a dashboard"),
    "dashboard.changed": _("changed a dashboard"),
    "dashboard.deleted": _("deleted a dashboard"),
    "dashboard.range_set": _("set a dashboard’s dates"),
    "dashboard.arranged": _("arranged a dashboard"),
    "card.added": _("put an analysis on a dashboard"),
    "card.removed": _("took an analysis off a dashboard"),
}

DETAILS: dict[str, str | Promise] = {
    "role": _("role"),
    "scopes": _("scopes"),
    "name": _("name"),
    "timezone": _("time zone"),
    "currency": _("currency"),
    "events": _("events"),
    "ids": _("ids"),
    "rows": _("rows"),
    "analysis": _("analysis"),
    "document": _("definition"),
    "range": _("dates"),
    "run": _("import"),
    "other": _("other id"),
    "stored": _("stored"),
    "refused": _("refused"),
}
