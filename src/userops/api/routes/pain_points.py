"""Pain points: what hurts, whom it hits, what it costs, ranked."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key
from userops.events.models import Product
from userops.events.store import current
from userops.experience.pain_points import actions
from userops.experience.pain_points.models import PainPoint
from userops.experience.pain_points.ranking import FORMULA, ranked
from userops.experience.pain_points.running import of_product
from userops.experience.pain_points.telling import told
from userops.workspace.roles import Permission

router = Router(tags=["pain points"])
Status = Literal["suspected", "confirmed", "mending", "mended", "dismissed"]


class PainPointIn(RequestBody):
    title: str = Field(max_length=1_000)
    title_en: str = Field("", max_length=1_000)
    note: str = Field("", max_length=4_000)
    topic: Key | None = None
    category: Key | None = None
    owner: Key | None = Field(None, description="A member; whoever makes it where nobody is named")
    document: dict[str, Any] = Field({}, description="Evidence, days, traits matched")

    def wanted(self) -> actions.Wanted:
        return actions.Wanted(**self.dict())


class StatusIn(RequestBody):
    status: Status
    why: str = Field("", max_length=400)


class LinkIn(RequestBody):
    kind: Literal["ticket", "topic", "annotation", "report"]
    key: str = Field(max_length=40, description="Its number")


class RunOut(Schema):
    id: int
    state: str
    share: float
    document: dict[str, Any]
    figures: dict[str, Any] | None
    problem: dict[str, str] | None


class RankingOut(Schema):
    formula: dict[str, str]
    items: list[dict[str, Any]]


def _point(request: HttpRequest, product: str, number: int, permission: Permission) -> PainPoint:
    return actions.found(product_for(request, product, permission), number)


def _told(product: Product, number: int) -> dict[str, Any]:
    """With its place among all, as verdicts are corrected for all of them."""
    rows = ranked(of_product(product))
    return next(told(each) for each in rows if each.point.number == number)


@router.get("/{slug:product}/pain-points", response=RankingOut)
def pain_points(request: HttpRequest, product: str, status: Status | None = None) -> dict[str, Any]:
    """The ranking with all terms, the highest score first."""
    found = product_for(request, product, Permission.VIEW)
    rows = [each for each in ranked(of_product(found)) if status in (None, each.point.status)]
    return {"formula": FORMULA.as_dict(), "items": [told(each) for each in rows]}


@router.post("/{slug:product}/pain-points", response=dict[str, Any])
def create_pain_point(request: HttpRequest, product: str, body: PainPointIn) -> dict[str, Any]:
    """A suspected pain point."""
    found = product_for(request, product, Permission.RUN_SURVEYS)
    made = actions.create(found, body.wanted(), acting_user=caller(request).user)
    return _told(found, made.number)


@router.get("/{slug:product}/pain-points/{number}", response=dict[str, Any])
def pain_point(request: HttpRequest, product: str, number: Key) -> dict[str, Any]:
    """One, with the figures of its last run."""
    row = _point(request, product, number, Permission.VIEW)
    return _told(row.product, row.number)


@router.put("/{slug:product}/pain-points/{number}", response=dict[str, Any])
def change_pain_point(
    request: HttpRequest, product: str, number: Key, body: PainPointIn
) -> dict[str, Any]:
    """Words, topic, category, owner, definition. Figures of earlier runs stay."""
    row = _point(request, product, number, Permission.RUN_SURVEYS)
    actions.change(row, body.wanted(), acting_user=caller(request).user)
    return _told(row.product, row.number)


@router.patch("/{slug:product}/pain-points/{number}", response=dict[str, Any])
def set_pain_point_status(
    request: HttpRequest, product: str, number: Key, body: StatusIn
) -> dict[str, Any]:
    """Confirm, dismiss, or say that it is being mended or mended."""
    row = _point(request, product, number, Permission.RUN_SURVEYS)
    actions.set_status(row, body.status, why=body.why, acting_user=caller(request).user)
    return _told(row.product, row.number)


@router.post("/{slug:product}/pain-points/{number}/links", response=dict[str, Any])
def link_pain_point(
    request: HttpRequest, product: str, number: Key, body: LinkIn
) -> dict[str, Any]:
    """Link a ticket, a topic, an annotation such as the release that mends it, or a report."""
    row = _point(request, product, number, Permission.RUN_SURVEYS)
    actions.link_thing(row, body.kind, body.key, acting_user=caller(request).user)
    return _told(row.product, row.number)


@router.post("/{slug:product}/pain-points/{number}/runs", response=RunOut)
def compute_pain_point(request: HttpRequest, product: str, number: Key) -> Any:
    """Compute it in the background; the run that goes on, where one does."""
    row = _point(request, product, number, Permission.RUN_SURVEYS)
    return actions.ask_for_run(current(), row, acting_user=caller(request).user)


@router.get("/{slug:product}/pain-points/{number}/runs", response=list[RunOut])
def pain_point_runs(request: HttpRequest, product: str, number: Key) -> Any:
    """The runs that are kept, the newest first, each frozen as it was."""
    row = _point(request, product, number, Permission.VIEW)
    return list(row.runs.all())
