"""The audit log: who did what, newest first."""

from __future__ import annotations

import json

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from userops.words import Words
from userops.workspace.access import administers, member, workspace_page
from userops.workspace.audit.names import ACTIONS, DETAILS
from userops.workspace.models import LogEntry

PAGE = 50
LONGEST = 160
"""So much of a detail that is a structure is shown."""


@workspace_page
def log(request: HttpRequest) -> HttpResponse:
    administered = administers(member(request))
    rows = LogEntry.objects.select_related("product").order_by("-at", "-pk")
    if None not in administered:
        rows = rows.filter(product__in=administered)
    wanted, action = request.GET.get("q", "").strip(), request.GET.get("action", "")
    if wanted:
        rows = rows.filter(Q(who__icontains=wanted) | Q(target__icontains=wanted))
    if action:
        rows = rows.filter(action=action)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "entries": [_entry(row) for row in page],
        "actions": ACTIONS.items(),
        "q": wanted,
        "action": action,
    }
    return render(request, "workspace/audit/page.html", context)


def _entry(row: LogEntry) -> dict[str, object]:
    details = row.details.items()
    return {
        "row": row,
        "named": ACTIONS.get(row.action) or Words(row.action, row.action),
        "told": [(DETAILS.get(key) or Words(key, key), _told(value)) for key, value in details],
    }


def _told(value: object) -> str | Words:
    """A change is kept as [before, after]."""
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if isinstance(value, list) and len(value) == 2:
        return f"{value[0]} → {value[1]}"
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict | list):
        written = json.dumps(value, ensure_ascii=False)
        return written if len(written) <= LONGEST else f"{written[: LONGEST - 1]}…"
    return str(value)
