"""Writes: segments, their hooks, uploaded lists. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from userops.audience.segments import refreshing
from userops.audience.segments.models import (
    Definition,
    Hook,
    HookDelivery,
    Segment,
    new_secret,
)
from userops.audience.segments.others import SegmentsOf
from userops.audience.segments.using import uses_of
from userops.config import current
from userops.errors import NotFound, Refused
from userops.events import facts
from userops.events.fact_names import list_key
from userops.events.facts import About
from userops.events.identity import Forest, stored_uids
from userops.events.models import Product
from userops.events.store import Store
from userops.notices.guard import public_addresses
from userops.notices.sealing import seal, unseal
from userops.segments import Segment as Document
from userops.segments import parse
from userops.segments.evaluating import check_no_circle
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission
from userops.workspace.sight import check_named

MOST = 1_000
"""Segments of one product."""
LONGEST_NAME = 100
LONGEST_LIST = 1_000_000


def read(product: Product, document: Mapping[str, Any]) -> Document:
    """A valid document of this product. Raises `DocumentError`."""
    return parse(
        {**document, "product": product.slug} if isinstance(document, Mapping) else document
    )


def check_lists(product: Product, document: Document) -> None:
    """Raises `NotFound` for a list that the product has not."""
    known = facts.versions(product.pk) if document.lists() else {}
    unknown = sorted(each for each in document.lists() if list_key(each) not in known)
    if unknown:
        raise NotFound(
            Words(f"没有名单 {unknown[0]!r}。", f"There is no list {unknown[0]!r}."),
            code="list_not_found",
            hint=Words(
                "先上传名单，并填写上传后得到的名字。",
                "Upload it first, and give the name that is answered.",
            ),
        )


def create_segment(
    store: Store,
    product: Product,
    document: Mapping[str, Any],
    *,
    name: str,
    description: str = "",
    frozen: bool = False,
    acting_user: User,
) -> Segment:
    """Keep a definition under a name, and find who is in it. Raises `Refused`, `DocumentError`."""
    check(acting_user, product, Permission.ANALYSE)
    if Segment.objects.filter(product=product).count() >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 个分群。", f"A product has at most {MOST} segments."),
            code="too_many_segments",
        )
    parsed = read(product, document)
    check_named(parsed.as_json(), product, acting_user)
    check_no_circle(None, parsed, SegmentsOf(product))
    check_lists(product, parsed)
    with transaction.atomic():
        segment = Segment(product=product, owner=acting_user, document=parsed.as_json())
        segment.name, segment.description = _name(product, name, None), description.strip()[:2_000]
        segment.save()
        _keep(segment, acting_user)
        note(acting_user, "segment.created", product=product, target=segment.name, frozen=frozen)
    refreshing.refresh(store, segment, force=True)
    if frozen:
        _set_frozen(segment, True, acting_user)
    return segment


def change_segment(
    store: Store,
    segment: Segment,
    *,
    document: Mapping[str, Any] | None = None,
    name: str | None = None,
    description: str | None = None,
    frozen: bool | None = None,
    acting_user: User,
) -> Segment:
    """Another definition, name, description or way. A new definition is looked at at once; a frozen
    segment takes none. Raises `Refused`, `DocumentError`."""
    check(acting_user, segment.product, Permission.ANALYSE)
    if document is not None and segment.frozen and frozen is not False:
        raise Refused(
            Words("冻结的分群不能改条件。", "A frozen segment keeps its definition."),
            code="segment_frozen",
            hint=Words("先改回动态分群。", "Make it dynamic first."),
        )
    with transaction.atomic():
        if name is not None:
            segment.name = _name(segment.product, name, segment.pk)
        if description is not None:
            segment.description = description.strip()[:2_000]
        anew = _set_document(segment, document, acting_user)
        segment.save()
        note(acting_user, "segment.changed", product=segment.product, target=segment.name)
    if frozen is not None and frozen != segment.frozen:
        if frozen:
            # whom it keeps are those of now, and not of some minutes ago
            refreshing.refresh(store, segment, force=anew)
        _set_frozen(segment, frozen, acting_user)
        anew = not frozen
    if anew:
        refreshing.refresh(store, segment, force=True)
    elif name is not None:
        facts.rename(segment.product, refreshing.about(segment))
    return segment


def _set_document(segment: Segment, document: Mapping[str, Any] | None, user: User) -> bool:
    if document is None:
        return False
    parsed = read(segment.product, document)
    if parsed.as_json() == segment.document:
        return False
    check_named(parsed.as_json(), segment.product, user)
    check_no_circle(segment.pk, parsed, SegmentsOf(segment.product))
    check_lists(segment.product, parsed)
    segment.document = parsed.as_json()
    # sizes of another definition are no history of this one
    segment.sizes.all().delete()
    _keep(segment, user)
    return True


def _set_frozen(segment: Segment, frozen: bool, user: User) -> None:
    with transaction.atomic():
        segment.frozen = frozen
        segment.save(update_fields=["frozen"])
        _keep(segment, user)
        note(
            user,
            "segment.frozen" if frozen else "segment.thawed",
            product=segment.product,
            target=segment.name,
        )


def refresh_segment(store: Store, segment: Segment, *, acting_user: User) -> Segment:
    """Look now who is in it."""
    check(acting_user, segment.product, Permission.ANALYSE)
    refreshing.refresh(store, segment, force=True)
    note(acting_user, "segment.refreshed", product=segment.product, target=segment.name)
    return segment


def delete_segment(store: Store, segment: Segment, *, acting_user: User) -> None:
    """Raises `Refused` while something uses it."""
    check(acting_user, segment.product, Permission.ANALYSE)
    used = uses_of(segment)
    if used:
        first = used[0]
        more = len(used) - 1
        raise Refused(
            Words(
                f"分群正被{first.kind.zh}“{first.name.zh}”使用"
                + (f"（另有 {more} 处）。" if more else "。"),
                f"The {first.kind.en} “{first.name.en}” uses this segment"
                + (f" (and {more} more)." if more else "."),
            ),
            code="segment_used",
            hint=Words("先从那里去掉它。", "Take it out there first."),
        )
    name, fact, product = segment.name, segment.fact, segment.product
    with transaction.atomic():
        segment.delete()
        note(acting_user, "segment.deleted", product=product, target=name)
    if fact in facts.versions(product.pk):
        facts.drop(store, product, fact)


def _keep(segment: Segment, user: User) -> None:
    Definition.objects.create(
        segment=segment,
        document=segment.document,
        frozen=segment.frozen,
        changed_by=user.email,
    )


def _name(product: Product, name: str, own: int | None) -> str:
    name = name_of(name, LONGEST_NAME)
    taken = Segment.objects.filter(product=product, name=name)
    if (taken if own is None else taken.exclude(pk=own)).exists():
        raise Refused(
            Words(f"已有名为“{name}”的分群。", f"There is a segment “{name}” already."),
            code="name_taken",
        )
    return name


def set_hook(segment: Segment, address: str, *, acting_user: User) -> str:
    """Tell this address who enters and leaves from now on; answers the secret of its signatures. Raises
    `Refused`."""
    check(acting_user, segment.product, Permission.MANAGE_SOURCES)
    address = address.strip()
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or len(address) > 1_000:
        raise Refused(
            Words("请填写 http 或 https 地址。", "Give an address that begins with http or https."),
            code="hook_address",
        )
    if not current().private_hooks:
        _check_public(parts.hostname, parts.port or (443 if parts.scheme == "https" else 80))
    hook = Hook.objects.filter(segment=segment).first()
    secret = unseal(hook.secret) if hook else new_secret()
    kept, _made = Hook.objects.update_or_create(
        segment=segment,
        defaults={"address": seal(address), "secret": seal(secret), "active": True},
    )
    # what waited for a wrong address waits no longer
    kept.deliveries.filter(state=HookDelivery.State.WAITING).update(due=datetime.now(UTC))
    note(
        acting_user,
        "segment.hook_set",
        product=segment.product,
        target=segment.name,
        host=parts.hostname,
    )
    return secret


def _check_public(host: str, port: int) -> None:
    try:
        public_addresses(host, port)
    except OSError:
        raise Refused(
            Words(f"找不到主机 {host}。", f"The host {host} is not known."), code="hook_address"
        ) from None


def remove_hook(segment: Segment, *, acting_user: User) -> None:
    check(acting_user, segment.product, Permission.MANAGE_SOURCES)
    Hook.objects.filter(segment=segment).delete()
    note(acting_user, "segment.hook_removed", product=segment.product, target=segment.name)


@dataclass(frozen=True, slots=True)
class Uploaded:
    """`key` names the list in documents; `unknown` ids were never seen."""

    key: str
    users: int
    unknown: int


def upload_list(
    store: Store, product: Product, ids: Iterable[str], *, name: str, acting_user: User
) -> Uploaded:
    """Keep the users of these ids as a list. Raises `Refused` for an empty or too long one."""
    check(acting_user, product, Permission.ANALYSE)
    since = datetime.now(UTC)
    wanted = list(dict.fromkeys(each.strip() for each in ids if each.strip()))
    if not wanted or len(wanted) > LONGEST_LIST:
        raise Refused(
            Words(
                f"名单应有 1 到 {LONGEST_LIST} 个用户 ID，每行一个。",
                f"A list has 1 to {LONGEST_LIST} user ids, one a line.",
            ),
            code="list_size",
        )
    known = stored_uids(product.pk, wanted)
    if not known:
        raise Refused(
            Words("名单中没有一个已知的用户 ID。", "None of these user ids is known."),
            code="list_unknown",
        )
    forest = Forest(product.pk)
    forest.load(known.values())
    persons = sorted({forest.root(uid) for uid in known.values()})
    key = secrets.token_hex(4)
    title = " ".join(name.split())[:LONGEST_NAME] or key
    about = About(list_key(key), "list", Words(title, title))
    facts.write(store, product, about, persons, since=since)
    note(acting_user, "list.uploaded", product=product, target=title, users=len(persons))
    return Uploaded(key, len(persons), len(wanted) - len(known))


def found(product: Product, key: int) -> Segment:
    """Raises `NotFound`."""
    segment = Segment.objects.filter(product=product, pk=key).select_related("product").first()
    if segment is None:
        raise NotFound(
            Words("没有这个分群。", "There is no such segment."), code="segment_not_found"
        )
    return segment


def named(product: Product, segment: str) -> Segment:
    """By its name, or else its number. Raises `NotFound`."""
    row = Segment.objects.filter(product=product, name=segment).select_related("product").first()
    if row is not None:
        return row
    if segment.isdecimal() and len(segment) < 18:
        return found(product, int(segment))
    raise NotFound(
        Words(f"没有分群 {segment[:100]!r}。", f"There is no segment {segment[:100]!r}."),
        code="segment_not_found",
    )
