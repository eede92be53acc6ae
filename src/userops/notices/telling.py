"""Tell members and channels something, once: what other slices call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from userops.config import current
from userops.events.models import Product
from userops.notices.models import Channel, Delivery, Notice
from userops.words import Words
from userops.workspace.access import permissions_in
from userops.workspace.models import User
from userops.workspace.roles import Permission


@dataclass(frozen=True, slots=True)
class Message:
    """What is told. `key` names it; `link` is a path of the workbench; `tone`: bad, good or nothing."""

    key: str
    title: Words
    body: Words
    link: str
    tone: str = ""


@transaction.atomic
def tell(
    product: Product,
    message: Message,
    *,
    members: Iterable[User] = (),
    mail: bool = False,
    channels: Iterable[Channel] = (),
) -> None:
    """Write the notices, and the messages that go out; in the caller's transaction, each once."""
    texts = {
        "title": message.title.as_dict(),
        "body": message.body.as_dict(),
        "link": message.link,
    }
    for user in members:
        # who has left is not told any more
        if not user.is_active or Permission.VIEW not in permissions_in(user, product):
            continue
        Notice.objects.get_or_create(
            user=user,
            key=message.key,
            defaults={"product": product, "tone": message.tone, **texts},
        )
        if mail and mail_is_set_up():
            _send_later(f"{message.key}:mail:{user.pk}", product, texts, user=user)
    for channel in channels:
        if channel.active and channel.product_id == product.pk:
            _send_later(f"{message.key}:channel:{channel.pk}", product, texts, channel=channel)


def _send_later(key: str, product: Product, texts: dict[str, Any], **to: Any) -> None:
    from userops.notices.tasks import deliver

    now = datetime.now(UTC)
    _made, fresh = Delivery.objects.get_or_create(
        key=key, defaults={"product": product, "due": now, **texts, **to}
    )
    if fresh:
        transaction.on_commit(lambda: deliver() and None)


def mail_is_set_up() -> bool:
    return not settings.EMAIL_BACKEND.endswith(".dummy.EmailBackend")


def absolute(link: str) -> str:
    """A path of the workbench as an address for the world outside."""
    config = current()
    base = config.public_url or f"http://{config.host}:{config.port}"
    return f"{base.rstrip('/')}{link}"
