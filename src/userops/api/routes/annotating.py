"""Annotations: what happened when, drawn on every time axis."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from userops.annotations import actions
from userops.annotations.models import Annotation
from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.workspace.roles import Permission

router = Router(tags=["annotations"])

Kind = Literal["release", "campaign", "incident", "other"]
MOMENT = "A date or a date with a time, on the wall clock of the product"


class AnnotationOut(Schema):
    id: int
    kind: str
    text: str
    link: str
    begins: str
    ends: str | None
    owner: str | None
    updated: datetime

    @staticmethod
    def resolve_begins(row: Annotation) -> str:
        return row.begins.key()

    @staticmethod
    def resolve_ends(row: Annotation) -> str | None:
        return row.ends.key() if row.ends else None

    @staticmethod
    def resolve_owner(row: Annotation) -> str | None:
        return row.owner.email if row.owner else None


class AnnotationIn(RequestBody):
    kind: Kind
    text: str = Field(max_length=2_000)
    begins: str = Field(max_length=40, description=MOMENT)
    ends: str = Field("", max_length=40, description="Of a span; its last moment")
    link: str = Field("", max_length=2_000)


class AnnotationChange(Changes):
    kind: Kind | None = None
    text: str | None = Field(None, max_length=2_000)
    begins: str | None = Field(None, max_length=40)
    ends: str | None = Field(None, max_length=40, description="Empty: one moment again")
    link: str | None = Field(None, max_length=2_000)


@router.get("/{slug:product}/annotations", response=Page[AnnotationOut])
def annotation_list(
    request: HttpRequest,
    product: str,
    paging: Pages,
    q: str = Query("", max_length=200, description="Words of the text or link"),
    kind: Kind | None = None,
) -> dict[str, Any]:
    """Annotations, the newest first."""
    found = product_for(request, product, Permission.VIEW)
    rows = Annotation.objects.filter(product=found)
    for word in q.replace("\x00", "").split()[:8]:
        rows = rows.filter(Q(text__icontains=word) | Q(link__icontains=word))
    rows = rows.filter(kind=kind) if kind else rows
    return {"total": rows.count(), "items": list(rows.select_related("owner")[paging.slice])}


@router.post("/{slug:product}/annotations", response=AnnotationOut)
def create_annotation(request: HttpRequest, product: str, body: AnnotationIn) -> Annotation:
    """Write down what happened."""
    found = product_for(request, product, Permission.ANALYSE)
    return actions.create_annotation(found, **body.dict(), acting_user=caller(request).user)


@router.patch("/{slug:product}/annotations/{annotation}", response=AnnotationOut)
def change_annotation(
    request: HttpRequest, product: str, annotation: Key, body: AnnotationChange
) -> Annotation:
    """Change what is given."""
    found = product_for(request, product, Permission.ANALYSE)
    row = get_object_or_404(Annotation, product=found, pk=annotation)
    return actions.change_annotation(row, **body.dict(), acting_user=caller(request).user)


@router.delete("/{slug:product}/annotations/{annotation}", response={204: None})
def delete_annotation(request: HttpRequest, product: str, annotation: Key) -> Status[None]:
    """Take an annotation away."""
    found = product_for(request, product, Permission.ANALYSE)
    row = get_object_or_404(Annotation, product=found, pk=annotation)
    actions.delete_annotation(row, acting_user=caller(request).user)
    return Status(204, None)
