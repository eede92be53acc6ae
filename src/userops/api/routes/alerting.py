"""Alerts on saved trends, and the channels that they may be sent to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from userops.alerts import actions
from userops.alerts.evaluating import evaluate
from userops.alerts.models import Alert, Check
from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key, Page, Pages
from userops.events.models import Product
from userops.events.store import current
from userops.insights.models import SavedAnalysis
from userops.notices import actions as noticing
from userops.notices.models import Channel
from userops.workspace.models import User
from userops.workspace.roles import Permission

router = Router(tags=["alerts"])


class AlertIn(RequestBody):
    name: str = Field(max_length=1_000)
    series: int = Field(0, ge=0, le=1_000, description="Of the trend: series first, then formulas")
    breakdown: dict[str, str] = Field(
        {}, description="Value of each breakdown; empty: all together"
    )
    kind: Literal["threshold", "anomaly"] = "anomaly"
    rule: Literal["above", "below", "rise", "fall", "change"] = "below"
    limit: float = Field(0, description="A value, or a share (0.2 is 20%) for rise, fall, change")
    base: Literal["previous", "season"] = "previous"
    side: Literal["both", "above", "below"] = "both"
    sensitivity: Literal["high", "normal", "low"] = "normal"
    wait_minutes: int = Field(10, ge=0, le=1_440)
    mail: bool = False
    members: list[Key] = Field([], max_length=500, description="Ids of members who are told")
    channels: list[Key] = Field([], max_length=50)

    def wanted(self) -> actions.Wanted:
        given = self.dict(exclude={"members", "channels", "analysis"})
        return actions.Wanted(**given, members=tuple(self.members), channels=tuple(self.channels))


class NewAlert(AlertIn):
    analysis: Key


class AlertOut(Schema):
    id: int
    analysis: int = Field(alias="analysis_id")
    name: str
    series: int
    breakdown: dict[str, str]
    kind: str
    rule: str
    limit: float
    base: str
    side: str
    sensitivity: str
    wait_minutes: int
    mail: bool
    members: list[int]
    channels: list[int]
    active: bool
    snoozed_until: datetime | None
    outside_since: str
    problem: dict[str, str] | None
    next_due: datetime

    @staticmethod
    def resolve_members(row: Alert) -> list[int]:
        return [each.pk for each in row.members.all()]

    @staticmethod
    def resolve_channels(row: Alert) -> list[int]:
        return [each.pk for each in row.channels.all()]


class CheckOut(Schema):
    period: str
    ended: datetime
    value: float | None
    base: float | None
    low: float | None
    high: float | None
    outcome: str
    event: str
    told: bool
    at: datetime


class AlertState(Changes):
    """Any of them: watch or not, tell or not until then."""

    active: bool | None = None
    snoozed_until: datetime | None = None


class ChannelIn(RequestBody):
    name: str = Field(max_length=1_000)
    address: str = Field(max_length=2_000, description="Kept encrypted, never answered again")
    secret: str = Field(
        "", max_length=200, description="Of a Feishu, Lark or DingTalk robot with signatures on"
    )
    language: Literal["zh-hans", "en"] = "zh-hans"


class ChannelOut(Schema):
    id: int
    name: str
    service: str
    shown: str
    language: str
    active: bool


def _visible(product: Product, user: User) -> QuerySet[Alert]:
    seen = Q(analysis__shared=True) | Q(analysis__owner=user)
    rows = Alert.objects.filter(seen, product=product).select_related("analysis", "product")
    return rows.prefetch_related("members", "channels")


def _alert(request: HttpRequest, product: str, key: int, permission: Permission) -> Alert:
    found = product_for(request, product, permission)
    return get_object_or_404(_visible(found, caller(request).user), pk=key)


@router.get("/{slug:product}/alerts", response=Page[AlertOut])
def alerts(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Alerts on shared trends and on your own, by name."""
    found = product_for(request, product, Permission.VIEW)
    rows = _visible(found, caller(request).user)
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/alerts", response=AlertOut)
def create_alert(request: HttpRequest, product: str, body: NewAlert) -> Alert:
    """Watch a line of a saved trend."""
    found = product_for(request, product, Permission.ANALYSE)
    analysis = get_object_or_404(SavedAnalysis, product=found, pk=body.analysis)
    return actions.create_alert(analysis, body.wanted(), acting_user=caller(request).user)


@router.get("/{slug:product}/alerts/{alert}", response=AlertOut)
def alert(request: HttpRequest, product: str, alert: Key) -> Alert:
    """One alert."""
    return _alert(request, product, alert, Permission.VIEW)


@router.put("/{slug:product}/alerts/{alert}", response=AlertOut)
def change_alert(request: HttpRequest, product: str, alert: Key, body: AlertIn) -> Alert:
    """Watch it in another way: all fields, those left out have their defaults."""
    row = _alert(request, product, alert, Permission.ANALYSE)
    return actions.change_alert(row, body.wanted(), acting_user=caller(request).user)


@router.patch("/{slug:product}/alerts/{alert}", response=AlertOut)
def switch_alert(request: HttpRequest, product: str, alert: Key, body: AlertState) -> Alert:
    """Pause, resume, snooze (`snoozed_until`) or wake (null)."""
    row = _alert(request, product, alert, Permission.ANALYSE)
    user = caller(request).user
    if body.active is not None:
        actions.switch_alert(row, active=body.active, acting_user=user)
    if "snoozed_until" in body.model_fields_set:
        until = body.snoozed_until
        if until is not None and until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        actions.snooze_alert(row, until=until, acting_user=user)
    return row


@router.delete("/{slug:product}/alerts/{alert}", response={204: None})
def delete_alert(request: HttpRequest, product: str, alert: Key) -> Status[None]:
    """Stop watching, and forget what was found."""
    row = _alert(request, product, alert, Permission.ANALYSE)
    actions.delete_alert(row, acting_user=caller(request).user)
    return Status(204, None)


@router.get("/{slug:product}/alerts/{alert}/checks", response=Page[CheckOut])
def checks(request: HttpRequest, product: str, alert: Key, paging: Pages) -> dict[str, Any]:
    """What an alert found in each period, the newest first."""
    rows = Check.objects.filter(alert=_alert(request, product, alert, Permission.VIEW))
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/alerts/{alert}/check", response=list[CheckOut])
def check_now(request: HttpRequest, product: str, alert: Key) -> list[Check]:
    """Judge the finished periods that were not judged yet; answers what was found."""
    row = _alert(request, product, alert, Permission.ANALYSE)
    return evaluate(row, current(), datetime.now(UTC))


@router.post("/{slug:product}/alerts/{alert}/test", response={204: None})
def test_alert(request: HttpRequest, product: str, alert: Key) -> Status[None]:
    """Send everybody what would be told now, marked as a test."""
    row = _alert(request, product, alert, Permission.ANALYSE)
    actions.test_alert(row, current(), acting_user=caller(request).user)
    return Status(204, None)


@router.get("/{slug:product}/channels", response=Page[ChannelOut])
def channels(request: HttpRequest, product: str, paging: Pages) -> dict[str, Any]:
    """Channels that alerts may be sent to; without their addresses."""
    rows = Channel.objects.filter(product=product_for(request, product, Permission.ANALYSE))
    return {"total": rows.count(), "items": list(rows[paging.slice])}


@router.post("/{slug:product}/channels", response=ChannelOut)
def create_channel(request: HttpRequest, product: str, body: ChannelIn) -> Channel:
    """Make a channel."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    return noticing.create_channel(found, **body.dict(), acting_user=caller(request).user)


@router.delete("/{slug:product}/channels/{channel}", response={204: None})
def delete_channel(request: HttpRequest, product: str, channel: Key) -> Status[None]:
    """Delete a channel; nothing goes there any more."""
    found = product_for(request, product, Permission.MANAGE_SOURCES)
    row = get_object_or_404(Channel, product=found, pk=channel)
    noticing.delete_channel(row, acting_user=caller(request).user)
    return Status(204, None)
