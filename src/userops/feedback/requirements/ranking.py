"""Requirements by how many users asked, and what these have paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from userops.analyses.table import Column, Table
from userops.events.models import Product
from userops.events.store import Store
from userops.feedback.requirements.asking import Asker, Askers
from userops.feedback.requirements.linking import numbers_by_requirement, rows_of
from userops.feedback.requirements.models import STATUS_WORDS, Answer, Requirement
from userops.feedback.requirements.worth import paid_by
from userops.words import Words

FORMULA = Words(
    "按提出需求的用户数排序，人数相同时按这些用户的累计金额排序。同一位用户的多张工单只算一次："
    "身份、用户 ID、邮箱或手机号相同即为同一位。"
    "垃圾工单不计。累计金额取自计算指标“累计金额”，只含已知用户。",
    "Ranked by the users who asked, then by what they have paid in all. Several tickets of one user count once: he is "
    "one by identity, id, e-mail or phone. Spam does not count. What was paid is the computed fact “Amount”, of known "
    "users only.",
)


@dataclass(frozen=True, slots=True)
class Ranked:
    """`value`: paid in all by known users, None where that was not computed; `states`: of users, by `asking.State`."""

    requirement: Requirement
    users: int
    tickets: int
    known: int
    value: float | None
    last: datetime | None
    states: Counter[str]

    @property
    def told(self) -> int:
        return self.states["told"]

    @property
    def waiting(self) -> int:
        return self.states["waiting"]


def ranked(store: Store, product: Product, requirements: Sequence[Requirement]) -> list[Ranked]:
    """These requirements of one product, most asked for first."""
    numbers = numbers_by_requirement(product)
    wanted = {number for each in requirements for number in numbers.get(each.number, [])}
    tickets = {each.number: each for each in rows_of(product, wanted)}
    answered: dict[int, set[int]] = defaultdict(set)
    rows = Answer.objects.filter(requirement__in=[each.pk for each in requirements])
    for key, ticket in rows.values_list("requirement", "ticket"):
        answered[key].add(ticket)
    askers = Askers(product)
    found = {}
    for each in requirements:
        own = [tickets[number] for number in numbers.get(each.number, []) if number in tickets]
        own.sort(key=lambda one: (one.opened, one.pk), reverse=True)
        found[each.pk] = askers.among(own, answered[each.pk])
    persons = {one.person for group in found.values() for one in group if one.person is not None}
    paid = paid_by(store, product, askers.forest, persons)
    lines = [_ranked(each, found[each.pk], paid) for each in requirements]
    return sorted(lines, key=lambda one: (-one.users, -(one.value or 0), -one.requirement.number))


def _ranked(requirement: Requirement, askers: Sequence[Asker], paid: dict[int, float]) -> Ranked:
    persons = [each.person for each in askers if each.person is not None]
    amounts = [paid[person] for person in persons if person in paid]
    return Ranked(
        requirement,
        users=len(askers),
        tickets=sum(len(each.tickets) for each in askers),
        known=len(persons),
        value=sum(amounts) if amounts else None,
        last=max((one.opened for each in askers for one in each.tickets), default=None),
        states=Counter(each.state for each in askers),
    )


_COLUMNS = (
    Column("number", Words("编号", "Number"), "whole"),
    Column("title", Words("需求", "Requirement")),
    Column("status", Words("状态", "Status")),
    Column("version", Words("上线版本", "Shipped in")),
    Column("users", Words("提出的用户", "Users who asked"), "whole"),
    Column("tickets", Words("工单", "Tickets"), "whole"),
    Column("value", Words("这些用户的累计金额", "Paid by them in all"), "number"),
    Column("told", Words("已告知", "Told"), "whole"),
    Column("waiting", Words("未告知", "Not told yet"), "whole"),
    Column("reference", Words("外部编号", "Reference")),
    Column("address", Words("外部链接", "Link")),
)


def table_of(rows: Iterable[Ranked]) -> Table:
    return Table(_COLUMNS, [_row(each) for each in rows])


def _row(each: Ranked) -> tuple[object, ...]:
    one = each.requirement
    return (
        one.number, one.words, STATUS_WORDS[one.status], one.version, each.users, each.tickets,
        each.value, each.told, each.waiting, one.reference, one.address,
    )  # fmt: skip
