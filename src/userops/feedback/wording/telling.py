"""The plugged model, its uses and its words as programs read them. The key is never among them."""

from __future__ import annotations

from typing import Any

from userops.events.models import Product
from userops.feedback.wording.models import PluggedModel, Use, Wording
from userops.feedback.wording.using import used_today


def model_line(product: Product) -> dict[str, Any]:
    row = PluggedModel.objects.filter(product=product).first()
    if row is None:
        return {"active": False, "address": None, "model": None, "has_key": False}
    return {
        "active": row.active,
        "address": row.address,
        "model": row.model,
        "has_key": bool(row.key),
        "language": row.language,
        "budget": row.budget,
        "used_today": used_today(product),
        "seconds": row.seconds,
        "wait_until": row.wait_until,
    }


def use_line(row: Use) -> dict[str, Any]:
    """`sent`: the body as it left the house; empty when it is forgotten."""
    return {
        "id": row.pk,
        "at": row.at,
        "by": row.by.email if row.by else None,
        "kind": row.kind,
        "about": row.about,
        "address": row.address,
        "model": row.model,
        "sent": row.sent,
        "milliseconds": row.milliseconds,
        "problem": row.problem,
    }


def wording_line(row: Wording) -> dict[str, Any]:
    """`made_by` is always `model`: words to read, no facts and no figures."""
    return {
        "made_by": "model",
        "state": row.state,
        "name": row.name,
        "summary": row.summary,
        "model": row.model,
        "at": row.at,
        "edited_by": row.edited_by.email if row.edited_by else None,
        "problem": row.problem,
    }
