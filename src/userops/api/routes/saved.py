"""Saved analyses, and the dashboards on which they stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from userops.api.auth import caller, product_for
from userops.api.paging import Key, Page, Pages
from userops.insights.models import Card, Dashboard, SavedAnalysis
from userops.workspace.models import User
from userops.workspace.roles import Permission

router = Router(tags=["analyses"])


class SavedOut(Schema):
    id: int
    name: str
    description: str
    kind: str
    document: dict[str, Any]
    owner: str | None
    shared: bool
    updated: datetime

    @staticmethod
    def resolve_owner(row: SavedAnalysis) -> str | None:
        return row.owner.email if row.owner else None


class CardOut(Schema):
    id: int
    width: int
    analysis: SavedOut


class DashboardOut(Schema):
    id: int
    name: str
    description: str
    range: dict[str, Any] | None
    updated: datetime


class DashboardWithCards(DashboardOut):
    cards: list[CardOut]


def _visible(user: User) -> Q:
    return Q(shared=True) | Q(owner=user)


@router.get("/{slug:product}/analyses", response=Page[SavedOut])
def saved_analyses(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Saved analyses that are shared, and your own. Send a `document` to /api/query for its answer."""
    found = product_for(request, product, Permission.VIEW)
    rows = SavedAnalysis.objects.filter(_visible(caller(request).user), product=found)
    ordered = rows.select_related("owner").order_by("name", "pk")
    return {"total": rows.count(), "items": list(ordered[paging.slice])}


@router.get("/{slug:product}/analyses/{analysis}", response=SavedOut)
def saved_analysis(request: HttpRequest, product: str, analysis: Key) -> SavedAnalysis:
    """One saved analysis with its document."""
    found = product_for(request, product, Permission.VIEW)
    rows = SavedAnalysis.objects.filter(_visible(caller(request).user), product=found)
    return get_object_or_404(rows, pk=analysis)


@router.get("/{slug:product}/dashboards", response=Page[DashboardOut])
def dashboards(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """The dashboards of a product by name."""
    found = product_for(request, product, Permission.VIEW)
    rows = Dashboard.objects.filter(product=found).order_by("name", "pk")
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.get("/{slug:product}/dashboards/{dashboard}", response=DashboardWithCards)
def dashboard(request: HttpRequest, product: str, dashboard: Key) -> dict[str, Any]:
    """A dashboard with its cards, in their order; those of others' private analyses are left out."""
    found = product_for(request, product, Permission.VIEW)
    row = get_object_or_404(Dashboard, product=found, pk=dashboard)
    who = caller(request).user
    visible = Q(analysis__shared=True) | Q(analysis__owner=who)  # as on the page
    cards = Card.objects.filter(visible, dashboard=row).select_related("analysis__owner")
    told = DashboardOut.from_orm(row).dict()
    return {**told, "cards": list(cards)}
