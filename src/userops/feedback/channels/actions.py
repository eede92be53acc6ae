"""Writes: channels of the feedback desk."""

from __future__ import annotations

import json
import secrets
from typing import Any

from django.db import transaction

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.channels.models import Channel, Kind, options_of
from userops.feedback.hints import CHOOSE_ONE
from userops.notices.sealing import seal, unseal
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST = 50
"""Channels of one product."""
LONGEST_NAME = 100


@transaction.atomic
def create_channel(
    product: Product,
    kind: str,
    name: str,
    options: dict[str, Any],
    *,
    secret: dict[str, str] | None = None,
    acting_user: User,
) -> Channel:
    """A door for users' words. `secret`: its own credentials, kept sealed. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    if kind not in Kind.values:
        known = ", ".join(Kind.values)
        raise Refused(
            Words(f"渠道类型应为：{known}。", f"The kind of a channel is one of {known}."),
            code="channel_kind_unknown",
            hint=CHOOSE_ONE,
        )
    if Channel.objects.filter(product=product).count() >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 个反馈渠道。", f"A product has at most {MOST} channels."),
            code="too_many_channels",
            hint=Words("请先删除不再使用的渠道。", "Delete a channel that is no longer used."),
        )
    made = Channel.objects.create(
        product=product,
        kind=kind,
        name=name_of(name, LONGEST_NAME),
        options=options_of(options) if kind == Kind.FORM else options,
        sealed=seal(json.dumps({"signing": secrets.token_urlsafe(32), **(secret or {})})),
        owner=acting_user,
    )
    _noted(acting_user, "feedback_channel.created", made, kind=kind)
    return made


@transaction.atomic
def change_channel(
    channel: Channel,
    *,
    acting_user: User,
    name: str | None = None,
    options: dict[str, Any] | None = None,
    secret: dict[str, str] | None = None,
    active: bool | None = None,
) -> Channel:
    """Change what is given; of `secret` only the named parts. Raises `Refused`."""
    check(acting_user, channel.product, Permission.MANAGE_DESK)
    if name is not None:
        channel.name = name_of(name, LONGEST_NAME)
    if options is not None:
        channel.options = options_of(options) if channel.kind == Kind.FORM else options
    if secret:
        channel.sealed = seal(json.dumps({**secrets_of(channel), **secret}))
    if active is not None:
        channel.active = active
    channel.problem = None
    channel.save()
    _noted(acting_user, "feedback_channel.changed", channel)
    return channel


@transaction.atomic
def renew_signing(channel: Channel, *, acting_user: User) -> Channel:
    """Another secret to sign users with; what was signed before counts no longer."""
    check(acting_user, channel.product, Permission.MANAGE_DESK)
    fresh = {**secrets_of(channel), "signing": secrets.token_urlsafe(32)}
    channel.sealed = seal(json.dumps(fresh))
    channel.save(update_fields=["sealed"])
    _noted(acting_user, "feedback_channel.signing_renewed", channel)
    return channel


@transaction.atomic
def delete_channel(channel: Channel, *, acting_user: User) -> None:
    """Nothing comes in by it any more; its tickets stay."""
    check(acting_user, channel.product, Permission.MANAGE_DESK)
    _noted(acting_user, "feedback_channel.deleted", channel)
    channel.delete()


def check_manages(channel: Channel, user: User) -> None:
    """Raises `NotAllowed`."""
    check(user, channel.product, Permission.MANAGE_DESK)


def secrets_of(channel: Channel) -> dict[str, str]:
    """The sealed part of a channel. Raises `StoreFailed` when the key of the data folder has changed."""
    found: dict[str, str] = json.loads(unseal(channel.sealed)) if channel.sealed else {}
    return found


def secret_of(channel: Channel) -> str:
    """What sites sign their users with."""
    return secrets_of(channel).get("signing", "")


def _noted(user: User, action: str, channel: Channel, **details: Any) -> None:
    note(user, action, product=channel.product, target=channel.name, **details)
