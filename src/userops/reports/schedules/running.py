"""Carry out what is due: build the report, write its files, send them; each once.

A run is claimed before it is worked on, so no two workers have it. Its mails stand in an outbox first:
what failed is tried again later and later; of what broke on the way nobody knows, and only a person
sends it again.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from userops.calendars.reading import calendar_of
from userops.errors import NotAllowed, StoreFailed, UserOpsError
from userops.events.store import Store
from userops.events.tasks import stopping
from userops.notices.mailing import MailAmbiguousError
from userops.notices.outbox import BACK_OFF
from userops.notices.telling import Message, tell
from userops.reports.actions import create_report
from userops.reports.building import BuildStopped, build
from userops.reports.models import Issue, Status
from userops.reports.periods import period_of
from userops.reports.schedules import files
from userops.reports.schedules.mailing import send
from userops.reports.schedules.models import Dispatch, Run, Schedule
from userops.reports.schedules.telling import mail_of, message_of
from userops.reports.schedules.timing import missed, next_due, period_before, written
from userops.words import Words

log = logging.getLogger("userops.reports")
_STOPPED = Words(
    "服务中断时正在发送，可能已送达。", "The server stopped while it was sent: it may have arrived."
)
LEASE = timedelta(minutes=30)
"""A run whose work was cut short by a crash is taken up again after this."""
READY = (Status.DRAFT, Status.REVIEW, Status.ISSUED)


def plan_due(now: datetime) -> list[Run]:
    """The runs of schedules that are due; of several periods that were missed only the last."""
    made = []
    due = Schedule.objects.filter(active=True, next_due__lte=now).select_related("product")
    for schedule in due:
        with transaction.atomic():
            days, zone, rule = calendar_of(schedule.product), schedule.zone, schedule.rule
            planned = missed(rule, schedule.next_due, now, zone, days)
            period = written(period_before(rule.about, planned.astimezone(zone).date()))
            run, fresh = Run.objects.get_or_create(
                schedule=schedule, period=period, defaults={"planned": planned, "due": now}
            )
            schedule.next_due = next_due(rule, max(now, planned), zone, days)
            schedule.save(update_fields=["next_due"])
        if fresh:
            made.append(run)
    return made


def carry_out_due(store: Store, now: datetime | None = None) -> int:
    """Work on the runs that are due; answers how many."""
    moment = now or datetime.now(UTC)
    plan_due(moment)
    open_states = [Run.State.WAITING, Run.State.BUILDING, Run.State.SENDING]
    due = Run.objects.filter(due__lte=moment, state__in=open_states).order_by("due", "pk")
    done = 0
    for key in list(due.values_list("pk", flat=True)):
        if stopping.is_set():
            break
        if _claim(key, moment):
            carry_out(Run.objects.select_related("schedule__product").get(pk=key), store, moment)
            done += 1
    return done


def _claim(key: int, now: datetime) -> bool:
    """Make a run this worker's own, until its lease ends."""
    mine = Q(pk=key, due__lte=now) & ~Q(state__in=[Run.State.DONE, Run.State.FAILED])
    return bool(Run.objects.filter(mine).update(due=now + LEASE))


def carry_out(run: Run, store: Store, now: datetime) -> None:
    """One claimed run, as far as it goes."""
    try:
        if run.state != Run.State.SENDING:
            _prepare(run, store, now)
        _send_all(run, now)
    except BuildStopped:
        run.due = now  # the server stops: it goes on when it starts again
        run.save(update_fields=["due"])
    except UserOpsError as wrong:
        _failed(run, wrong, now)


def _prepare(run: Run, store: Store, now: datetime) -> None:
    """Build the report and its files, then write down to whom they go."""
    run.state, run.tries = Run.State.BUILDING, run.tries + 1
    run.save(update_fields=["state", "tries"])
    run.issue = _issue(run, store)
    run.files = files.write(run)
    with transaction.atomic():
        run.state, run.error = Run.State.SENDING, None
        run.save()
        _post(run, now)


def _issue(run: Run, store: Store) -> Issue:
    """The newest finished issue of this period, else one built now in the owner's name."""
    schedule, period = run.schedule, period_of(run.period)
    rows = Issue.objects.filter(
        report__product=schedule.product,
        report__kind=schedule.kind,
        report__first=period.first,
        report__last=period.last,
    )
    found = rows.filter(status__in=READY).order_by("-report", "-number")
    signed = found.filter(status=Status.ISSUED).first()
    if signed is not None:
        return signed
    if run.issue is not None and run.issue.status == Status.BUILDING:
        return build(run.issue, store)
    if (ready := found.first()) is not None:
        return ready
    if schedule.owner is None or not schedule.owner.is_active:
        raise NotAllowed(
            Words(
                "计划的负责人已离开，请由在职成员重新保存此计划。",
                "The owner of this schedule has left: somebody else must save it.",
            ),
            code="schedule_without_owner",
        )
    run.issue = create_report(
        schedule.product, schedule.kind, run.period, acting_user=schedule.owner
    )
    run.save(update_fields=["issue"])
    return build(run.issue, store)


def _post(run: Run, now: datetime) -> None:
    """The outbox of a run, in the transaction in which its files count."""
    schedule = run.schedule
    message = message_of(run)
    members, channels = list(schedule.members.all()), list(schedule.channels.filter(active=True))
    own = run.files
    for user in members:
        language = "en" if user.language == "en" else "zh"
        _outbox(run, user.email, language, now, user=user)
    for address in schedule.addresses:
        _outbox(run, address, schedule.languages[0], now)
    for channel in channels:
        Dispatch.objects.get_or_create(
            run=run,
            to=f"#{channel.pk} {channel.name}"[:254],
            defaults={
                "channel": channel, "language": channel.language, "due": now, "sent": now,
                "state": Dispatch.State.HANDED, "files": [],
            },
        )  # fmt: skip
    log.info("report run %s: %d files to %d readers", run.pk, len(own), run.dispatches.count())
    # its own outbox sends it once, with back-off
    tell(schedule.product, message, members=members, channels=channels)


def _outbox(run: Run, to: str, language: str, now: datetime, **more: object) -> None:
    offered = run.schedule.languages
    spoken = language if language in offered else offered[0]
    sent = [each for each in run.files if each["language"] == spoken] if run.schedule.attach else []
    told = [{"name": each["name"], "sha256": each["sha256"]} for each in sent]
    Dispatch.objects.get_or_create(
        run=run, to=to, defaults={"language": spoken, "due": now, "files": told, **more}
    )


def _send_all(run: Run, now: datetime) -> None:
    """All mails that are due; the run is done when none is open any more."""
    # a mail that was being sent when the server died may have gone out
    run.dispatches.filter(state=Dispatch.State.SENDING, due__lte=now).update(
        state=Dispatch.State.UNKNOWN,
        error=_STOPPED.as_dict(),
    )
    for dispatch in run.dispatches.filter(state=Dispatch.State.WAITING, due__lte=now):
        if stopping.is_set():
            break
        _send(dispatch, now)
    waiting = run.dispatches.filter(state=Dispatch.State.WAITING).order_by("due").first()
    if waiting is not None:
        run.due = waiting.due
    else:
        run.state, run.ended = Run.State.DONE, datetime.now(UTC)
    run.save(update_fields=["due", "state", "ended"])


def _send(dispatch: Dispatch, now: datetime) -> None:
    """Claim, send, note how it went."""
    rows = Dispatch.objects.filter(pk=dispatch.pk, state=Dispatch.State.WAITING)
    if not rows.update(state=Dispatch.State.SENDING, due=now + LEASE, tries=dispatch.tries + 1):
        return
    dispatch.refresh_from_db()
    try:
        subject, body = mail_of(dispatch)
        name = f"report-run-{dispatch.run_id}-{dispatch.pk}-{dispatch.created:%Y%m%d%H%M%S}"
        send(dispatch.to, subject, body, files.attached(dispatch), name=name)
    except UserOpsError as wrong:
        dispatch.error = wrong.words.as_dict()
        again = isinstance(wrong, StoreFailed) and dispatch.tries <= len(BACK_OFF)
        if again:
            dispatch.state = Dispatch.State.WAITING
            dispatch.due = now + BACK_OFF[dispatch.tries - 1]
        else:
            ambiguous = isinstance(wrong, MailAmbiguousError)
            dispatch.state = Dispatch.State.UNKNOWN if ambiguous else Dispatch.State.FAILED
        log.warning("report mail %s not sent (try %d): %s", dispatch.pk, dispatch.tries, wrong.code)
    else:
        dispatch.state, dispatch.sent, dispatch.error = Dispatch.State.SENT, datetime.now(UTC), None
    dispatch.save()


def _failed(run: Run, wrong: UserOpsError, now: datetime) -> None:
    run.error = wrong.words.as_dict()
    if isinstance(wrong, StoreFailed) and run.tries <= len(BACK_OFF):
        run.state, run.due = Run.State.WAITING, now + BACK_OFF[run.tries - 1]
    else:
        run.state, run.ended = Run.State.FAILED, datetime.now(UTC)
        owner = [run.schedule.owner] if run.schedule.owner else []
        tell(run.schedule.product, _trouble(run, wrong), members=owner)
    run.save()
    log.warning("report run %s failed (try %d): %s", run.pk, run.tries, wrong.code)


def _trouble(run: Run, wrong: UserOpsError) -> Message:
    name = run.schedule.name
    title = Words(f"报告计划“{name}”未能完成", f"The report schedule “{name}” failed")
    return Message(
        key=f"report-run:{run.pk}:failed", title=title, body=wrong.words, link=message_of(run).link,
        tone="bad",
    )  # fmt: skip
