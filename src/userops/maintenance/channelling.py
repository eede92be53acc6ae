"""Errands of feedback channels and of mails put aside. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.events.store import Store
from userops.feedback.channels import actions, setting
from userops.feedback.channels.mail.aside import actions as aside
from userops.feedback.channels.mail.aside.reading import told as told_aside
from userops.feedback.channels.mail.aside.reading import whole
from userops.feedback.channels.models import AsideMail, Channel
from userops.workspace.setup import local_admin


def listed(store: Store, *, product: str) -> list[dict[str, Any]]:
    rows = Channel.objects.filter(product=store.product(product))
    return [_plain(setting.told(each)) for each in rows]


def make(
    store: Store, *, product: str, kind: str, name: str, settings: dict[str, Any]
) -> dict[str, Any]:
    """Raises `Refused`."""
    made = setting.create(store.product(product), kind, name, settings, acting_user=local_admin())
    return _plain(setting.told(made))


def change(store: Store, *, product: str, channel: int, **wanted: Any) -> dict[str, Any]:
    """Raises `NotFound`, `Refused`."""
    row = setting.channel_of(store.product(product), channel)
    return _plain(setting.told(setting.change(row, **wanted, acting_user=local_admin())))


def attempt(store: Store, *, product: str, channel: int) -> dict[str, bool]:
    """Raises what goes wrong."""
    row = setting.channel_of(store.product(product), channel)
    return setting.attempt(row, acting_user=local_admin())


def delete(store: Store, *, product: str, channel: int) -> None:
    row = setting.channel_of(store.product(product), channel)
    actions.delete_channel(row, acting_user=local_admin())


def aside_listed(store: Store, *, product: str, reason: str = "") -> list[dict[str, Any]]:
    """The newest 1,000."""
    rows = AsideMail.objects.filter(channel__product=store.product(product))
    rows = rows.filter(reason=reason) if reason else rows
    return [_plain(told_aside(each)) for each in rows.select_related("ticket")[:1_000]]


def aside_shown(store: Store, *, product: str, mail: int) -> dict[str, Any]:
    return _plain(whole(aside.aside_of(store.product(product), mail)))


def aside_to_ticket(store: Store, *, product: str, mail: int) -> dict[str, int]:
    row = aside.aside_of(store.product(product), mail)
    return {"ticket": aside.make_ticket(row, acting_user=local_admin()).number}


def aside_deleted(store: Store, *, product: str, mail: int) -> None:
    aside.delete_aside(aside.aside_of(store.product(product), mail), acting_user=local_admin())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """Times as text: errands travel as JSON."""
    return {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in row.items()}
