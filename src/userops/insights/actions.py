"""Writes: saved analyses and dashboards. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from pydantic import ValidationError

from userops.analyses.answering import parse
from userops.errors import NotAllowed, Refused
from userops.events.models import Product
from userops.insights.models import Card, Dashboard, SavedAnalysis
from userops.query.dates import DateRange
from userops.query.problems import document_error
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission
from userops.workspace.sight import check_named

LONGEST_NAME = 200
WIDTHS = (4, 6, 8, 12)
"""Columns of 12 that a card may take."""


def save_analysis(
    product: Product,
    document: Mapping[str, Any],
    name: str,
    *,
    description: str = "",
    shared: bool = True,
    acting_user: User,
) -> SavedAnalysis:
    """Keep a document under a name. Raises `DocumentError`, `Refused`."""
    check(acting_user, product, Permission.ANALYSE)
    question = parse({**document, "product": product.slug})[1]
    check_named(question.as_json(), product, acting_user)
    saved = SavedAnalysis.objects.create(
        product=product,
        name=name_of(name, LONGEST_NAME),
        description=description.strip(),
        kind=question.kind,
        document=question.as_json(),
        owner=acting_user,
        shared=shared,
    )
    _noted(acting_user, "analysis.saved", saved)
    return saved


def change_analysis(
    saved: SavedAnalysis,
    *,
    acting_user: User,
    document: Mapping[str, Any] | None = None,
    name: str | None = None,
    description: str | None = None,
    shared: bool | None = None,
) -> SavedAnalysis:
    """Change what is given of a saved analysis; its kind stays."""
    _may_change(acting_user, saved)
    if document is not None:
        question = parse({**document, "product": saved.product.slug})[1]
        check_named(question.as_json(), saved.product, acting_user)
        saved.kind, saved.document = question.kind, question.as_json()
    if name is not None:
        saved.name = name_of(name, LONGEST_NAME)
    if description is not None:
        saved.description = description.strip()
    if shared is not None:
        saved.shared = shared
    saved.save()
    _noted(acting_user, "analysis.changed", saved)
    return saved


def delete_analysis(saved: SavedAnalysis, *, acting_user: User) -> None:
    """Remove a saved analysis, and its cards with it."""
    _may_change(acting_user, saved)
    _noted(acting_user, "analysis.deleted", saved, document=saved.document)
    saved.delete()


def create_dashboard(
    product: Product, name: str, *, description: str = "", acting_user: User
) -> Dashboard:
    check(acting_user, product, Permission.ANALYSE)
    made = Dashboard.objects.create(
        product=product,
        name=name_of(name, LONGEST_NAME),
        description=description.strip(),
        owner=acting_user,
    )
    _noted(acting_user, "dashboard.created", made)
    return made


def change_dashboard(
    dashboard: Dashboard,
    *,
    acting_user: User,
    name: str | None = None,
    description: str | None = None,
) -> Dashboard:
    check(acting_user, dashboard.product, Permission.ANALYSE)
    if name is not None:
        dashboard.name = name_of(name, LONGEST_NAME)
    if description is not None:
        dashboard.description = description.strip()
    dashboard.save()
    _noted(acting_user, "dashboard.changed", dashboard)
    return dashboard


def set_range(
    dashboard: Dashboard, range_: Mapping[str, Any] | None, *, acting_user: User
) -> Dashboard:
    """The date range that replaces those of all cards; None gives each its own back."""
    check(acting_user, dashboard.product, Permission.ANALYSE)
    dashboard.range = None if range_ is None else _range(range_)
    dashboard.save()
    _noted(acting_user, "dashboard.range_set", dashboard, range=dashboard.range)
    return dashboard


def delete_dashboard(dashboard: Dashboard, *, acting_user: User) -> None:
    """Remove a dashboard and its cards; the analyses stay."""
    check(acting_user, dashboard.product, Permission.ANALYSE)
    _noted(acting_user, "dashboard.deleted", dashboard)
    dashboard.delete()


def add_card(dashboard: Dashboard, saved: SavedAnalysis, *, acting_user: User) -> Card:
    """Put a saved analysis at the end of a dashboard of the same product."""
    check(acting_user, dashboard.product, Permission.ANALYSE)
    if saved.product_id != dashboard.product_id or not visible(saved, acting_user):
        raise Refused(
            Words("这个分析不属于该产品。", "This analysis is not of this product."),
            code="card_of_other_product",
        )
    last = dashboard.cards.aggregate(last=Max("position"))["last"]
    card = Card.objects.create(
        dashboard=dashboard, analysis=saved, position=0 if last is None else last + 1
    )
    _noted(acting_user, "card.added", dashboard, analysis=saved.name)
    return card


def resize_card(card: Card, width: int, *, acting_user: User) -> Card:
    """Give a card another width, in columns of 12; the nearest of `WIDTHS`."""
    check(acting_user, card.dashboard.product, Permission.ANALYSE)
    card.width = min(WIDTHS, key=lambda each: abs(each - width))
    card.save(update_fields=["width"])
    _noted(acting_user, "dashboard.arranged", card.dashboard, analysis=card.analysis.name)
    return card


def remove_card(card: Card, *, acting_user: User) -> None:
    check(acting_user, card.dashboard.product, Permission.ANALYSE)
    _noted(acting_user, "card.removed", card.dashboard, analysis=card.analysis.name)
    card.delete()


@transaction.atomic
def arrange(dashboard: Dashboard, order: Sequence[int], *, acting_user: User) -> None:
    """Put the cards in this order (ids of cards); cards that are not named keep to the end."""
    check(acting_user, dashboard.product, Permission.ANALYSE)
    cards = list(dashboard.cards.all())
    places = {pk: place for place, pk in enumerate(order)}
    cards.sort(key=lambda card: places.get(card.pk, len(places)))
    for position, card in enumerate(cards):
        card.position = position
    Card.objects.bulk_update(cards, ["position"])
    _noted(acting_user, "dashboard.arranged", dashboard)


def move_card(card: Card, by: int, *, acting_user: User) -> None:
    """One place earlier (-1) or later (+1)."""
    order = list(card.dashboard.cards.values_list("pk", flat=True))
    at = order.index(card.pk)
    to = min(max(at + by, 0), len(order) - 1)
    order.insert(to, order.pop(at))
    arrange(card.dashboard, order, acting_user=acting_user)


def visible(saved: SavedAnalysis, user: User) -> bool:
    """Whether a member of the product sees a saved analysis: a shared one, or their own."""
    return saved.shared or saved.owner_id == user.pk


def may_change(saved: SavedAnalysis, user: User) -> bool:
    """Its owner may; an administrator of the workspace may change anyone's."""
    granted = permissions_in(user, saved.product)
    own = saved.owner_id in (None, user.pk)
    return Permission.ANALYSE in granted and (own or Permission.MANAGE_WORKSPACE in granted)


def _may_change(user: User, saved: SavedAnalysis) -> None:
    check(user, saved.product, Permission.ANALYSE)
    if not may_change(saved, user):
        raise NotAllowed(
            Words(
                "只有创建人或管理员可以修改这个分析。",
                "Only its owner or an administrator may change this analysis.",
            ),
            code="analysis_not_yours",
            hint=Words("请另存为一份自己的分析。", "Save it as an analysis of your own."),
        )


def _range(given: Mapping[str, Any]) -> dict[str, Any]:
    try:
        range_ = DateRange.model_validate(given)
    except ValidationError as wrong:
        raise document_error(wrong, given) from None
    kept: dict[str, Any] = range_.model_dump(mode="json", by_alias=True, exclude_none=True)
    return kept


def _noted(user: User, action: str, of: SavedAnalysis | Dashboard, **details: Any) -> None:
    note(user, action, product=of.product, target=of.name, **details)
