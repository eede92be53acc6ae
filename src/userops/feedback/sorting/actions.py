"""Writes: categories and teams. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.hints import ANOTHER_NAME, CHECK_KEY
from userops.feedback.sorting.models import Category, Team
from userops.words import Words
from userops.workspace.access import check, members_with
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

Row = TypeVar("Row", bound=Model)
MOST = 500
"""Categories, and teams, of one product."""
LONGEST_NAME = 60
DEEPEST = 4
BETWEEN = " / "
MOST_KEYWORDS = 50


@transaction.atomic
def create_category(
    product: Product,
    *,
    name: str,
    parent: int | None = None,
    team: int | None = None,
    keywords: Iterable[str] = (),
    acting_user: User,
) -> Category:
    """A category below `parent`, or a root. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    _check_room(Category.objects.filter(product=product).count())
    made = Category(product=product)
    _set_category(made, name, parent, team, keywords)
    note(acting_user, "category.created", product=product, target=made.path)
    return made


@transaction.atomic
def change_category(
    category: Category,
    *,
    name: str,
    parent: int | None,
    team: int | None,
    keywords: Iterable[str] = (),
    active: bool = True,
    acting_user: User,
) -> Category:
    """Its tickets stay with it, wherever it moves. An inactive one is offered no more. Raises `Refused`."""
    check(acting_user, category.product, Permission.MANAGE_DESK)
    before = category.path
    category.active = active
    _set_category(category, name, parent, team, keywords)
    _move_branch(category, before)
    note(
        acting_user,
        "category.changed",
        product=category.product,
        target=category.path,
        before=before,
    )
    return category


@transaction.atomic
def delete_category(category: Category, *, acting_user: User) -> None:
    """Raises `Refused` while categories or tickets belong to it."""
    check(acting_user, category.product, Permission.MANAGE_DESK)
    if category.children.exists() or category.tickets.exists():
        raise Refused(
            Words(
                f"“{category.path}”下还有分类或工单。",
                f"Categories or tickets still belong to “{category.path}”.",
            ),
            code="category_used",
            hint=Words("可改为停用。", "Make it inactive instead."),
        )
    note(acting_user, "category.deleted", product=category.product, target=category.path)
    category.delete()


def _set_category(
    category: Category,
    name: str,
    parent: int | None,
    team: int | None,
    keywords: Iterable[str],
) -> None:
    category.name = name_of(name, LONGEST_NAME).replace("/", "／")
    category.parent = _parent(category, parent)
    category.team = _row(Team.objects.filter(product=category.product), team)
    words = list(dict.fromkeys(filter(None, (" ".join(each.split())[:60] for each in keywords))))
    category.keywords = words[:MOST_KEYWORDS]
    above = category.parent.path + BETWEEN if category.parent else ""
    category.path = above + category.name
    taken = Category.objects.filter(product=category.product, path=category.path)
    if taken.exclude(pk=category.pk).exists():
        raise _taken(category.path)
    category.save()


def _parent(category: Category, key: int | None) -> Category | None:
    parent = _row(Category.objects.filter(product=category.product), key)
    if parent is None:
        return None
    own = f"{category.path}{BETWEEN}"
    if category.pk is not None and f"{parent.path}{BETWEEN}".startswith(own):
        raise Refused(
            Words("分类不能移到自己下面。", "A category does not move below itself."),
            code="category_circle",
            hint=Words(
                "请选另一个上级，或先移动下级分类。",
                "Choose another parent, or move the lower category first.",
            ),
        )
    if parent.path.count(BETWEEN) + 2 > DEEPEST:
        raise Refused(
            Words(f"分类最多 {DEEPEST} 层。", f"Categories are at most {DEEPEST} levels deep."),
            code="category_too_deep",
            hint=Words("请选更高一级的上级。", "Choose a parent further up."),
        )
    return parent


def _move_branch(category: Category, before: str) -> None:
    if category.path == before:
        return
    below = Category.objects.filter(product=category.product, path__startswith=f"{before}{BETWEEN}")
    for each in below:
        each.path = category.path + each.path[len(before) :]
        each.save(update_fields=["path"])


@transaction.atomic
def create_team(
    product: Product, *, name: str, members: Iterable[int] = (), acting_user: User
) -> Team:
    """Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    _check_room(Team.objects.filter(product=product).count())
    made = Team(product=product)
    _set_team(made, name, members)
    note(acting_user, "team.created", product=product, target=made.name)
    return made


@transaction.atomic
def change_team(team: Team, *, name: str, members: Iterable[int], acting_user: User) -> Team:
    check(acting_user, team.product, Permission.MANAGE_DESK)
    _set_team(team, name, members)
    note(acting_user, "team.changed", product=team.product, target=team.name)
    return team


@transaction.atomic
def delete_team(team: Team, *, acting_user: User) -> None:
    """Its tickets belong to no team then."""
    check(acting_user, team.product, Permission.MANAGE_DESK)
    note(acting_user, "team.deleted", product=team.product, target=team.name)
    team.delete()


def _set_team(team: Team, name: str, members: Iterable[int]) -> None:
    team.name = name_of(name, LONGEST_NAME)
    taken = Team.objects.filter(product=team.product, name=team.name)
    if taken.exclude(pk=team.pk).exists():
        raise _taken(team.name)
    team.save()
    team.members.set(members_with(Permission.HANDLE_TICKETS, team.product, members))


def _row(rows: QuerySet[Row], key: int | None) -> Row | None:
    if key is None:
        return None
    found = rows.filter(pk=key).first()
    if found is None:
        raise Refused(
            Words("没有这个分类或团队。", "There is no such category or team."),
            code="sorting_unknown",
            hint=CHECK_KEY,
        )
    return found


def _check_room(count: int) -> None:
    if count >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 个。", f"A product has at most {MOST} of them."),
            code="sorting_full",
            hint=Words("请先删除或停用不再使用的。", "Delete one that is no longer used."),
        )


def _taken(name: str) -> Refused:
    return Refused(
        Words(f"已有“{name}”。", f"There is a “{name}” already."),
        code="name_taken",
        hint=ANOTHER_NAME,
    )
