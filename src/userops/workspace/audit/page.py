"""The audit log: who did what, newest first."""

from __future__ import annotations

import json
from typing import Any

from django.apps import apps
from django.core.paginator import Paginator
from django.db.models import Field, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from userops.words import Words
from userops.workspace.access import administers, member, workspace_page
from userops.workspace.audit.names import ACTIONS, DETAILS, MODELS
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
    thing, _dot, verb = row.action.partition(".")
    details = {**row.details}
    if details.keys() >= {"from", "to"}:
        details = {details.pop("field", verb): [details.pop("from"), details.pop("to")], **details}
    model = apps.get_model(MODELS[thing]) if thing in MODELS else None
    fields = {each.name: each for each in model._meta.fields} if model else {}
    return {
        "row": row,
        "named": ACTIONS.get(row.action) or Words(row.action, row.action),
        "told": [
            (DETAILS.get(key) or Words(key, key), _told(value, fields.get(key)))
            for key, value in details.items()
        ],
    }


def _told(value: object, field: Field[Any, Any] | None) -> str | Words:
    """A change is kept as [before, after]."""
    if isinstance(value, dict) and value.keys() == {"zh", "en"}:
        return Words(**value)
    if isinstance(value, list) and len(value) == 2:
        old, new = (_named(each, field) for each in value)
        return Words(f"{old.zh} → {new.zh}", f"{old.en} → {new.en}")
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        return ", ".join(map(str, value))
    if isinstance(value, dict | list):
        written = json.dumps(value, ensure_ascii=False)
        return written if len(written) <= LONGEST else f"{written[: LONGEST - 1]}…"
    return _named(value, field)


def _named(value: object, field: Field[Any, Any] | None) -> Words:
    """What a code, or the key of a row, is called; itself where it is none."""
    if isinstance(value, bool):
        return Words("是", "yes") if value else Words("否", "no")
    if value is None:
        return Words("–", "–")
    shown: object = value
    if field is not None and field.related_model is not None:
        shown = field.related_model._default_manager.filter(pk=value).first() or value
    elif field is not None and isinstance(value, str):
        shown = dict(field.flatchoices).get(value, value)
    return Words(str(shown), str(shown))  # the label of a code speaks the reader's language already
