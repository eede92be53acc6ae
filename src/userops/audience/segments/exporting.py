"""The users of a segment as a table: ids, masked for roles that may not take them out of the house."""

from __future__ import annotations

from datetime import date

from userops.analyses.table import Column, Table
from userops.audience.people import scope_of
from userops.audience.segments.defining import defined
from userops.audience.segments.hooks import names_of
from userops.audience.segments.masking import masked
from userops.audience.segments.models import Segment
from userops.audience.segments.refreshing import members_at, members_of
from userops.errors import Refused
from userops.events.identity import chunks
from userops.events.store import Store
from userops.words import Words
from userops.workspace.access import check, permissions_in
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

MOST = 200_000
"""Users of one file; the API answers any number, page by page."""
WHOLE = Column("user", Words("用户 ID", "User id"))
MASKED = Column("user", Words("用户 ID（已脱敏）", "User id (masked)"))


def exported(
    store: Store,
    segment: Segment,
    format_: str,
    *,
    day: date | None = None,
    acting_user: User,
) -> tuple[Table, Words]:
    """The table and its definition; `day`: as of the end of this day. Raises `Refused` for more users than a file
    holds."""
    product = segment.product
    check(acting_user, product, Permission.SEE_PEOPLE)
    whole = Permission.EXPORT_PEOPLE in permissions_in(acting_user, product)
    then = None if day is None else members_at(store, segment, day)
    found = then.persons if then else members_of(segment, scope_of(store, product))
    if len(found) > MOST:
        raise Refused(
            Words(
                f"一个文件最多 {MOST} 位用户；该分群有 {len(found)} 位。",
                f"A file holds at most {MOST} users; this segment has {len(found)}.",
            ),
            code="segment_too_large",
            hint=Words("请通过 API 分页读取。", "Read it page by page through the API."),
        )
    rows: list[tuple[str]] = []
    for part in chunks(found):
        names = names_of(product.pk, part)
        told = (names[person] for person in part if person in names)
        rows += [(name if whole else masked(name),) for name in told]
    note(
        acting_user,
        "segment.exported",
        product=product,
        target=segment.name,
        users=len(rows),
        format=format_,
        masked=not whole,
        **({"day": str(day)} if day else {}),
    )
    definition = defined(product, segment.document)
    if then:
        definition = Words(f"{definition.zh}{then.words.zh}", f"{definition.en} {then.words.en}")
    return Table((WHOLE if whole else MASKED,), rows), definition
