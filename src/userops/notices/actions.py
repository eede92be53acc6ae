"""Writes: channels, and which notices are read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from userops import config
from userops.errors import Refused
from userops.events.models import Product
from userops.notices.models import Channel, Notice
from userops.notices.sealing import seal, unseal
from userops.notices.services import recognise, send
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST = 50
"""Channels of one product."""
LONGEST_NAME = 100
LANGUAGES = ("zh-hans", "en")


@transaction.atomic
def create_channel(
    product: Product,
    *,
    name: str,
    address: str,
    secret: str = "",
    language: str = "",
    acting_user: User,
) -> Channel:
    """A robot or hook that notices may go to. Its address is kept sealed, with the `secret` that its messages are
    signed with. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_SOURCES)
    if Channel.objects.filter(product=product).count() >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 个通知渠道。", f"A product has at most {MOST} channels."),
            code="too_many_channels",
            hint=Words("请先删除不再使用的渠道。", "Delete a channel that is no longer used."),
        )
    known = recognise(address, secret)
    made = Channel.objects.create(
        product=product,
        name=name_of(name, LONGEST_NAME),
        service=known.service,
        address=seal(known.address),
        shown=known.shown,
        language=_language(language),
        owner=acting_user,
    )
    _noted(acting_user, "channel.created", made, service=known.service)
    return made


@transaction.atomic
def change_channel(
    channel: Channel,
    *,
    acting_user: User,
    name: str | None = None,
    language: str | None = None,
    active: bool | None = None,
) -> Channel:
    """Change what is given; for another address make another channel."""
    check(acting_user, channel.product, Permission.MANAGE_SOURCES)
    if name is not None:
        channel.name = name_of(name, LONGEST_NAME)
    if language is not None:
        channel.language = _language(language)
    if active is not None:
        channel.active = active
    channel.save()
    _noted(acting_user, "channel.changed", channel)
    return channel


@transaction.atomic
def delete_channel(channel: Channel, *, acting_user: User) -> None:
    """Nothing goes there any more; what waits for it is dropped."""
    check(acting_user, channel.product, Permission.MANAGE_SOURCES)
    _noted(acting_user, "channel.deleted", channel)
    channel.delete()


def test_channel(channel: Channel, *, acting_user: User) -> None:
    """Send a line now. Raises what `services.send` raises."""
    check(acting_user, channel.product, Permission.MANAGE_SOURCES)
    _noted(acting_user, "channel.tested", channel)
    title = Words("UserOps 测试消息", "A test by UserOps")
    body = Words(
        f"渠道“{channel.name}”可以收到通知。", f"The channel “{channel.name}” receives notices."
    )
    language = channel.language
    send(unseal(channel.address), title.text(language), body.text(language))


test_channel.__test__ = False  # type: ignore[attr-defined]


def mark_read(user: User, *, notice: int | None = None) -> int:
    """One of the user's notices, or all of them; answers how many were unread."""
    mine = Notice.objects.filter(user=user, read=None)
    mine = mine if notice is None else mine.filter(pk=notice)
    return mine.update(read=datetime.now(UTC))


def _language(language: str) -> str:
    language = language or config.current().language
    if language not in LANGUAGES:
        raise Refused(
            Words("语言应为 zh-hans 或 en。", "The language must be zh-hans or en."),
            code="language_unknown",
            hint=Words("请选其中之一。", "Choose one of them."),
        )
    return language


def _noted(user: User, action: str, channel: Channel, **details: Any) -> None:
    note(user, action, product=channel.product, target=channel.name, **details)
