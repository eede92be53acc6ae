"""Writes: alerts. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from userops.alerts.evaluating import tell_test
from userops.alerts.judging import judge_at
from userops.alerts.models import Alert, Base, Kind, Rule, Sensitivity, Side
from userops.alerts.reading import check_line, read, trend_of
from userops.analyses.answering import Source
from userops.errors import NotFound, Refused
from userops.insights.actions import visible
from userops.insights.models import SavedAnalysis
from userops.notices.models import Channel
from userops.words import Words
from userops.workspace.access import check, members_with
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission

MOST = 500
"""Alerts of one product."""
LONGEST_NAME = 200
LONGEST_WAIT = 24 * 60
LONGEST_SNOOZE = timedelta(days=366)
_CHOICES = {"kind": Kind, "rule": Rule, "base": Base, "side": Side, "sensitivity": Sensitivity}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an alert should be. `limit` is a share (0.2: 20%) for the rules rise, fall and change."""

    name: str
    series: int = 0
    breakdown: Mapping[str, str] = field(default_factory=dict)
    kind: str = Kind.ANOMALY
    rule: str = Rule.BELOW
    limit: float = 0
    base: str = Base.PREVIOUS
    side: str = Side.BOTH
    sensitivity: str = Sensitivity.NORMAL
    wait_minutes: int = 10
    mail: bool = False
    members: tuple[int, ...] = ()
    channels: tuple[int, ...] = ()


@transaction.atomic
def create_alert(analysis: SavedAnalysis, wanted: Wanted, *, acting_user: User) -> Alert:
    """Watch a line of a saved trend. Raises `Refused`, `NotFound`."""
    check(acting_user, analysis.product, Permission.ANALYSE)
    if not visible(analysis, acting_user):
        raise _no_analysis()
    if Alert.objects.filter(product=analysis.product).count() >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 条告警。", f"A product has at most {MOST} alerts."),
            code="too_many_alerts",
        )
    alert = Alert(product=analysis.product, analysis=analysis, owner=acting_user)
    _set(alert, wanted)
    _noted(acting_user, "alert.created", alert)
    return alert


@transaction.atomic
def change_alert(alert: Alert, wanted: Wanted, *, acting_user: User) -> Alert:
    """Watch it in another way. What was outside by the old way is forgotten."""
    _may(acting_user, alert)
    before = _way(alert)
    _set(alert, wanted)
    if _way(alert) != before:
        alert.outside_since, alert.told = "", False
        alert.save(update_fields=["outside_since", "told"])
    _noted(acting_user, "alert.changed", alert)
    return alert


@transaction.atomic
def delete_alert(alert: Alert, *, acting_user: User) -> None:
    _may(acting_user, alert)
    _noted(acting_user, "alert.deleted", alert)
    alert.delete()


@transaction.atomic
def switch_alert(alert: Alert, *, active: bool, acting_user: User) -> Alert:
    """Stop watching, or watch again from now on."""
    _may(acting_user, alert)
    alert.active = active
    if active:
        # what ended meanwhile was not to be watched
        alert.judged_to, alert.next_due = None, datetime.now(UTC)
    alert.outside_since, alert.told = "", False
    alert.save(update_fields=["active", "judged_to", "next_due", "outside_since", "told"])
    _noted(acting_user, "alert.switched", alert, active=active)
    return alert


@transaction.atomic
def snooze_alert(alert: Alert, *, until: datetime | None, acting_user: User) -> Alert:
    """Watch on, but tell nobody until then; None ends it. Raises `Refused`."""
    _may(acting_user, alert)
    now = datetime.now(UTC)
    if until is not None and not now < until <= now + LONGEST_SNOOZE:
        raise Refused(
            Words(
                "静音的结束时间应在未来一年以内。", "A snooze ends in the future, within a year."
            ),
            code="snooze_invalid",
        )
    alert.snoozed_until = until
    alert.save(update_fields=["snoozed_until"])
    _noted(acting_user, "alert.snoozed", alert, until=until and until.isoformat("T", "minutes"))
    return alert


def _may(user: User, alert: Alert) -> None:
    check(user, alert.product, Permission.ANALYSE)
    if not visible(alert.analysis, user):
        raise _no_analysis()


def _no_analysis() -> NotFound:
    return NotFound(
        Words("没有这个已存分析。", "There is no such saved analysis."), code="analysis_not_found"
    )


def _set(alert: Alert, wanted: Wanted) -> None:
    trend = trend_of(alert.analysis.document)
    breakdown = {str(name): str(value) for name, value in wanted.breakdown.items()}
    check_line(trend, wanted.series, breakdown)
    for name, choices in _CHOICES.items():
        setattr(alert, name, _choice(name, getattr(wanted, name), choices.values))
    alert.name = name_of(wanted.name, LONGEST_NAME)
    alert.series, alert.breakdown = wanted.series, breakdown
    alert.limit = _limit(wanted)
    alert.wait_minutes = _wait(wanted.wait_minutes)
    alert.mail = wanted.mail
    members = _members(alert, wanted.members)
    channels = _channels(alert, wanted.channels)
    alert.next_due = datetime.now(UTC)
    alert.save()
    alert.members.set(members)
    alert.channels.set(channels)


def _choice(name: str, value: str, known: list[str]) -> str:
    if value not in known:
        listed = ", ".join(known)
        raise Refused(
            Words(
                f"{name} 应为以下之一：{listed}；实际为 {str(value)[:40]!r}。",
                f"{name} must be one of {listed}; got {str(value)[:40]!r}.",
            ),
            code="alert_choice_unknown",
        )
    return value


def _limit(wanted: Wanted) -> float:
    relative = wanted.rule in (Rule.RISE, Rule.FALL, Rule.CHANGE)
    good = math.isfinite(wanted.limit) and abs(wanted.limit) < 1e15
    if wanted.kind == Kind.THRESHOLD and (not good or (relative and wanted.limit <= 0)):
        raise Refused(
            Words(
                "界限应为数字；变化幅度应大于 0。",
                "The limit must be a number; a change must be more than 0.",
            ),
            code="alert_limit_invalid",
        )
    return float(wanted.limit) if good else 0.0


def _wait(minutes: int) -> int:
    if not 0 <= minutes <= LONGEST_WAIT:
        raise Refused(
            Words(
                f"等待时间应为 0 到 {LONGEST_WAIT} 分钟。",
                f"The wait must be 0 to {LONGEST_WAIT} minutes.",
            ),
            code="alert_wait_invalid",
        )
    return minutes


def _members(alert: Alert, keys: Iterable[int]) -> list[User]:
    """Who may see the trend. Raises `Refused` for another one."""
    seeing = members_with(Permission.VIEW, alert.product, keys)
    allowed = [user for user in seeing if visible(alert.analysis, user)]
    if len(allowed) < len(set(keys)):
        raise Refused(
            Words(
                "有成员看不到这个分析，不能通知他们。",
                "Some of these members cannot see this analysis and are not told of it.",
            ),
            code="alert_member_unknown",
            hint=Words("请先共享这个分析。", "Share the analysis first."),
        )
    return allowed


def _channels(alert: Alert, keys: Iterable[int]) -> list[Channel]:
    wanted = set(keys)
    found = list(Channel.objects.filter(product=alert.product, pk__in=wanted))
    if len(found) < len(wanted):
        raise Refused(
            Words("没有这个通知渠道。", "There is no such channel."), code="channel_not_found"
        )
    if found and not alert.analysis.shared:
        raise Refused(
            Words("仅自己可见的分析不能发到渠道。", "A private analysis is not sent to channels."),
            code="alert_private",
            hint=Words("请先共享这个分析。", "Share the analysis first."),
        )
    return found


def _way(alert: Alert) -> tuple[Any, ...]:
    return (
        alert.series, alert.breakdown, alert.kind, alert.rule, alert.limit, alert.base, alert.side,
        alert.sensitivity,
    )  # fmt: skip


def _noted(user: User, action: str, alert: Alert, **details: Any) -> None:
    note(user, action, product=alert.product, target=alert.name, **details)


def test_alert(alert: Alert, source: Source, *, acting_user: User) -> None:
    """Send everybody what would be told of the newest period, marked as a test."""
    _may(acting_user, alert)
    now = datetime.now(UTC)
    reading = read(alert, source, now)
    last = len(reading.periods) - 1
    found = judge_at(alert, reading, last).verdicts if last >= 0 else ()
    _noted(acting_user, "alert.tested", alert)
    tell_test(alert, reading, found[0] if found else None, now)


test_alert.__test__ = False  # type: ignore[attr-defined]
