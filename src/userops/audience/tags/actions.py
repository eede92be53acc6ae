"""Writes: tags. Each checks the permission, validates, leaves a change of the tag and a log row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from userops.audience.facts import days
from userops.audience.people import identity_of
from userops.audience.tags import assigning, refreshing
from userops.audience.tags.deciding import check_told, decide, named_in
from userops.audience.tags.defining import YES, Wanted, definition_of, name_of, values_of
from userops.audience.tags.models import Kind, Tag, TagChange
from userops.errors import NotFound, Refused
from userops.events import facts
from userops.events.identity import Forest, chunks
from userops.events.models import Product, UserId
from userops.events.store import Store
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission
from userops.workspace.sight import check_named, sight_of

MOST = 500
"""Tags of one product."""
_Action = TagChange.Action


def find(product: Product, name_or_key: str | int) -> Tag:
    """Raises `NotFound`."""
    rows = Tag.objects.filter(product=product).select_related("product", "owner")
    if isinstance(name_or_key, int):
        found = rows.filter(pk=name_or_key).first()
    else:
        found = rows.filter(name=name_or_key).first()
    if found is None:
        raise NotFound(
            Words(f"没有标签 {name_or_key!r}。", f"There is no tag {name_or_key!r}."),
            code="tag_not_found",
        )
    return found


def create_tag(store: Store, product: Product, wanted: Wanted, *, acting_user: User) -> Tag:
    """Make a tag; one that follows from data has its values at once. Raises `Refused`."""
    check(acting_user, product, Permission.ANALYSE)
    if wanted.kind not in Kind.values:
        raise _no_kind(wanted.kind)
    name = name_of(wanted.name)
    with transaction.atomic():
        rows = Tag.objects.filter(product=product)
        if rows.filter(name=name).exists():
            raise Refused(
                Words(f"已有名为“{name}”的标签。", f"There is already a tag “{name}”."),
                code="tag_exists",
            )
        if rows.count() >= MOST:
            raise Refused(
                Words(f"每个产品最多 {MOST} 个标签。", f"A product has at most {MOST} tags."),
                code="too_many_tags",
            )
        tag = Tag(product=product, name=name, kind=wanted.kind, owner=acting_user)
        _set(tag, wanted)
        _check_seen(tag, acting_user)
        _changed(tag, _Action.CREATED, acting_user)
        note(acting_user, "tag.created", product=product, target=name, kind=tag.kind)
        decide(tag, wanted.personal, acting_user)
    _made(store, tag, acting_user)
    return tag


def change_tag(store: Store, tag: Tag, wanted: Wanted, *, acting_user: User) -> Tag:
    """Describe or define it otherwise; its name and kind stay. Raises `Refused`."""
    check(acting_user, tag.product, Permission.ANALYSE)
    check_told(tag, sight_of(permissions_in(acting_user, tag.product)))
    with assigning.one_writer(tag.product):
        tag.refresh_from_db(fields=["personal"])
        dropped = set(tag.values) - set(values_of(wanted.values)) if wanted.values else set()
        used = sorted(dropped & set(tag.counts)) if not tag.refreshes else []
        if used:
            raise Refused(
                Words(
                    f"取值“{used[0]}”仍有 {tag.counts[used[0]]} 人，不能删除。",
                    f"{tag.counts[used[0]]} people still have the value “{used[0]}”: it cannot go.",
                ),
                code="tag_value_in_use",
                hint=Words("请先为这些人取下标签。", "Take the tag off these people first."),
            )
        with transaction.atomic():
            _set(tag, wanted)
            _check_seen(tag, acting_user)
            _changed(tag, _Action.CHANGED, acting_user, details={"definition": tag.definition})
            note(acting_user, "tag.changed", product=tag.product, target=tag.name)
            decide(tag, wanted.personal, acting_user)
    _made(store, tag, acting_user)
    return tag


def _check_seen(tag: Tag, user: User) -> None:
    """Raises `PersonalProperty` for a definition that names what its writer may not see."""
    check_named(named_in(tag.definition), tag.product, user)


def delete_tag(store: Store, tag: Tag, *, acting_user: User) -> None:
    """Forget a tag, its values and its history."""
    check(acting_user, tag.product, Permission.ANALYSE)
    with assigning.one_writer(tag.product):
        if tag.fact in facts.versions(tag.product.pk):
            facts.drop(store, tag.product, tag.fact)
        days.forget(tag.product, tag.fact)
        note(acting_user, "tag.deleted", product=tag.product, target=tag.name, people=tag.people)
        tag.delete()


def put_on(store: Store, tag: Tag, uid: int, *, value: str = "", acting_user: User) -> None:
    """Give one person the tag. Raises `Refused` for a value that the tag does not have."""
    _by_hand(tag, acting_user)
    value = value_of(tag, value)
    who = identity_of(tag.product, uid)
    with assigning.one_writer(tag.product):
        since = datetime.now(UTC)
        values = assigning.own_values(store, tag)
        for each in who.uids:
            values.pop(each, None)
        values[who.uid] = value
        assigning.replace(store, tag, values, since=since)
        _changed(tag, _Action.PUT, acting_user, uid=who.uid, people=1, value=value)
    note(acting_user, "tag.put", product=tag.product, target=tag.name, user=who.uid, value=value)


def take_off(store: Store, tag: Tag, uid: int, *, acting_user: User) -> None:
    """Take the tag off one person; nothing where they do not have it."""
    _by_hand(tag, acting_user)
    who = identity_of(tag.product, uid)
    with assigning.one_writer(tag.product):
        since = datetime.now(UTC)
        values = assigning.own_values(store, tag)
        had = [values.pop(each) for each in who.uids if each in values]
        if not had:
            return
        assigning.replace(store, tag, values, since=since)
        _changed(tag, _Action.TAKEN, acting_user, uid=who.uid, people=1, value=had[0])
    note(acting_user, "tag.taken", product=tag.product, target=tag.name, user=who.uid)


def put_on_many(
    store: Store,
    tag: Tag,
    persons: Iterable[int],
    *,
    value: str = "",
    source: str = "",
    acting_user: User,
) -> int:
    """Give everybody of a set the tag; answers how many that are. `source` says where the set is from."""
    _by_hand(tag, acting_user)
    value = value_of(tag, value)
    with assigning.one_writer(tag.product):
        since = datetime.now(UTC)
        members = _members(tag.product, persons)
        values = assigning.own_values(store, tag)
        for uid in _all(members):
            values.pop(uid, None)
        values |= dict.fromkeys(members, value)
        assigning.replace(store, tag, values, since=since)
        _changed(
            tag, _Action.PUT, acting_user, people=len(members), value=value,
            details={"source": source},
        )  # fmt: skip
    note(
        acting_user,
        "tag.put",
        product=tag.product,
        target=tag.name,
        people=len(members),
        value=value,
    )
    return len(members)


def take_off_many(
    store: Store, tag: Tag, persons: Iterable[int], *, source: str = "", acting_user: User
) -> int:
    """Take the tag off everybody of a set; answers how many had it."""
    _by_hand(tag, acting_user)
    with assigning.one_writer(tag.product):
        since = datetime.now(UTC)
        members = _members(tag.product, persons)
        values = assigning.own_values(store, tag)
        had = 0
        for uids in members.values():
            found = [values.pop(uid) for uid in uids if uid in values]
            had += bool(found)
        assigning.replace(store, tag, values, since=since)
        _changed(tag, _Action.TAKEN, acting_user, people=had, details={"source": source})
    note(acting_user, "tag.taken", product=tag.product, target=tag.name, people=had)
    return had


def refresh_tag(store: Store, tag: Tag, *, acting_user: User) -> Tag:
    """Compute its values now. Raises what computing raises."""
    check(acting_user, tag.product, Permission.ANALYSE)
    if tag.refreshes:
        refreshing.refresh(store, tag, who=acting_user.email)
    else:
        assigning.count(store, tag)
    return tag


def value_of(tag: Tag, value: str) -> str:
    """The value as it is kept. Raises `Refused` for one that the tag does not have."""
    given = " ".join(value.split())
    if not tag.values:
        if given in ("", YES):
            return YES
    elif given in tag.values:
        return given
    known = "、".join(tag.values[:20]) or "—"
    raise Refused(
        Words(
            f"标签“{tag.name}”没有取值 {given[:60]!r}；可用取值：{known}。",
            f"The tag “{tag.name}” has no value {given[:60]!r}; its values: {known}.",
        ),
        code="tag_value_unknown",
    )


def _by_hand(tag: Tag, user: User) -> None:
    check(user, tag.product, Permission.MANAGE_DATA)
    if tag.refreshes:
        raise Refused(
            Words(
                f"“{tag.name}”由数据得出，不能手工打标。",
                f"“{tag.name}” follows from data and is not put on by hand.",
            ),
            code="tag_not_by_hand",
            hint=Words("请修改它的定义。", "Change its definition."),
        )


def _members(product: Product, persons: Iterable[int]) -> dict[int, list[int]]:
    """All uids of each person, by the root."""
    forest = Forest(product.pk)
    wanted = list(persons)
    forest.load(wanted)
    return {root: forest.members(root) for root in {forest.root(uid) for uid in wanted}}


def _all(members: dict[int, list[int]]) -> Collection[int]:
    return [uid for uids in members.values() for uid in uids]


def _set(tag: Tag, wanted: Wanted) -> None:
    values = values_of(wanted.values)
    tag.definition, tag.values = definition_of(
        tag.product, Wanted(tag.name, tag.kind, definition=wanted.definition), values
    )
    tag.description = " ".join(wanted.description.split())[:500]
    tag.save()


def _made(store: Store, tag: Tag, user: User) -> None:
    if tag.refreshes:
        refreshing.refresh(store, tag, who=user.email)
    else:
        assigning.count(store, tag)


def _changed(tag: Tag, action: str, user: User, **more: Any) -> None:
    TagChange.objects.create(tag=tag, action=action, who=user.email, **more)


def _no_kind(kind: str) -> Refused:
    known = ", ".join(Kind.values)
    return Refused(
        Words(
            f"标签类型应为以下之一：{known}；实际为 {kind[:40]!r}。",
            f"The kind of a tag is one of {known}; got {kind[:40]!r}.",
        ),
        code="tag_kind_unknown",
    )


def ids_of(product: Product, persons: list[int]) -> dict[int, list[str]]:
    """All ids of each of these persons."""
    members = _members(product, persons)
    owner = {uid: root for root, uids in members.items() for uid in uids}
    found: dict[int, list[str]] = {person: [] for person in persons}
    for chunk in chunks(owner):
        rows = UserId.objects.filter(product=product, uid__among=chunk).order_by("-known", "uid")
        for uid, name in rows.values_list("uid", "distinct_id"):
            found[owner[uid]].append(name)
    return found


def note_export(tag: Tag, people: int, *, acting_user: User) -> None:
    """That people of a tag left the house."""
    check(acting_user, tag.product, Permission.EXPORT_PEOPLE)
    note(acting_user, "tag.exported", product=tag.product, target=tag.name, people=people)
