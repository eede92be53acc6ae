"""From a need that the analysis found to a pain point that holds it: its form, filled in."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from userops.analyses.needs.table import need_words
from userops.events.models import Product
from userops.experience.pain_points.pages.form import conditions_text
from userops.insights.builder.onward import Step
from userops.words import Words
from userops.workspace.language import reader_language
from userops.workspace.roles import Permission

_KEEP = Words("建为痛点", "Make it a pain point")


def of_needs(
    result: dict[str, Any], product: Product, granted: Collection[Permission]
) -> list[Step | None]:
    if Permission.RUN_SURVEYS not in granted:
        return []
    new = reverse("pain_points:new", args=[product.slug])
    return [_step(need, new) for need in result["needs"]]


def _step(need: dict[str, Any], new: str) -> Step | None:
    """None for what is no hardship: a feature that is not used."""
    given = {"need_kind": need["kind"], "need_name": need["name"], "need_more": need["more"] or ""}
    given["title"] = need_words(need).text(reader_language())
    if need["kind"] == "exit":
        given |= {"next": need["more"]}
    elif need["kind"] in ("search", "failure"):
        (asked,) = need["evidence"]["series"]
        given |= {"event": asked["event"], "conditions": conditions_text(asked["filters"])}
    else:
        return None
    return Step(_KEEP, "target", f"{new}?{urlencode(given)}")
