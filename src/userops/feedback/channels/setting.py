"""Channels as programs and commands set them up, read them and try them. Secrets go in and never come out."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse

from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.feedback.channels import actions
from userops.feedback.channels.mail.aside.keeping import MOST_DAYS
from userops.feedback.channels.mail.fetching import checked_address, mailbox
from userops.feedback.channels.mail.writing import check_sending
from userops.feedback.channels.models import Channel, Kind
from userops.feedback.channels.options import FormOptions, origins_of, words_of
from userops.feedback.channels.robots.kinds import PLATFORMS, settings_of
from userops.feedback.channels.robots.setup.asking import ASKED, RobotSetting, checked
from userops.feedback.hints import CHECK_KEY
from userops.notices.telling import absolute
from userops.words import Words
from userops.workspace.models import User

INNER = ("seen",)
"""Of the desk itself: where a mailbox has been read to."""


def channel_of(product: Product, key: int) -> Channel:
    """Raises `NotFound`."""
    found = Channel.objects.select_related("product").filter(product=product, pk=key).first()
    if found is None:
        raise NotFound(
            Words("没有这个渠道。", "There is no such channel."),
            code="feedback_channel_unknown",
            hint=CHECK_KEY,
        )
    return found


def create(
    product: Product, kind: str, name: str, settings: dict[str, Any], *, acting_user: User
) -> Channel:
    """Secrets and options stand in `settings` together. Raises `Refused`."""
    given = read(kind, settings, fresh=True)
    return actions.create_channel(
        product, kind, name, given.options, secret=given.secret, acting_user=acting_user
    )


def change(
    channel: Channel,
    *,
    name: str | None = None,
    settings: dict[str, Any] | None = None,
    active: bool | None = None,
    acting_user: User,
) -> Channel:
    """What is given; of settings what is named, the rest stays. Raises `Refused`."""
    options, secret = None, None
    if settings is not None:
        shown = {k: v for k, v in channel.options.items() if k not in INNER}
        given = read(channel.kind, {**shown, **settings}, fresh=False)
        options, secret = {**channel.options, **given.options}, given.secret
    return actions.change_channel(
        channel, name=name, options=options, secret=secret, active=active, acting_user=acting_user
    )


def read(kind: str, settings: dict[str, Any], *, fresh: bool) -> RobotSetting:
    """Checked settings of a channel of any kind. Raises `Refused`."""
    if kind in PLATFORMS:
        _known(settings, [each.name for each in ASKED[kind]] + ["links_in_groups", "blocked"])
        blocked = settings.get("blocked") or ()
        lines = blocked if isinstance(blocked, str) else "\n".join(map(str, blocked))
        return checked(kind, {**settings, "blocked": lines}, fresh=fresh)
    if kind == Kind.MAIL:
        return _of_mailbox(settings, fresh=fresh)
    _known(settings, list(FormOptions.__struct_fields__))
    try:
        made = msgspec.convert(settings, FormOptions)
    except msgspec.ValidationError as wrong:
        raise _wrong(str(wrong)) from None
    origins_of(" ".join(made.origins))
    return RobotSetting(msgspec.to_builtins(made), {})


def _of_mailbox(settings: dict[str, Any], *, fresh: bool) -> RobotSetting:
    _known(settings, ["address", "blocked", "aside_days", "imap", "smtp"])
    address, days = str(settings.get("address", "")), settings.get("aside_days", 30)
    try:
        validate_email(address)
    except ValidationError:
        raise _wrong("address") from None
    if not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
        raise _wrong(f"aside_days (1–{MOST_DAYS})")
    kinds = {"imap": ("imaps", "imap"), "smtp": ("smtps", "smtp")}
    secret = {k: checked_address(str(settings[k]), kinds[k]) for k in kinds if settings.get(k)}
    if fresh and "imap" not in secret:
        raise _wrong("imap")
    blocked = words_of("\n".join(map(str, settings.get("blocked") or ())))
    return RobotSetting({"address": address, "blocked": list(blocked), "aside_days": days}, secret)


def _known(settings: dict[str, Any], names: list[str]) -> None:
    unknown = sorted(set(settings) - set(names))
    if unknown:
        raise _wrong(f"{', '.join(unknown)[:100]} (known: {', '.join(names)})")


def _wrong(what: str) -> Refused:
    return Refused(
        Words(f"渠道设置不正确：{what}。", f"A setting of the channel is wrong: {what}."),
        code="channel_setting_wrong",
        hint=Words("请改正这一项再保存。", "Mend it and save again."),
    )


def told(channel: Channel) -> dict[str, Any]:
    """What is shown of a channel; of secrets, which of them are set."""
    secret = sorted(set(actions.secrets_of(channel)) - {"signing"})
    return {
        "id": channel.pk,
        "kind": channel.kind,
        "name": channel.name,
        "active": channel.active,
        "address": address_of(channel),
        "settings": {k: v for k, v in channel.options.items() if k not in INNER},
        "secrets_set": secret,
        "problem": channel.problem,
        "used": channel.used,
        "created": channel.created,
    }


def address_of(channel: Channel) -> str:
    """Where users, or the platform, reach it."""
    if channel.kind == Kind.MAIL:
        return str(channel.options.get("address", ""))
    name = "robot" if channel.kind in PLATFORMS else "form"
    return absolute(reverse(f"feedback_public:{name}", args=[channel.key]))


def attempt(channel: Channel, *, acting_user: User) -> dict[str, bool]:
    """Try what can be tried without telling anybody: `tried`: whether there was something. Raises what goes wrong."""
    actions.check_manages(channel, acting_user)
    if channel.kind == Kind.MAIL:
        with mailbox(channel):
            check_sending(channel)
            return {"tried": True}
    if channel.kind in PLATFORMS:
        return {"tried": PLATFORMS[channel.kind].attempt(settings_of(channel))}
    return {"tried": False}
