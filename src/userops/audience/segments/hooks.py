"""A webhook of a segment: who has entered and who has left, signed, tried again, each request once.

A request is claimed before it is sent and carries a key of its own; when its answer was lost, it comes again
with the same key. A hook gets its requests in order: while one is to be tried again, later ones wait behind it,
so nobody is said to have left before it was said that they entered.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import requests
from django.db.models import Exists, OuterRef, QuerySet

from userops.audience.segments.models import Hook, HookDelivery
from userops.config import current
from userops.errors import StoreFailed
from userops.events.identity import Forest
from userops.events.models import UserId
from userops.notices import outbox
from userops.notices.guard import PrivateAddress, guarded
from userops.notices.sealing import unseal
from userops.words import Words

TIMEOUT = (5, 20)
KEPT = timedelta(days=60)


def deliver_due(now: datetime | None = None) -> int:
    """Send what is due; answers how many requests were tried."""
    now, tried = now or datetime.now(UTC), 0
    while sent := outbox.send_due(_first_of_each_hook(), _deliver, now):
        tried += sent
    return tried


def _first_of_each_hook() -> QuerySet[HookDelivery]:
    open_ = HookDelivery.objects.filter(state__in=[outbox.WAITING, outbox.SENDING])
    earlier = open_.filter(hook=OuterRef("hook"), pk__lt=OuterRef("pk"))
    return HookDelivery.objects.filter(~Exists(earlier)).select_related("hook__segment__product")


def _deliver(delivery: HookDelivery, _cut_short: bool) -> None:
    send(delivery.hook, payload(delivery), str(delivery.key))


def payload(delivery: HookDelivery) -> dict[str, Any]:
    """What a request says. Who was erased meanwhile is named no more."""
    segment = delivery.hook.segment
    names = names_of(segment.product_id, [*delivery.entered, *delivery.left])
    return {
        "id": str(delivery.key),
        "product": segment.product.slug,
        "segment": {"id": segment.pk, "name": segment.name, "size": delivery.size},
        "at": delivery.created.isoformat(timespec="seconds"),
        "entered": [names[uid] for uid in delivery.entered if uid in names],
        "left": [names[uid] for uid in delivery.left if uid in names],
    }


def names_of(product: int, persons: list[int]) -> dict[int, str]:
    """The id by which a person is called: the known one before others, then the first."""
    forest = Forest(product)
    forest.load(persons)
    owners = {uid: person for person in persons for uid in forest.members(person)}
    rows = UserId.objects.filter(product=product, uid__among=list(owners))
    found: dict[int, str] = {}
    for uid, name in rows.order_by("-known", "uid").values_list("uid", "distinct_id"):
        found.setdefault(owners[uid], name)
    return found


def signature(secret: str, at: str, body: bytes) -> str:
    """`sha256=…` of the time, a dot, and the body, as the receiver computes it."""
    return (
        "sha256=" + hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    )


def send(hook: Hook, told: dict[str, Any], key: str) -> None:
    """One request. Raises `StoreFailed` when a later try may help, another `UserOpsError` when not."""
    body, at = orjson.dumps(told), str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "UserOps",
        "X-UserOps-Delivery": key,
        "X-UserOps-Time": at,
        "X-UserOps-Signature": signature(unseal(hook.secret), at, body),
    }
    try:
        with guarded(allow_private=current().private_hooks):
            answer = requests.post(
                unseal(hook.address),
                data=body,
                headers=headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
    except PrivateAddress:
        raise
    except (requests.RequestException, OSError):
        raise _failed("没有连上", "did not answer") from None
    if answer.status_code >= 300:
        raise _failed(f"回答了 {answer.status_code}", f"answered {answer.status_code}")


def _failed(zh: str, en: str) -> StoreFailed:
    return StoreFailed(
        Words(f"回调地址{zh}。", f"The webhook {en}."),
        code="hook_failed",
    )
