"""How the feedback desk is set up: categories, teams, canned replies and macros."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import RequestBody
from userops.api.paging import Key
from userops.feedback.inbox import actions as inbox
from userops.feedback.inbox.models import Macro
from userops.feedback.sorting import actions
from userops.feedback.sorting.models import Category, Team
from userops.workspace.roles import Permission

router = Router(tags=["tickets"])
HANDLE, MANAGE = Permission.HANDLE_TICKETS, Permission.MANAGE_DESK


class CategoryOut(Schema):
    id: int
    name: str
    path: str
    parent: int | None = Field(None, alias="parent_id")
    team: int | None = Field(None, alias="team_id")
    keywords: list[str]
    active: bool


class CategoryIn(RequestBody):
    name: str = Field(max_length=200)
    parent: Key | None = None
    team: Key | None = None
    keywords: list[str] = Field(default_factory=list, max_length=50)


class CategoryChange(CategoryIn):
    active: bool = True


class TeamOut(Schema):
    id: int
    name: str
    members: list[str]

    @staticmethod
    def resolve_members(row: Team) -> list[str]:
        return sorted(each.email for each in row.members.all())


class TeamIn(RequestBody):
    name: str = Field(max_length=200)
    members: list[Key] = Field(default_factory=list, max_length=1_000)


class MacroOut(Schema):
    id: int
    name: str
    reply: str
    note: str
    change: dict[str, Any]


class MacroIn(RequestBody):
    name: str = Field(max_length=200)
    reply: str = Field("", max_length=20_000)
    note: str = Field("", max_length=20_000)
    change: dict[str, Any] = Field(default_factory=dict)


@router.get("/{slug:product}/ticket-categories", response=list[CategoryOut])
def category_list(request: HttpRequest, product: str) -> list[Category]:
    """The tree of categories, in its order."""
    return list(Category.objects.filter(product=product_for(request, product, HANDLE)))


@router.post("/{slug:product}/ticket-categories", response=CategoryOut)
def create_category(request: HttpRequest, product: str, body: CategoryIn) -> Category:
    """Below `parent`, or a root."""
    found = product_for(request, product, MANAGE)
    return actions.create_category(found, **body.dict(), acting_user=caller(request).user)


@router.put("/{slug:product}/ticket-categories/{category}", response=CategoryOut)
def change_category(
    request: HttpRequest, product: str, category: Key, body: CategoryChange
) -> Category:
    """Its tickets stay with it, wherever it moves."""
    found = product_for(request, product, MANAGE)
    row = get_object_or_404(Category, product=found, pk=category)
    return actions.change_category(row, **body.dict(), acting_user=caller(request).user)


@router.delete("/{slug:product}/ticket-categories/{category}", response={204: None})
def delete_category(request: HttpRequest, product: str, category: Key) -> Status[None]:
    """Refused while categories or tickets belong to it."""
    found = product_for(request, product, MANAGE)
    row = get_object_or_404(Category, product=found, pk=category)
    actions.delete_category(row, acting_user=caller(request).user)
    return Status(204, None)


@router.get("/{slug:product}/teams", response=list[TeamOut])
def team_list(request: HttpRequest, product: str) -> list[Team]:
    """Teams with the e-mails of their members."""
    rows = Team.objects.filter(product=product_for(request, product, HANDLE))
    return list(rows.prefetch_related("members"))


@router.post("/{slug:product}/teams", response=TeamOut)
def create_team(request: HttpRequest, product: str, body: TeamIn) -> Team:
    """Members who handle no tickets are left out."""
    found = product_for(request, product, MANAGE)
    return actions.create_team(found, **body.dict(), acting_user=caller(request).user)


@router.put("/{slug:product}/teams/{team}", response=TeamOut)
def change_team(request: HttpRequest, product: str, team: Key, body: TeamIn) -> Team:
    """Another name, other members."""
    found = product_for(request, product, MANAGE)
    row = get_object_or_404(Team, product=found, pk=team)
    return actions.change_team(row, **body.dict(), acting_user=caller(request).user)


@router.delete("/{slug:product}/teams/{team}", response={204: None})
def delete_team(request: HttpRequest, product: str, team: Key) -> Status[None]:
    """Its tickets belong to no team then."""
    found = product_for(request, product, MANAGE)
    row = get_object_or_404(Team, product=found, pk=team)
    actions.delete_team(row, acting_user=caller(request).user)
    return Status(204, None)


@router.get("/{slug:product}/macros", response=list[MacroOut])
def macro_list(request: HttpRequest, product: str) -> list[Macro]:
    """Canned replies and macros, by name."""
    return list(Macro.objects.filter(product=product_for(request, product, HANDLE)))


@router.post("/{slug:product}/macros", response=MacroOut)
def create_macro(request: HttpRequest, product: str, body: MacroIn) -> Macro:
    """With words alone it is a canned reply."""
    found = product_for(request, product, MANAGE)
    return _save(request, Macro(product=found), body)


@router.put("/{slug:product}/macros/{macro}", response=MacroOut)
def change_macro(request: HttpRequest, product: str, macro: Key, body: MacroIn) -> Macro:
    """The whole of it anew."""
    found = product_for(request, product, MANAGE)
    return _save(request, get_object_or_404(Macro, product=found, pk=macro), body)


def _save(request: HttpRequest, macro: Macro, body: MacroIn) -> Macro:
    return inbox.save_macro(
        macro.product,
        name=body.name,
        reply=body.reply,
        text=body.note,
        change=body.change,
        macro=macro if macro.pk else None,
        acting_user=caller(request).user,
    )


@router.delete("/{slug:product}/macros/{macro}", response={204: None})
def delete_macro(request: HttpRequest, product: str, macro: Key) -> Status[None]:
    """Take it away."""
    found = product_for(request, product, MANAGE)
    row = get_object_or_404(Macro, product=found, pk=macro)
    inbox.delete_macro(row, acting_user=caller(request).user)
    return Status(204, None)
