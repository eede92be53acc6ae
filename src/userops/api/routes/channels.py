"""Feedback channels, and mails that were put aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from userops.api.auth import caller, product_for
from userops.api.bodies import Changes, RequestBody
from userops.api.paging import Key
from userops.feedback.channels import actions, setting
from userops.feedback.channels.mail.aside import actions as aside
from userops.feedback.channels.mail.aside.reading import told as told_aside
from userops.feedback.channels.mail.aside.reading import whole
from userops.feedback.channels.models import AsideMail, Channel
from userops.workspace.roles import Permission

router = Router(tags=["tickets"])
MANAGE = Permission.MANAGE_DESK
KindName = Literal["form", "mail", "wecom", "dingtalk", "feishu"]
ReasonName = Literal["", "bounce", "automatic", "unreadable", "unknown"]


class FeedbackChannelOut(Schema):
    id: int
    kind: str
    name: str
    active: bool
    address: str = Field(description="Of the form, the mailbox, or the robot's callback")
    settings: dict[str, Any]
    secrets_set: list[str] = Field(
        description="Names of the secrets that are kept; never their values"
    )
    problem: dict[str, str] | None
    used: datetime | None
    created: datetime


class FeedbackChannelIn(RequestBody):
    kind: KindName
    name: str = Field(max_length=200)
    settings: dict[str, Any] = Field(
        default_factory=dict, description="Secrets too: they are kept sealed"
    )


class FeedbackChannelChange(Changes):
    """What is given is changed; of settings what is named."""

    name: str | None = Field(None, max_length=200)
    settings: dict[str, Any] | None = None
    active: bool | None = None


class TriedOut(Schema):
    tried: bool = Field(description="false: there was nothing to try")


class AsideOut(Schema):
    id: int
    channel: int
    at: datetime
    reason: str
    detail: str
    sender: str
    subject: str
    size: int
    ticket: int | None


class WholeAsideOut(AsideOut):
    text: str
    files: list[str]


class MadeOut(Schema):
    ticket: int


def _one(request: HttpRequest, product: str, channel: int) -> Channel:
    return setting.channel_of(product_for(request, product, MANAGE), channel)


@router.get("/{slug:product}/feedback-channels", response=list[FeedbackChannelOut])
def channel_list(request: HttpRequest, product: str) -> list[dict[str, Any]]:
    """The doors by which users' words come in."""
    rows = Channel.objects.filter(product=product_for(request, product, MANAGE))
    return [setting.told(each) for each in rows]


@router.post("/{slug:product}/feedback-channels", response=FeedbackChannelOut)
def create_channel(request: HttpRequest, product: str, body: FeedbackChannelIn) -> dict[str, Any]:
    """A form, a mailbox, or a robot."""
    found = product_for(request, product, MANAGE)
    made = setting.create(
        found, body.kind, body.name, body.settings, acting_user=caller(request).user
    )
    return setting.told(made)


@router.get("/{slug:product}/feedback-channels/{channel}", response=FeedbackChannelOut)
def channel(request: HttpRequest, product: str, channel: Key) -> dict[str, Any]:
    """One channel, without its secrets."""
    return setting.told(_one(request, product, channel))


@router.patch("/{slug:product}/feedback-channels/{channel}", response=FeedbackChannelOut)
def change_channel(
    request: HttpRequest, product: str, channel: Key, body: FeedbackChannelChange
) -> dict[str, Any]:
    """Rename it, set it anew, pause it or switch it on."""
    row = _one(request, product, channel)
    changed = setting.change(row, **body.dict(), acting_user=caller(request).user)
    return setting.told(changed)


@router.delete("/{slug:product}/feedback-channels/{channel}", response={204: None})
def delete_channel(request: HttpRequest, product: str, channel: Key) -> Status[None]:
    """Nothing comes in by it any more; its tickets stay."""
    actions.delete_channel(_one(request, product, channel), acting_user=caller(request).user)
    return Status(204, None)


@router.post("/{slug:product}/feedback-channels/{channel}/test", response=TriedOut)
def test_channel(request: HttpRequest, product: str, channel: Key) -> dict[str, bool]:
    """Open the mailbox, or show the robot's credentials to its platform; nobody is told anything."""
    return setting.attempt(_one(request, product, channel), acting_user=caller(request).user)


@router.get("/{slug:product}/aside-mails", response=list[AsideOut])
def aside_list(
    request: HttpRequest,
    product: str,
    reason: ReasonName = "",
    limit: int = Query(100, ge=1, le=1_000),
) -> list[dict[str, Any]]:
    """Bounces, automatic replies and what could not be read, the newest first."""
    rows = AsideMail.objects.filter(channel__product=product_for(request, product, MANAGE))
    rows = rows.filter(reason=reason) if reason else rows
    return [told_aside(each) for each in rows.select_related("ticket")[:limit]]


@router.get("/{slug:product}/aside-mails/{mail}", response=WholeAsideOut)
def aside_mail(request: HttpRequest, product: str, mail: Key) -> dict[str, Any]:
    """With its words as plain text."""
    return whole(aside.aside_of(product_for(request, product, MANAGE), mail))


@router.post("/{slug:product}/aside-mails/{mail}/ticket", response=MadeOut)
def aside_to_ticket(request: HttpRequest, product: str, mail: Key) -> dict[str, int]:
    """It becomes a ticket; nobody is told. The same one when asked twice."""
    row = aside.aside_of(product_for(request, product, MANAGE), mail)
    return {"ticket": aside.make_ticket(row, acting_user=caller(request).user).number}


@router.delete("/{slug:product}/aside-mails/{mail}", response={204: None})
def delete_aside(request: HttpRequest, product: str, mail: Key) -> Status[None]:
    """Its file goes too; a ticket that was made of it stays."""
    row = aside.aside_of(product_for(request, product, MANAGE), mail)
    aside.delete_aside(row, acting_user=caller(request).user)
    return Status(204, None)
