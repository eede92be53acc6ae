"""SQL as a member asks it: permission, limits, and an entry in their history."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pyarrow as pa

from userops.errors import Refused, UserOpsError
from userops.events import store
from userops.events.models import Product
from userops.insights.models import SqlRun
from userops.sql import answers
from userops.sql.answers import MANY, Answer, Question
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

KEPT = 500
"""Entries of one member's history in a product; older ones go."""

T = TypeVar("T")


def ask(question: Question, product: Product, *, door: str, acting_user: User) -> Answer:
    """The first rows. Raises `NotAllowed`, and what the text deserves."""
    return _asked(
        question,
        product,
        door,
        acting_user,
        lambda: answers.answer(question, store.current()),
        lambda found: (len(found.rows), found.took_ms),
    )


def ask_arrow(
    question: Question, product: Product, *, door: str, acting_user: User
) -> tuple[pa.Table, bool]:
    """The first rows as an Arrow table, and whether there are more."""
    return _asked(
        question,
        product,
        door,
        acting_user,
        lambda: answers.arrow(question, store.current()),
        lambda found: (found[0].num_rows, 0),
    )


def _asked(
    question: Question,
    product: Product,
    door: str,
    user: User,
    run: Callable[[], T],
    measured: Callable[[T], tuple[int, float]],
) -> T:
    _permitted(question, product, user)
    entry = SqlRun(product=product, user=user, door=door, text=question.text)
    entry.parameters = {name: str(value) for name, value in question.parameters.items()}
    try:
        found = run()
    except UserOpsError as wrong:
        entry.error = wrong.code[:60]
        raise
    else:
        entry.rows, entry.took_ms = measured(found)
        return found
    finally:
        _kept(entry)


def _permitted(question: Question, product: Product, user: User) -> None:
    check(user, product, Permission.SEE_PEOPLE)
    most = store.current().engine.limits.result_rows
    if not 1 <= question.limit <= most:
        raise Refused(
            Words(f"行数应为 1 到 {most}。", f"The rows must be from 1 to {most}."),
            code="limit_invalid",
        )
    if question.limit > MANY:
        check(user, product, Permission.EXPORT_PEOPLE)
        note(user, "sql.exported", product=product, target=_short(question.text))


def _short(text: str) -> str:
    return " ".join(text.split())[:200]


def _kept(entry: SqlRun) -> None:
    if "\0" in entry.text:
        return  # a database may not keep it, and nobody wants it again
    entry.text = entry.text.encode("utf-8", "replace").decode()[:70_000]
    entry.save()
    own = SqlRun.objects.filter(user=entry.user, product=entry.product)
    oldest = list(own.values_list("pk", flat=True)[KEPT : KEPT + 1])
    if oldest:
        own.filter(pk__lte=oldest[0]).delete()
