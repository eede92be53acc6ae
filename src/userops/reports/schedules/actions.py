"""Writes: schedules, and runs by hand. Each checks the permission and leaves a log row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from userops.calendars.models import WorkCalendar
from userops.errors import Refused
from userops.events.models import Product
from userops.notices.models import Channel
from userops.publishing.exporters import EXPORTERS
from userops.reports.kinds import kind_of
from userops.reports.schedules.models import Dispatch, Run, Schedule, due_after
from userops.reports.schedules.timing import period_before, written
from userops.words import Words
from userops.workspace.access import check, members_with
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST, MOST_ADDRESSES = 50, 50
LANGUAGES = ("zh", "en")
"""The first language is that of addresses outside; members are written to in their own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a schedule is to be; `members` and `channels` by id."""

    name: str
    kind: str
    cadence: str = "monthly"
    about: str = "month"
    weekday: int = 0
    day: int = 1
    at: time = time(9)
    shift: bool = True
    formats: Sequence[str] = ("docx", "pdf")
    languages: Sequence[str] = ("zh",)
    attach: bool = True
    members: Sequence[int] = ()
    addresses: Sequence[str] = ()
    channels: Sequence[int] = ()


@transaction.atomic
def create_schedule(product: Product, wanted: Wanted, *, acting_user: User) -> Schedule:
    """Raises `Refused` with what is wrong."""
    check(acting_user, product, Permission.WRITE_REPORTS)
    if Schedule.objects.filter(product=product).count() >= MOST:
        raise _refused(
            f"每个产品最多 {MOST} 个报告计划。",
            f"A product has at most {MOST} schedules.",
            "too_many_schedules",
        )
    made = Schedule(product=product, owner=acting_user, next_due=datetime.now(UTC))
    _write(made, wanted)
    _noted(acting_user, "schedule.created", made, **_told(wanted))
    return made


@transaction.atomic
def change_schedule(schedule: Schedule, wanted: Wanted, *, acting_user: User) -> Schedule:
    """All of it. Periods that were sent stay sent."""
    check(acting_user, schedule.product, Permission.WRITE_REPORTS)
    _write(schedule, wanted)
    _noted(acting_user, "schedule.changed", schedule, **_told(wanted))
    return schedule


@transaction.atomic
def pause(schedule: Schedule, *, acting_user: User) -> Schedule:
    """Nothing more is built or sent by itself."""
    check(acting_user, schedule.product, Permission.WRITE_REPORTS)
    schedule.active = False
    schedule.save(update_fields=["active"])
    _noted(acting_user, "schedule.paused", schedule)
    return schedule


@transaction.atomic
def resume(schedule: Schedule, *, acting_user: User) -> Schedule:
    """Go on with the next due time; what was due meanwhile is not made up for."""
    check(acting_user, schedule.product, Permission.WRITE_REPORTS)
    schedule.active, schedule.next_due = True, due_after(schedule, datetime.now(UTC))
    schedule.save(update_fields=["active", "next_due"])
    _noted(acting_user, "schedule.resumed", schedule)
    return schedule


@transaction.atomic
def delete_schedule(schedule: Schedule, *, acting_user: User) -> None:
    """The reports that it made stay."""
    check(acting_user, schedule.product, Permission.WRITE_REPORTS)
    _noted(acting_user, "schedule.deleted", schedule)
    schedule.delete()


@transaction.atomic
def run_now(schedule: Schedule, *, acting_user: User) -> Run:
    """Build and send the last whole period now. Raises `Refused` when that was done before."""
    check(acting_user, schedule.product, Permission.WRITE_REPORTS)
    now = datetime.now(UTC)
    period = written(period_before(schedule.rule.about, now.astimezone(schedule.zone).date()))
    run, fresh = Run.objects.get_or_create(
        schedule=schedule, period=period, defaults={"planned": now, "due": now, "by": acting_user}
    )
    if not fresh and run.state == Run.State.FAILED:
        run.state, run.due, run.tries, run.error = Run.State.WAITING, now, 0, None
        run.save()
    elif not fresh:
        raise _refused(
            f"{period} 的报告已由此计划处理，不会重复发送。",
            f"This schedule has taken care of {period} already; it is not sent twice.",
            "period_already_sent",
        )
    _noted(acting_user, "schedule.run", schedule, period=period)
    return run


@transaction.atomic
def send_again(dispatch: Dispatch, *, acting_user: User) -> Dispatch:
    """Try a mail again that failed, or of which nobody knows whether it arrived: a person decides that."""
    schedule = dispatch.run.schedule
    check(acting_user, schedule.product, Permission.WRITE_REPORTS)
    if dispatch.state not in (Dispatch.State.FAILED, Dispatch.State.UNKNOWN):
        raise _refused(
            "这封邮件已发送或正在发送。", "This mail is sent, or on its way.", "dispatch_not_open"
        )
    dispatch.state, dispatch.due, dispatch.tries = Dispatch.State.WAITING, datetime.now(UTC), 0
    dispatch.save()
    Run.objects.filter(pk=dispatch.run_id).update(
        state=Run.State.SENDING, due=datetime.now(UTC), ended=None
    )
    _noted(acting_user, "schedule.sent_again", schedule, to=dispatch.to, period=dispatch.run.period)
    return dispatch


def follow_calendar(calendar: WorkCalendar) -> None:
    """The due times of all schedules follow the product's standard calendar."""
    for schedule in Schedule.objects.filter(product=calendar.product, active=True):
        schedule.next_due = due_after(schedule, datetime.now(UTC))
        schedule.save(update_fields=["next_due"])


def _write(schedule: Schedule, wanted: Wanted) -> None:
    product = schedule.product
    name = name_of(wanted.name, 100)
    _one_of("cadence", wanted.cadence, Schedule.Cadence.values)
    _one_of("about", wanted.about, Schedule.About.values)
    _some_of("formats", wanted.formats, list(EXPORTERS))
    _some_of("languages", wanted.languages, LANGUAGES)
    if not 0 <= wanted.weekday <= 6 or not 1 <= wanted.day <= 31:
        raise _refused(
            "weekday 应为 0 到 6，day 应为 1 到 31。",
            "weekday is 0 to 6, day is 1 to 31.",
            "schedule_day",
        )
    members, channels = _members(product, wanted.members), _channels(product, wanted.channels)
    addresses = _addresses(wanted.addresses)
    if not members and not channels and not addresses:
        raise _refused(
            "请至少选择一位成员、一个邮箱或一个通知渠道。",
            "Choose at least one member, address or channel.",
            "schedule_without_readers",
        )
    schedule.name, schedule.kind = name, kind_of(wanted.kind).name
    schedule.about, schedule.cadence = wanted.about, wanted.cadence
    schedule.weekday, schedule.day, schedule.at = wanted.weekday, wanted.day, wanted.at
    schedule.shift, schedule.attach = wanted.shift, wanted.attach
    schedule.formats = [each for each in EXPORTERS if each in wanted.formats]
    schedule.languages = list(dict.fromkeys(wanted.languages))
    schedule.addresses = addresses
    schedule.next_due = due_after(schedule, datetime.now(UTC))
    schedule.save()
    schedule.members.set(members)
    schedule.channels.set(channels)


def _members(product: Product, keys: Sequence[int]) -> list[User]:
    seeing = members_with(Permission.VIEW, product, keys)
    if len(seeing) != len(set(keys)):
        raise _refused(
            "有成员不存在，或看不到这个产品。",
            "A member is not there, or does not see this product.",
            "member_unknown",
        )
    return seeing


def _channels(product: Product, keys: Sequence[int]) -> list[Channel]:
    found = list(Channel.objects.filter(pk__in=keys, product=product))
    if len(found) != len(set(keys)):
        raise _refused(
            "有通知渠道不属于这个产品。", "A channel is not of this product.", "channel_unknown"
        )
    return found


def _addresses(given: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(each.strip().lower() for each in given if each.strip()))
    if len(found) > MOST_ADDRESSES:
        raise _refused(
            f"最多 {MOST_ADDRESSES} 个邮箱。",
            f"At most {MOST_ADDRESSES} addresses.",
            "too_many_addresses",
        )
    for each in found:
        try:
            validate_email(each)
        except ValidationError:
            raise _refused(
                f"邮箱 {each[:60]!r} 不正确。",
                f"{each[:60]!r} is no mail address.",
                "address_invalid",
            ) from None
    return found


def _one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise _refused(
            f"{name} 应为以下之一：{', '.join(known)}；实际为 {value[:40]!r}。",
            f"{name} must be one of {', '.join(known)}; got {value[:40]!r}.",
            f"schedule_{name}",
        )


def _some_of(name: str, values: Sequence[str], known: Sequence[str]) -> None:
    if not values or any(each not in known for each in values):
        raise _refused(
            f"{name} 应取自：{', '.join(known)}，至少一个。",
            f"{name} must be some of {', '.join(known)}, at least one.",
            f"schedule_{name}",
        )


def _refused(zh: str, en: str, code: str) -> Refused:
    return Refused(Words(zh, en), code=code)


def _told(wanted: Wanted) -> dict[str, Any]:
    return {name: str(value) for name, value in asdict(wanted).items() if name != "name"}


def _noted(user: User, action: str, schedule: Schedule, **details: Any) -> None:
    note(user, action, product=schedule.product, target=schedule.name, **details)
