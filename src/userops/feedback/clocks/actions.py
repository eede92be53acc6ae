"""Writes: policies, their order, and terms of teams. Each is checked, logged, and running clocks follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max

from userops.calendars.models import WorkCalendar
from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.clocks.keeping import recompute_later
from userops.feedback.clocks.models import Policy, TeamTerms
from userops.feedback.clocks.steps import STANDARD, Step, steps_of
from userops.feedback.hints import DELETE_ONE
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Severity
from userops.notices.models import Channel
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST, MOST_TIERS, LONGEST_TIER = 50, 50, 60
LONGEST_TARGET = 600_000
"""Working minutes."""
TARGETS = ("first", "next", "resolution", "team")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a policy is to be; `categories` (whole branches) and `calendar` by key, targets in working minutes."""

    name: str
    severities: Sequence[str] = ()
    categories: Sequence[int] = ()
    tiers: Sequence[str] = ()
    calendar: int | None = None
    first: int | None = None
    next: int | None = None
    resolution: int | None = None
    team: int | None = None
    steps: Sequence[Step] = field(default_factory=lambda: STANDARD)


@transaction.atomic
def create_policy(product: Product, wanted: Wanted, *, acting_user: User) -> Policy:
    """The last in the order. Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_DESK)
    rows = Policy.objects.filter(product=product)
    if rows.count() >= MOST:
        raise _refused(
            f"每个产品最多 {MOST} 条时限规则。",
            f"A product has at most {MOST} policies.",
            "too_many_policies",
            DELETE_ONE,
        )
    last = rows.aggregate(last=Max("position"))["last"]
    made = Policy(product=product, position=0 if last is None else last + 1)
    _write(made, wanted)
    _changed(product, acting_user, "policy.created", made.name, **_told(wanted))
    return made


@transaction.atomic
def change_policy(policy: Policy, wanted: Wanted, *, acting_user: User) -> Policy:
    """All of it. What has ended stays as it was judged. Raises `Refused`."""
    check(acting_user, policy.product, Permission.MANAGE_DESK)
    policy.refresh_from_db(from_queryset=Policy.objects.select_for_update())
    policy.version += 1
    _write(policy, wanted)
    _changed(policy.product, acting_user, "policy.changed", policy.name, **_told(wanted))
    return policy


@transaction.atomic
def switch_policy(policy: Policy, *, active: bool, acting_user: User) -> Policy:
    """Let it hold, or not."""
    check(acting_user, policy.product, Permission.MANAGE_DESK)
    policy.active = active
    policy.save(update_fields=["active"])
    _changed(policy.product, acting_user, "policy.switched", policy.name, active=active)
    return policy


@transaction.atomic
def delete_policy(policy: Policy, *, acting_user: User) -> None:
    """What it promised to tickets that are done stays written with them."""
    check(acting_user, policy.product, Permission.MANAGE_DESK)
    product, name = policy.product, policy.name
    policy.delete()
    _changed(product, acting_user, "policy.deleted", name)


@transaction.atomic
def move_policy(policy: Policy, *, up: bool, acting_user: User) -> None:
    """Before or behind its neighbour: the first that fits holds."""
    check(acting_user, policy.product, Permission.MANAGE_DESK)
    rows = list(Policy.objects.select_for_update().filter(product=policy.product))
    place = next(number for number, row in enumerate(rows) if row.pk == policy.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows):
        row.position = number
    Policy.objects.bulk_update(rows, ["position"])
    _changed(policy.product, acting_user, "policy.moved", policy.name, up=up)


@transaction.atomic
def set_team_terms(
    team: Team, *, calendar: int | None, minutes: int | None, acting_user: User
) -> TeamTerms:
    """How long a team may have what was handed to it, by its own hours; no minutes: as the policy says."""
    check(acting_user, team.product, Permission.MANAGE_DESK)
    found = TeamTerms.objects.filter(team=team).first() or TeamTerms(team=team, version=0)
    found.calendar = _calendar(team.product, calendar)
    found.minutes = _target("team", minutes)
    found.version += 1
    found.save()
    _changed(team.product, acting_user, "policy.team", team.name, minutes=minutes)
    return found


def _write(policy: Policy, wanted: Wanted) -> None:
    product = policy.product
    policy.name = name_of(wanted.name, 100)
    others = Policy.objects.filter(product=product, name=policy.name).exclude(pk=policy.pk)
    if others.exists():
        raise _refused(
            f"已有名为“{policy.name}”的时限规则。",
            f"There is a policy named “{policy.name}” already.",
            "policy_name_taken",
            Words("请换一个名称，或修改那条规则。", "Choose another name, or change that policy."),
        )
    for name in TARGETS:
        setattr(policy, name, _target(name, getattr(wanted, name)))
    if not any(getattr(policy, name) for name in TARGETS):
        raise _refused(
            "没有填写任何时限。",
            "No target is given.",
            "policy_without_target",
            Words(
                "请填写首次响应、后续响应、解决中的至少一项。",
                "Give the first response, the next one or the resolution.",
            ),
        )
    policy.severities = _severities(wanted.severities)
    policy.tiers = _tiers(wanted.tiers)
    policy.calendar = _calendar(product, wanted.calendar)
    steps = steps_of([step.row() for step in wanted.steps])
    _channels(product, steps)
    policy.steps = [step.row() for step in steps]
    categories = list(Category.objects.filter(product=product, pk__in=wanted.categories))
    if len(categories) != len(set(wanted.categories)):
        raise _refused("没有这个分类。", "There is no such category.", "category_unknown", _ANEW)
    policy.save()
    policy.categories.set(categories)


def _target(name: str, minutes: int | None) -> int | None:
    if minutes is None or minutes == 0:
        return None
    if not 1 <= minutes <= LONGEST_TARGET:
        raise _refused(
            f"{name} 应为 1 到 {LONGEST_TARGET} 分钟；实际为 {minutes}。",
            f"{name} is 1 to {LONGEST_TARGET} minutes; got {minutes}.",
            "target_invalid",
            Words("请按分钟填写，如 1 小时为 60。", "Give minutes, such as 60 for an hour."),
        )
    return minutes


def _severities(given: Sequence[str]) -> list[str]:
    unknown = [each for each in given if each not in Severity.values]
    if unknown:
        raise _refused(
            f"严重程度应取自：{', '.join(Severity.values)}；实际为 {unknown[0][:40]!r}。",
            f"A severity is one of {', '.join(Severity.values)}; got {unknown[0][:40]!r}.",
            "severity_unknown",
            Words("请选其中之一；不选则适用于全部。", "Choose among them; none stands for all."),
        )
    return [each for each in Severity.values if each in given]


def _tiers(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(each.split()) for each in given if each.strip()))
    if len(found) > MOST_TIERS or any(len(each) > LONGEST_TIER for each in found):
        raise _refused(
            f"客户等级最多 {MOST_TIERS} 个，每个最多 {LONGEST_TIER} 个字符。",
            f"At most {MOST_TIERS} tiers of at most {LONGEST_TIER} characters.",
            "tiers_invalid",
            Words("请合并或缩短客户等级。", "Join tiers, or shorten them."),
        )
    return found


def _calendar(product: Product, key: int | None) -> WorkCalendar | None:
    if key is None:
        return None
    found = WorkCalendar.objects.filter(product=product, pk=key).first()
    if found is None:
        raise _refused(
            "没有这个工作日历。", "There is no such calendar.", "calendar_unknown", _ANEW
        )
    return found


def _channels(product: Product, steps: Sequence[Step]) -> None:
    wanted = {key for step in steps for key in step.channels}
    if Channel.objects.filter(product=product, pk__in=wanted).count() != len(wanted):
        raise _refused("没有这个通知渠道。", "There is no such channel.", "channel_unknown", _ANEW)


def _changed(product: Product, user: User, action: str, target: str, **details: Any) -> None:
    note(user, action, product=product, target=target, **details)
    recompute_later(product)


def _told(wanted: Wanted) -> dict[str, Any]:
    lists: dict[str, Sequence[Any]] = {
        "severities": wanted.severities,
        "categories": wanted.categories,
        "tiers": wanted.tiers,
        "steps": [f"{step.percent}%" for step in wanted.steps],
    }
    plain = {name: getattr(wanted, name) for name in (*TARGETS, "calendar")}
    joined = {name: ", ".join(map(str, each)) for name, each in lists.items()}
    return {name: value for name, value in {**joined, **plain}.items() if value}


_ANEW = Words(
    "它可能已删除：请在时限规则页重新选择。",
    "It may have been deleted: choose anew on the page of the policy.",
)


def _refused(zh: str, en: str, code: str, hint: Words) -> Refused:
    return Refused(Words(zh, en), code=code, hint=hint)
