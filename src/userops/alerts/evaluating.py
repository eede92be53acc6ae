"""Judge the periods that are over, each once, and tell who should know."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from userops.alerts import explaining, messages
from userops.alerts.judging import Judgement, Verdict, judge_at
from userops.alerts.models import Alert, Check
from userops.alerts.reading import Reading, read
from userops.analyses.answering import Source
from userops.errors import UserOpsError
from userops.events.tasks import stopping
from userops.insights.actions import visible
from userops.notices.telling import Message, tell
from userops.query.dates import UNIT_WORDS, add_units, midnight, start_of
from userops.stats.bands import TooLittleHistory
from userops.words import Words

log = logging.getLogger("userops.alerts")
CATCH_UP: dict[str, int] = {"hour": 24, "day": 7, "week": 4, "month": 3, "quarter": 2, "year": 1}
"""Periods that are judged afterwards when nobody could when they ended; older ones are passed over."""
AGAIN = timedelta(minutes=10)
"""When an alert is looked at next that could not be judged, or whose judging a crash cut short."""
_UNITS = {
    "hour": "小时",
    "day": "天",
    "week": "周",
    "month": "个月",
    "quarter": "个季度",
    "year": "年",
}
"""After a number, in Chinese."""
Event, Outcome = Check.Event, Check.Outcome


def evaluate_due(source: Source, now: datetime | None = None) -> int:
    """Look at the alerts that are due; answers how many. Each is claimed first: no two workers judge it."""
    now = now or datetime.now(UTC)
    due = Q(active=True, next_due__lte=now)
    looked = 0
    for key in list(Alert.objects.filter(due).order_by("next_due").values_list("pk", flat=True)):
        if stopping.is_set():
            break
        if Alert.objects.filter(due, pk=key).update(next_due=now + AGAIN):
            evaluate(Alert.objects.select_related("product", "analysis").get(pk=key), source, now)
            looked += 1
    return looked


def evaluate(alert: Alert, source: Source, now: datetime) -> list[Check]:
    """Judge what is over and was not judged yet; answers the new checks, oldest first."""
    try:
        reading = read(alert, source, now)
    except UserOpsError as wrong:
        _note_problem(alert, wrong.words, now + AGAIN)
        return []
    except Exception:
        log.exception("alert %s could not be judged", alert.pk)
        words = Words("告警检查出错，稍后重试。", "The check failed and is tried again.")
        _note_problem(alert, words, now + AGAIN)
        return []
    made: list[Check] = []
    lacking: TooLittleHistory | None = None
    for at in _pending(alert, reading):
        judgement = judge_at(alert, reading, at)
        lacking = judgement.lacking
        told = _places(alert, judgement, source)  # it may take a while, and nothing is locked yet
        check = _settle(alert, reading, at, judgement, now, told)
        if check is not None:
            made.append(check)
    _settled(alert, reading, lacking, now)
    return made


def _pending(alert: Alert, reading: Reading) -> list[int]:
    """Places of the finished periods to judge: of a new alert the last one only."""
    places = range(len(reading.periods))
    if alert.judged_to is None:
        return list(places)[-1:]
    done = round(alert.judged_to.timestamp() * 1000)
    return [at for at in places if reading.periods[at].end > done][-CATCH_UP[reading.unit] :]


def _places(alert: Alert, judgement: Judgement, source: Source) -> Words | None:
    """Where a figure moved that fires now."""
    if alert.outside_since or not judgement.verdicts:
        return None
    verdict = judgement.verdicts[0]
    if verdict.outcome != Outcome.OUTSIDE:
        return None
    return explaining.places(alert, verdict.period.key(), source)


@transaction.atomic
def _settle(
    alert: Alert,
    reading: Reading,
    at: int,
    judgement: Judgement,
    now: datetime,
    places: Words | None,
) -> Check | None:
    """Write one verdict, the alert's new state and what is told: all or nothing, and once."""
    if not judgement.verdicts:
        return None
    verdict = judgement.verdicts[0]
    check, fresh = Check.objects.get_or_create(
        alert=alert, period=verdict.period.key(), defaults=_facts(verdict)
    )
    if not fresh:
        return None
    since = alert.outside_since
    if verdict.outcome == Outcome.OUTSIDE:
        if not since:
            since, check.event = verdict.period.key(), Event.FIRED
            alert.outside_since, alert.told = since, False
        check.told = not alert.told and not alert.snoozed(now)
        alert.told = alert.told or check.told
    elif verdict.outcome == Outcome.INSIDE and since:
        check.event, check.told = Event.RECOVERED, alert.told and not alert.snoozed(now)
        alert.outside_since, alert.told = "", False
    check.save(update_fields=["event", "told"])
    alert.judged_to = check.ended
    alert.save(update_fields=["outside_since", "told", "judged_to"])
    if check.told:
        _tell(alert, messages.of(alert, reading, verdict, since, check.event, places))
    return check


def _facts(verdict: Verdict) -> dict[str, object]:
    return {
        "ended": datetime.fromtimestamp(verdict.period.end / 1000, UTC),
        "value": verdict.value,
        "base": verdict.base,
        "low": verdict.low,
        "high": verdict.high,
        "outcome": verdict.outcome,
    }


def _tell(alert: Alert, message: Message) -> None:
    members = [user for user in alert.members.all() if visible(alert.analysis, user)]
    tell(
        alert.product,
        message,
        members=members,
        mail=alert.mail,
        channels=alert.channels.all() if alert.analysis.shared else (),
    )


def tell_test(alert: Alert, reading: Reading, verdict: Verdict | None, now: datetime) -> None:
    """Send everybody what would be told, marked as a test."""
    _tell(alert, messages.test(alert, reading, verdict, now))


def _settled(
    alert: Alert, reading: Reading, lacking: TooLittleHistory | None, now: datetime
) -> None:
    """When it is due next, and whether something keeps it from judging."""
    alert.problem = _too_little(lacking, reading).as_dict() if lacking else None
    alert.next_due = next_due(alert, reading, now)
    if reading.periods and (alert.judged_to is None or lacking):
        alert.judged_to = datetime.fromtimestamp(reading.periods[-1].end / 1000, UTC)
    alert.save(update_fields=["problem", "next_due", "judged_to"])


def _too_little(lacking: TooLittleHistory, reading: Reading) -> Words:
    zh, en = _UNITS[reading.unit], UNIT_WORDS[reading.unit].en
    return Words(
        f"历史数据还不够：需要 {lacking.needed} {zh}，现有 {lacking.got} {zh}，足够后会自动开始。",
        f"There is not enough history yet: {lacking.needed} {en}s are needed, {lacking.got} are "
        f"there. It begins by itself.",
    )


def next_due(alert: Alert, reading: Reading, now: datetime) -> datetime:
    """The end of the period that runs now, and the wait after it."""
    zone = ZoneInfo(alert.product.timezone)
    wait = timedelta(minutes=alert.wait_minutes)
    running = now - wait
    if reading.unit == "hour":
        following = running.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    else:
        day = start_of(running.astimezone(zone).date(), reading.unit)
        following = midnight(add_units(day, 1, reading.unit), zone)
    return following + wait


def _note_problem(alert: Alert, words: Words, again: datetime) -> None:
    alert.problem, alert.next_due = words.as_dict(), again
    alert.save(update_fields=["problem", "next_due"])
