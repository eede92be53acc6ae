"""Writes: rules, their order and state, dry runs. Each checks the permission, validates, and is logged."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Model

from userops.audience.segments.models import Segment
from userops.audience.tags.models import Tag
from userops.calendars.models import WorkCalendar
from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.conditions import Condition
from userops.feedback.hints import CHOOSE_ONE, DELETE_ONE
from userops.feedback.inbox.models import Macro
from userops.feedback.inbox.replying import check_variables
from userops.feedback.requirements.models import Requirement
from userops.feedback.rules import tasks
from userops.feedback.rules.document import Deed, Document, read
from userops.feedback.rules.models import DryRun, Rule, RuleVersion
from userops.feedback.rules.options import CHOICES, SETTABLE
from userops.feedback.rules.trying import tickets_of
from userops.feedback.rules.vocabulary import DEEDS, FIELDS
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Ticket
from userops.notices.models import Channel
from userops.words import Words
from userops.workspace.access import check, members_with
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST, LONGEST_NAME = 200, 100
LONGEST_DAYS = 800
MANAGE = Permission.MANAGE_DESK


@transaction.atomic
def create_rule(product: Product, name: str, document: object, *, acting_user: User) -> Rule:
    """The last in the order, and off: it is tried on the past first. Raises `Refused`."""
    check(acting_user, product, MANAGE)
    rows = Rule.objects.filter(product=product)
    if rows.count() >= MOST:
        raise _refused(
            f"每个产品最多 {MOST} 条规则。",
            f"A product has at most {MOST} rules.",
            "too_many_rules",
            DELETE_ONE,
        )
    last = rows.aggregate(last=Max("position"))["last"]
    made = Rule(product=product, position=0 if last is None else last + 1)
    _write(made, name, document, acting_user)
    note(acting_user, "rule.created", product=product, target=made.name, document=made.document)
    return made


@transaction.atomic
def change_rule(rule: Rule, name: str, document: object, *, acting_user: User) -> Rule:
    """A new version; what fired by the old one stays as it was logged. Raises `Refused`."""
    check(acting_user, rule.product, MANAGE)
    rule.refresh_from_db(from_queryset=Rule.objects.select_for_update())
    before = rule.document
    rule.version += 1
    _write(rule, name, document, acting_user)
    note(
        acting_user, "rule.changed", product=rule.product, target=rule.name, before=before,
        document=rule.document,
    )  # fmt: skip
    return rule


@transaction.atomic
def switch_rule(rule: Rule, *, active: bool, acting_user: User) -> Rule:
    """On: from now on. What waits for time is looked for from this moment on."""
    check(acting_user, rule.product, MANAGE)
    rule.active, rule.checked = active, datetime.now(UTC) if active else None
    rule.save(update_fields=["active", "checked"])
    note(acting_user, "rule.switched", product=rule.product, target=rule.name, active=active)
    return rule


@transaction.atomic
def delete_rule(rule: Rule, *, acting_user: User) -> None:
    """What it did stays in the log, under its name."""
    check(acting_user, rule.product, MANAGE)
    note(acting_user, "rule.deleted", product=rule.product, target=rule.name)
    rule.delete()


@transaction.atomic
def move_rule(rule: Rule, *, up: bool, acting_user: User) -> None:
    """Before or behind its neighbour."""
    check(acting_user, rule.product, MANAGE)
    rows = list(Rule.objects.select_for_update().filter(product=rule.product))
    place = next(number for number, row in enumerate(rows) if row.pk == rule.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows):
        row.position = number
    Rule.objects.bulk_update(rows, ["position"])
    note(acting_user, "rule.moved", product=rule.product, target=rule.name, up=up)


@transaction.atomic
def start_dry_run(
    rule: Rule, first: date, until: date, *, at_once: bool = False, acting_user: User
) -> DryRun:
    """Try the rule over the tickets of these days; nothing is changed. In the background, unless the caller
    does it `at_once` (`trying.go_on`). Raises `Refused`."""
    check(acting_user, rule.product, MANAGE)
    if not first <= until or (until - first).days > LONGEST_DAYS:
        raise _refused(
            f"试运行的日期应先后有序，至多 {LONGEST_DAYS} 天。",
            f"A dry run is from a day to a later one, at most {LONGEST_DAYS} days.",
            "days_invalid",
            Words("请选较短的一段日期。", "Choose a shorter run of days."),
        )
    running = DryRun.objects.filter(
        rule=rule, state__in=[DryRun.State.WAITING, DryRun.State.RUNNING]
    )
    running.update(state=DryRun.State.CANCELLED, ended=datetime.now(UTC))
    run = DryRun(
        rule=rule, version=rule.version, document=rule.document, first=first, until=until,
        by=acting_user,
    )  # fmt: skip
    run.total = tickets_of(run).count()
    run.save()
    note(acting_user, "rule.tried", product=rule.product, target=rule.name, tickets=run.total)
    key = run.pk
    if at_once:
        return run
    transaction.on_commit(lambda: tasks.try_over_the_past(key) and None)
    return run


def cancel_dry_run(run: DryRun, *, acting_user: User) -> DryRun:
    """What was found stays. One that has ended stays as it is."""
    check(acting_user, run.rule.product, MANAGE)
    run.end(DryRun.State.CANCELLED)
    run.refresh_from_db()
    return run


def _write(rule: Rule, name: str, document: object, by: User) -> None:
    rule.name = name_of(name, LONGEST_NAME)
    taken = Rule.objects.filter(product=rule.product, name=rule.name).exclude(pk=rule.pk)
    if taken.exists():
        raise _refused(
            f"已有名为“{rule.name}”的规则。",
            f"There is a rule named “{rule.name}” already.",
            "rule_name_taken",
            Words("请换一个名称，或修改那条规则。", "Choose another name, or change that rule."),
        )
    found = read(document)
    _check_rows(rule.product, found)
    rule.document, rule.cause = found.as_json(), found.cause
    rule.after_rules = found.after_rules
    if rule.active:
        rule.checked = datetime.now(UTC)
    rule.save()
    RuleVersion.objects.create(rule=rule, number=rule.version, document=rule.document, by=by)


def _check_rows(product: Product, document: Document) -> None:
    """Whatever a rule names must be there. Raises `Refused`."""
    for condition in document.conditions:
        _check_condition(product, condition)
    if document.calendar:
        _known(WorkCalendar, product, [document.calendar], "when.calendar")
    for deed in document.then:
        _check_deed(product, deed)


_ROWS: dict[str, type[Model]] = {
    "category": Category,
    "team": Team,
    "segments": Segment,
    "tags": Tag,
    "hours": WorkCalendar,
}


def _check_condition(product: Product, condition: Condition) -> None:
    values = list(condition.values)
    if condition.field in _ROWS:
        wanted = [each for each in values if each or condition.field != "hours"]
        _known(_ROWS[condition.field], product, wanted, condition.field)
    elif condition.field == "owner":
        _members(product, values, "owner")
    elif FIELDS[condition.field].kind == "choice":
        _choice(condition.field, values, CHOICES[condition.field])


def _check_deed(product: Product, deed: Deed) -> None:
    kind = DEEDS[deed.do].value
    rows: dict[str, type[Model]] = {"category": Category, "team": Team, "macro": Macro}
    if kind in rows:
        _known(rows[kind], product, [deed.value], deed.do)
    elif kind == "owner":
        _members(product, [deed.value], "owner")
    elif kind == "number":
        if not Ticket.objects.filter(product=product, number=deed.value).exists():
            raise _unknown(deed.do, [deed.value])
    elif kind == "requirement":
        if not Requirement.objects.filter(product=product, number=deed.value).exists():
            raise _unknown(deed.do, [deed.value])
    elif kind in SETTABLE:
        _choice(kind, [deed.value], SETTABLE[kind])
    check_variables(deed.text)
    _members(product, deed.members, "members")
    _known(Channel, product, deed.channels, "channels")


def _known(model: Any, product: Product, keys: Iterable[int], name: str) -> None:
    wanted = set(keys)
    rows = model.objects.filter(product=product, pk__in=wanted)
    missing = wanted - set(rows.values_list("pk", flat=True))
    if missing:
        raise _unknown(name, missing)


def _members(product: Product, keys: Iterable[int], name: str) -> None:
    wanted = set(keys)
    found = members_with(Permission.HANDLE_TICKETS, product, wanted) if wanted else []
    if len(found) != len(wanted):
        raise _unknown(name, wanted - {each.pk for each in found})


def _choice(name: str, values: Iterable[str], known: Iterable[str]) -> None:
    listed = list(known)
    for each in values:
        if each not in listed:
            raise _refused(
                f"{name} 应为以下之一：{', '.join(listed)}；实际为 {each[:40]!r}。",
                f"{name} is one of {', '.join(listed)}; got {each[:40]!r}.",
                "rule_choice_unknown",
                CHOOSE_ONE,
            )


def _unknown(name: str, missing: Iterable[int]) -> Refused:
    shown = ", ".join(str(each) for each in sorted(missing)[:10])
    return _refused(
        f"规则的 {name} 应为这个产品中已有的编号；没有 {shown}。",
        f"{name} of the rule names what is there in this product; there is no {shown}.",
        "rule_target_unknown",
        Words(
            "它可能已删除：请在规则编辑页重新选择，可用的选项都列在那里。",
            "It may have been deleted: choose anew in the rule’s editor, which lists what there is.",
        ),
    )


def _refused(zh: str, en: str, code: str, hint: Words) -> Refused:
    return Refused(Words(zh, en), code=code, hint=hint)
