"""Whether the values of a tag say who somebody is: as its owner or an administrator decided, else as its name says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from userops.audience.tags import assigning
from userops.audience.tags.models import Tag
from userops.errors import NotAllowed
from userops.events import facts
from userops.events.catalogue import personal_of
from userops.query.personal import PersonalProperty, Sight, check_sight
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission


def may_decide(tag: Tag, user: User) -> bool:
    """Who says whether its values say who somebody is: administrators, and the owner who may see single users."""
    granted = permissions_in(user, tag.product)
    owns = tag.owner == user and Permission.SEE_PEOPLE in granted
    return owns or Permission.MANAGE_WORKSPACE in granted


def check_told(tag: Tag, sight: Sight) -> None:
    """Raises `PersonalProperty` to who may not see what the tag says of people, or whom its rules ask for."""
    if tag.is_personal and sight is not Sight.ALL:
        raise PersonalProperty(("user", tag.fact))
    check_sight(named_in(tag.definition), personal_of(tag.product.pk), sight)


def named_in(definition: Mapping[str, Any]) -> dict[str, Any]:
    """A definition as documents are read: the property of a computed tag is one of users."""
    return {**definition, "of": "user"}


def say_personal(tag: Tag, personal: bool, *, acting_user: User) -> Tag:
    """Say that its values tell who somebody is, or that they do not. Raises `NotAllowed`."""
    check(acting_user, tag.product, Permission.ANALYSE)
    with assigning.one_writer(tag.product), transaction.atomic():
        tag.refresh_from_db(fields=["personal"])
        decide(tag, personal, acting_user)
    return tag


def decide(tag: Tag, personal: bool | None, user: User) -> None:
    if personal is None or personal == tag.is_personal:
        return
    if not may_decide(tag, user):
        raise NotAllowed(
            Words(
                "标签是否为个人信息，由它的负责人（须可查看单个用户）或管理员决定。",
                "Whether a tag is personal data is decided by its owner, who may see single users, or by an "
                "administrator.",
            ),
            code="tag_personal_not_yours",
        )
    tag.personal = personal
    tag.save(update_fields=["personal"])
    facts.decide(tag.product, tag.fact, personal)
    note(user, "tag.personal", product=tag.product, target=tag.name, personal=personal)
