"""A requirement is made and changed, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlparse

from django.db import transaction
from django.db.models import Max

from userops.errors import NotFound, Refused
from userops.events.models import Product
from userops.feedback.requirements.models import LONGEST_TITLE, Happening, Requirement, Status
from userops.feedback.requirements.noticing import tell_of_status
from userops.feedback.tickets.incoming import checked_text, known
from userops.words import Words
from userops.workspace.access import check, owner_of
from userops.workspace.history import changed_fields
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST = 2_000
LONGEST_DESCRIPTION = 10_000
LONGEST_ADDRESS = 500
Kind = Happening.Kind


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a requirement says. `owner`: the key of a member."""

    title: str
    title_en: str = ""
    description: str = ""
    reference: str = ""
    address: str = ""
    owner: int | None = None


def found(product: Product, number: int) -> Requirement:
    """Raises `NotFound`."""
    rows = Requirement.objects.select_related("product", "owner")
    row = rows.filter(product=product, number=number).first()
    if row is None:
        raise NotFound(
            Words(f"没有编号为 {number} 的需求。", f"There is no requirement {number}."),
            code="requirement_not_found",
            hint=Words(
                "请核对需求编号；编号是需求标题前 R 后的数字。",
                "Check the number: it stands after R before the title.",
            ),
        )
    return row


def wanted_of(requirement: Requirement) -> Wanted:
    """As it is."""
    return Wanted(
        requirement.title, requirement.title_en, requirement.description, requirement.reference,
        requirement.address, requirement.owner_id,
    )  # fmt: skip


@transaction.atomic
def create(product: Product, wanted: Wanted, *, acting_user: User) -> Requirement:
    """A planned one; its owner is who makes it, where nobody else is named. Raises `Refused`."""
    check(acting_user, product, Permission.RUN_SURVEYS)
    Product.objects.select_for_update().get(pk=product.pk)
    rows = Requirement.objects.filter(product=product)
    if rows.count() >= MOST:
        raise Refused(
            Words(
                f"每个产品最多 {MOST:,} 个需求。", f"A product has at most {MOST:,} requirements."
            ),
            code="too_many_requirements",
            hint=Words(
                "请合并或删除不再需要的需求。",
                "Merge or delete requirements that are no longer needed.",
            ),
        )
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    requirement = Requirement(product=product, number=number)
    _set(requirement, wanted)
    requirement.owner = requirement.owner or acting_user
    requirement.save()
    note_down(requirement, Kind.CREATED, acting_user)
    return requirement


@transaction.atomic
def change(requirement: Requirement, wanted: Wanted, *, acting_user: User) -> Requirement:
    """Words, reference, owner. Raises `Refused`."""
    requirement = _mine(requirement, acting_user)
    before = wanted_of(requirement)
    _set(requirement, wanted)
    requirement.save()
    if changed := changed_fields(before, wanted_of(requirement)):
        note_down(requirement, Kind.CHANGED, acting_user, fields=changed)
    return requirement


@transaction.atomic
def set_status(
    requirement: Requirement, status: str, *, version: str | None = None, acting_user: User
) -> Requirement:
    """How far it is; `version`: the one that it shipped in, as it was where none is given. Who asked is told by
    `announce`. Raises `Refused`."""
    requirement = _mine(requirement, acting_user)
    known("status", status, Status.values)
    version = _line(requirement.version if version is None else version, 60)
    version = version if status == Status.SHIPPED else ""
    before = str(requirement.status)
    if (status, version) == (before, requirement.version):
        return requirement
    if status != before:
        requirement.shipped = datetime.now(UTC) if status == Status.SHIPPED else None
    requirement.status, requirement.version = status, version
    requirement.save(update_fields=["status", "version", "shipped", "updated"])
    given = {"from": before, "to": status, "version": version}
    note_down(requirement, Kind.STATUS, acting_user, **given)
    if status != before:
        tell_of_status(requirement, acting_user)
    return requirement


def take_requirement(
    requirement: Requirement, user: User | None, permission: Permission
) -> Requirement:
    """Allowed, and kept from others as it is now. Nobody: a rule acts."""
    if user is not None:
        check(user, requirement.product, permission)
    rows = Requirement.objects.select_related("product", "owner").select_for_update(of=("self",))
    return rows.get(pk=requirement.pk)


def note_down(requirement: Requirement, happened: str, user: User | None, **data: Any) -> None:
    Happening.objects.create(requirement=requirement, kind=happened, by=user, data=data)
    note(
        user,
        f"requirement.{happened}",
        product=requirement.product,
        target=str(requirement),
        **data,
    )


def _mine(requirement: Requirement, user: User) -> Requirement:
    return take_requirement(requirement, user, Permission.RUN_SURVEYS)


def _set(requirement: Requirement, wanted: Wanted) -> None:
    requirement.title = name_of(wanted.title, LONGEST_TITLE)
    english = wanted.title_en.strip()
    requirement.title_en = name_of(english, LONGEST_TITLE) if english else ""
    requirement.description = checked_text(
        wanted.description, longest=LONGEST_DESCRIPTION, empty=True
    )
    requirement.reference = _line(wanted.reference, 100)
    requirement.address = _address(wanted.address)
    requirement.owner = owner_of(requirement.product, wanted.owner)


def _line(text: str, longest: int) -> str:
    return " ".join(checked_text(text, longest=longest, empty=True).split())


def _address(text: str) -> str:
    address = text.strip()
    if not address:
        return ""
    good = len(address) <= LONGEST_ADDRESS and address.isprintable() and " " not in address
    parts = urlparse(address) if good else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refused(
            Words(
                f"外部链接应为 http 或 https 地址，最多 {LONGEST_ADDRESS} 个字符。",
                f"A link outside is an http or https address of at most {LONGEST_ADDRESS} characters.",
            ),
            code="requirement_address_invalid",
            hint=Words(
                "请以 https:// 或 http:// 开头，且不含用户名与密码。",
                "Begin with https:// or http://, without user and password.",
            ),
        )
    return address
