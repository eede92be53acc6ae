"""Automation rules of tickets: written, tried on the past, switched on, and what they did."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.feedback.rules import actions
from userops.feedback.rules.models import DryRun, Rule
from userops.feedback.rules.options import Options
from userops.feedback.rules.reading import log_of
from userops.feedback.rules.telling import firing_line, rule_line, run_line
from userops.workspace.roles import Permission

router = Router(tags=["rules"])
HANDLE, MANAGE = Permission.HANDLE_TICKETS, Permission.MANAGE_DESK


class RuleIn(RequestBody):
    """A rule is made switched off: try it on the past first."""

    name: str = Field(max_length=1_000)
    when: dict[str, Any] = Field(description="`cause`; of causes of time also `hours`, `calendar`")
    if_: dict[str, Any] = Field({}, alias="if", description="`all`, `any`: lists of conditions")
    then: list[dict[str, Any]] = Field(max_length=100, description="Actions, in their order")
    after_rules: bool = Field(False, description="Whether it reacts to what rules did")

    def document(self) -> dict[str, Any]:
        given = self.dict(exclude={"name", "if_"})
        return {**given, "if": self.if_}


class RuleState(Changes):
    """Any of them."""

    active: bool | None = None
    move: Literal["up", "down"] | None = None


class DaysIn(RequestBody):
    first: date
    until: date = Field(description="Included")


class LogFilters(Schema):
    rule: Key | None = None
    ticket: Key | None = None
    state: Literal["", "fired", "partly", "held"] = ""


def _rule(request: HttpRequest, product: str, key: int, permission: Permission) -> Rule:
    found = product_for(request, product, permission)
    return get_object_or_404(Rule.objects.select_related("product"), product=found, pk=key)


def _run(request: HttpRequest, product: str, rule: int, key: int, permission: Permission) -> DryRun:
    found = _rule(request, product, rule, permission)
    return get_object_or_404(DryRun.objects.select_related("rule__product"), rule=found, pk=key)


def _told(rule: Rule) -> dict[str, Any]:
    return rule_line(rule, Options(rule.product))


@router.get("/{slug:product}/ticket-rules", response=Page[dict[str, Any]])
def rules(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Rules in their order, each with its sentence in both languages."""
    found = product_for(request, product, HANDLE)
    rows, options = Rule.objects.filter(product=found), Options(found)
    items = [rule_line(each, options) for each in rows[paging.slice]]
    return {"total": rows.count(), "items": items}


@router.post("/{slug:product}/ticket-rules", response=dict[str, Any])
def create_rule(request: HttpRequest, product: str, body: RuleIn) -> dict[str, Any]:
    """The last in the order, and switched off."""
    found = product_for(request, product, MANAGE)
    user = caller(request).user
    return _told(actions.create_rule(found, body.name, body.document(), acting_user=user))


@router.get("/{slug:product}/ticket-rules/{rule}", response=dict[str, Any])
def rule(request: HttpRequest, product: str, rule: Key) -> dict[str, Any]:
    """One rule."""
    return _told(_rule(request, product, rule, HANDLE))


@router.put("/{slug:product}/ticket-rules/{rule}", response=dict[str, Any])
def change_rule(request: HttpRequest, product: str, rule: Key, body: RuleIn) -> dict[str, Any]:
    """All of it: a new version."""
    row, user = _rule(request, product, rule, MANAGE), caller(request).user
    return _told(actions.change_rule(row, body.name, body.document(), acting_user=user))


@router.patch("/{slug:product}/ticket-rules/{rule}", response=dict[str, Any])
def set_rule(request: HttpRequest, product: str, rule: Key, body: RuleState) -> dict[str, Any]:
    """Switch it on or off, or try it earlier or later than its neighbour."""
    row, user = _rule(request, product, rule, MANAGE), caller(request).user
    if body.active is not None:
        actions.switch_rule(row, active=body.active, acting_user=user)
    if body.move is not None:
        actions.move_rule(row, up=body.move == "up", acting_user=user)
        row.refresh_from_db()
    return _told(row)


@router.delete("/{slug:product}/ticket-rules/{rule}", response={204: None})
def delete_rule(request: HttpRequest, product: str, rule: Key) -> Status[None]:
    """What it did stays in the log."""
    row = _rule(request, product, rule, MANAGE)
    actions.delete_rule(row, acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/ticket-rules/{rule}/dry-runs", response=dict[str, Any])
def try_rule(request: HttpRequest, product: str, rule: Key, body: DaysIn) -> dict[str, Any]:
    """Try it over the tickets of these days, in the background; nothing is changed."""
    row, user = _rule(request, product, rule, MANAGE), caller(request).user
    return run_line(actions.start_dry_run(row, body.first, body.until, acting_user=user))


@router.get("/{slug:product}/ticket-rules/{rule}/dry-runs/{run}", response=dict[str, Any])
def dry_run(request: HttpRequest, product: str, rule: Key, run: Key) -> dict[str, Any]:
    """How far it has come, how often the rule would have fired, and on which tickets, and why."""
    return run_line(_run(request, product, rule, run, HANDLE))


@router.delete("/{slug:product}/ticket-rules/{rule}/dry-runs/{run}", response=dict[str, Any])
def cancel_dry_run(request: HttpRequest, product: str, rule: Key, run: Key) -> dict[str, Any]:
    """Stop it; what was found stays."""
    row = _run(request, product, rule, run, MANAGE)
    return run_line(actions.cancel_dry_run(row, acting_user=caller(request).user))


@router.get("/{slug:product}/ticket-rule-log", response=Page[dict[str, Any]])
def rule_log(
    request: HttpRequest, product: str, filters: Query[LogFilters], paging: Pages
) -> dict[str, Any]:
    """What fired, the newest first: the conditions with the values they met, and what came of each action."""
    found = product_for(request, product, HANDLE)
    rows = log_of(found, **filters.dict())
    return {"total": rows.count(), "items": [firing_line(each) for each in rows[paging.slice]]}
