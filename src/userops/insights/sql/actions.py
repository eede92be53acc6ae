"""Writes: SQL under a name, and one's own history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from userops.errors import NotAllowed, Refused
from userops.events.models import Product
from userops.insights.models import SqlQuery, SqlRun
from userops.sql.checking import LONGEST
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

LONGEST_NAME = 200


def save_query(
    product: Product,
    *,
    name: str,
    text: str,
    parameters: Mapping[str, Any],
    shared: bool = True,
    acting_user: User,
) -> SqlQuery:
    """Keep a text under a name, whether or not it runs: drafts are kept too."""
    _check(product, acting_user)
    kept = SqlQuery.objects.create(
        product=product,
        name=name_of(name, LONGEST_NAME),
        text=_text(text),
        parameters=dict(parameters),
        shared=shared,
        owner=acting_user,
    )
    note(acting_user, "sql.saved", product=product, target=kept.name)
    return kept


def change_query(
    query: SqlQuery,
    *,
    name: str | None = None,
    text: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    shared: bool | None = None,
    acting_user: User,
) -> SqlQuery:
    """Change what is given."""
    _may_change(query, acting_user)
    if name is not None:
        query.name = name_of(name, LONGEST_NAME)
    if text is not None:
        query.text = _text(text)
    if parameters is not None:
        query.parameters = dict(parameters)
    if shared is not None:
        query.shared = shared
    query.save()
    note(acting_user, "sql.changed", product=query.product, target=query.name)
    return query


def delete_query(query: SqlQuery, *, acting_user: User) -> None:
    _may_change(query, acting_user)
    note(acting_user, "sql.deleted", product=query.product, target=query.name, document=query.text)
    query.delete()


def forget_runs(product: Product, *, only: int | None = None, acting_user: User) -> int:
    """Remove all of one's own history in a product, or one entry of it; answers how many."""
    check(acting_user, product, Permission.SEE_PEOPLE)
    own = SqlRun.objects.filter(product=product, user=acting_user)
    gone, _by_model = (own if only is None else own.filter(pk=only)).delete()
    return gone


def visible(query: SqlQuery, user: User) -> bool:
    return query.shared or query.owner_id == user.pk


def may_change(query: SqlQuery, user: User) -> bool:
    """Its owner may; an administrator may change anyone's."""
    granted = permissions_in(user, query.product)
    own = query.owner_id in (None, user.pk)
    return Permission.ANALYSE in granted and (own or Permission.MANAGE_WORKSPACE in granted)


def _check(product: Product, user: User) -> None:
    check(user, product, Permission.SEE_PEOPLE)
    check(user, product, Permission.ANALYSE)


def _may_change(query: SqlQuery, user: User) -> None:
    _check(query.product, user)
    if not may_change(query, user):
        raise NotAllowed(
            Words(
                "只有创建人或管理员可以修改这条 SQL。",
                "Only its owner or an administrator may change this SQL.",
            ),
            code="sql_not_yours",
            hint=Words("请另存为自己的 SQL。", "Save it as SQL of your own."),
        )


def _text(text: str) -> str:
    if not text.strip() or len(text) > LONGEST or "\0" in text:
        raise Refused(
            Words(f"SQL 应为 1 到 {LONGEST} 个字符。", f"SQL has 1 to {LONGEST} characters."),
            code="sql_invalid",
        )
    return text
