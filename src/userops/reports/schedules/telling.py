"""What readers are told, and what a dry run says would happen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from userops.calendars.reading import calendar_of
from userops.notices.telling import Message, absolute, mail_is_set_up
from userops.reports.kinds import kind_of
from userops.reports.models import Status
from userops.reports.periods import period_of
from userops.reports.schedules.files import link_of
from userops.reports.schedules.models import Dispatch, Run, Schedule
from userops.reports.schedules.timing import period_before, written
from userops.words import Words


def title_of(run: Run) -> Words:
    """`用户分析报告 · 2026 年 9 月`."""
    kind, period = kind_of(run.schedule.kind).words, period_of(run.period).words
    return Words(f"{kind.zh} · {period.zh}", f"{kind.en} · {period.en}")


def message_of(run: Run) -> Message:
    """For members' lists and robots: what there is, and where."""
    signed = run.issue is not None and run.issue.status == Status.ISSUED
    state = (
        Words("已签发", "issued")
        if signed
        else Words("草稿，尚未审核", "a draft, not reviewed yet")
    )
    title = title_of(run)
    body = Words(f"{title.zh}已生成（{state.zh}）。", f"{title.en} is there ({state.en}).")
    return Message(f"report-run:{run.pk}", title, body, link_of(run))


def mail_of(dispatch: Dispatch) -> tuple[str, str]:
    """Subject and text of one mail."""
    run, language = dispatch.run, dispatch.language
    message, product = message_of(run), run.schedule.product
    lines = [message.body.text(language)]
    if dispatch.files:
        lines.append(Words("附件：", "Attached:").text(language))
        lines += [f"- {each['name']}" for each in dispatch.files]
    lines.append(Words("在线查看：", "Online: ").text(language) + absolute(message.link))
    told = Words(
        f"此邮件由报告计划“{run.schedule.name}”发送。",
        f"Sent by the report schedule “{run.schedule.name}”.",
    )
    if run.issue is not None:
        lines.append(Words("快照：", "Snapshot: ").text(language) + run.issue.snapshot)
    return f"[{product.name}] {message.title.text(language)}", "\n".join(
        [*lines, "", told.text(language)]
    )


def dry_run(schedule: Schedule, now: datetime | None = None) -> dict[str, Any]:
    """What the next run would do; nothing is built or sent."""
    due = max(schedule.next_due, now or datetime.now(UTC))
    local = due.astimezone(schedule.zone)
    days = calendar_of(schedule.product)
    period = written(period_before(schedule.rule.about, local.date()))
    done = schedule.runs.filter(period=period).first()
    return {
        "due": due.isoformat(timespec="minutes"),
        "local": f"{local:%Y-%m-%d %H:%M}",
        "period": period,
        "sent_before": bool(done),
        "calendar_certain": days.certain(local.date()),
        "working_day": days.working(local.date()),
        "files": [
            f"{each}.{language}" for language in schedule.languages for each in schedule.formats
        ],
        "attached": schedule.attach,
        "mail": [*(each.email for each in schedule.members.all()), *schedule.addresses],
        "mail_is_set_up": mail_is_set_up(),
        "channels": [each.name for each in schedule.channels.filter(active=True)],
    }


def schedule_line(schedule: Schedule) -> dict[str, Any]:
    """One schedule as JSON."""
    last = schedule.runs.first()
    return {
        "id": schedule.pk,
        "name": schedule.name,
        "kind": schedule.kind,
        "cadence": schedule.cadence,
        "about": schedule.about,
        "weekday": schedule.weekday,
        "day": schedule.day,
        "at": f"{schedule.at:%H:%M}",
        "shift": schedule.shift,
        "formats": schedule.formats,
        "languages": schedule.languages,
        "attach": schedule.attach,
        "members": [each.pk for each in schedule.members.all()],
        "addresses": schedule.addresses,
        "channels": [each.pk for each in schedule.channels.all()],
        "active": schedule.active,
        "next_due": schedule.next_due.isoformat(timespec="seconds"),
        "last_run": run_line(last) if last else None,
    }


def run_line(run: Run) -> dict[str, Any]:
    """One run with what went to whom."""
    return {
        "id": run.pk,
        "period": run.period,
        "state": run.state,
        "tries": run.tries,
        "error": run.error,
        "report": run.issue.report_id if run.issue else None,
        "version": run.issue.number if run.issue else None,
        "files": run.files,
        "sent": [
            {
                "id": each.pk,
                "to": each.to,
                "state": each.state,
                "tries": each.tries,
                "error": each.error,
                "files": each.files,
                "at": each.sent.isoformat(timespec="seconds") if each.sent else None,
            }
            for each in run.dispatches.all()
        ],
        "created": run.created.isoformat(timespec="seconds"),
    }
