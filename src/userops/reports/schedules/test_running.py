from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from userops.errors import NotAllowed, Refused, UserOpsError
from userops.notices.models import Notice
from userops.reports.models import Issue
from userops.reports.schedules import actions, files
from userops.reports.schedules.actions import Wanted
from userops.reports.schedules.models import Dispatch, Run, Schedule
from userops.reports.schedules.running import carry_out_due, plan_due
from userops.reports.schedules.telling import dry_run
from userops.workspace.models import LogEntry

MONDAY = datetime(2026, 9, 14, 1, 0, 30, tzinfo=UTC)
"""Half a minute after nine in Shanghai."""


def make_due(schedule: Schedule, at: datetime = MONDAY) -> None:
    schedule.next_due = at.replace(second=0)
    schedule.save()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def states(run: Run) -> dict[str, str]:
    return {each.to: each.state for each in run.dispatches.all()}


def later(**distance: int) -> datetime:
    return MONDAY + timedelta(**distance)


@pytest.fixture
def due(schedule: Schedule) -> Schedule:
    make_due(schedule)
    return schedule


def test_a_due_report_is_built_and_sent_once(
    store: Any, due: Schedule, chief: Any, post: Any
) -> None:
    assert carry_out_due(store, MONDAY) == 1
    run = Run.objects.get(schedule=due)
    assert (run.period, run.state) == ("2026-W37", "done")
    assert states(run) == {chief.email: "sent", "boss@example.com": "sent"}
    (mail,) = post.to("boss@example.com")
    told = {each["name"]: each["sha256"] for each in run.files if each["language"] == "zh"}
    got = {
        part.get_filename(): digest(part.get_payload(decode=True))
        for part in mail.iter_attachments()
    }
    assert got == told and len(told) == 2
    assert (
        "2026 年第 37 周" in mail["Subject"] and run.issue.snapshot in mail.get_body().get_content()
    )
    assert Notice.objects.filter(user=chief, key=f"report-run:{run.pk}").count() == 1
    assert run.issue.report.owner == due.owner
    # asked for again, also by a second worker and after a week's clock was set back: nothing more is sent
    make_due(due)
    assert carry_out_due(store, MONDAY) == 0
    assert carry_out_due(store, later(minutes=1)) == 0
    assert len(post.mails) == 2 and Issue.objects.count() == 1
    due.refresh_from_db()
    assert due.next_due == datetime(2026, 9, 21, 1, tzinfo=UTC)


def test_a_mail_that_was_refused_for_now_goes_later(store: Any, due: Schedule, post: Any) -> None:
    post.answers = ["451 busy", "451 busy"]
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    assert set(states(run).values()) == {"waiting"} and run.state == "sending"
    assert carry_out_due(store, later(seconds=30)) == 0
    carry_out_due(store, later(minutes=2))
    run.refresh_from_db()
    assert set(states(run).values()) == {"sent"} and run.state == "done"
    assert len(post.mails) == 2 and {each.tries for each in run.dispatches.all()} == {2}
    assert Issue.objects.count() == 1, "the report is not built anew for a second try"


def test_a_mail_that_is_refused_for_good_is_not_tried_again(
    store: Any, due: Schedule, post: Any
) -> None:
    post.answers = ["552 too big"]
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    assert sorted(states(run).values()) == ["failed", "sent"] and run.state == "done"
    assert carry_out_due(store, later(hours=9)) == 0
    assert "552" in run.dispatches.get(state="failed").error["zh"]


def test_after_a_broken_connection_nothing_is_sent_twice(
    store: Any, due: Schedule, owner: Any, post: Any
) -> None:
    post.answers = ["drop"]
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    assert sorted(states(run).values()) == ["sent", "unknown"] and run.state == "done"
    assert carry_out_due(store, later(days=1)) == 0 and len(post.mails) == 2
    # a person may decide to send it again; then it has the same message id
    open_ = run.dispatches.get(state="unknown")
    actions.pause(due, acting_user=owner)
    actions.send_again(open_, acting_user=owner)
    carry_out_due(store, datetime.now(UTC) + timedelta(minutes=1))
    first, again = post.to(open_.to)
    assert first["Message-ID"] == again["Message-ID"]
    with pytest.raises(Refused):
        actions.send_again(run.dispatches.get(pk=open_.pk), acting_user=owner)


def test_a_crash_while_sending_sends_nothing_twice(store: Any, due: Schedule, post: Any) -> None:
    post.answers = ["451 busy", "451 busy"]
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    first = run.dispatches.first()
    # the process died between the server's answer and the note of it
    Dispatch.objects.filter(pk=first.pk).update(state="sending", due=later(minutes=1))
    Run.objects.update(due=later(minutes=1))
    carry_out_due(store, later(minutes=40))
    assert sorted(states(run).values()) == ["sent", "unknown"]
    assert len(post.mails) == 1


def test_no_mail_server_is_a_failure_that_is_tried_again(
    store: Any, due: Schedule, post: Any, settings: Any
) -> None:
    right, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    carry_out_due(store, MONDAY)
    assert set(states(Run.objects.get()).values()) == {"waiting"}
    settings.EMAIL_PORT = right
    carry_out_due(store, later(minutes=2))
    assert set(states(Run.objects.get()).values()) == {"sent"}


def test_without_mail_settings_nothing_counts_as_sent(
    store: Any, due: Schedule, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    assert set(states(run).values()) == {"waiting"}
    assert "mail_url" in run.dispatches.first().error["zh"]
    for day in range(1, 8):
        carry_out_due(store, later(days=day))
    assert set(states(run).values()) == {"failed"}


def test_a_run_that_was_cut_short_goes_on(store: Any, due: Schedule, post: Any) -> None:
    (run,) = plan_due(MONDAY)
    Run.objects.filter(pk=run.pk).update(state="building", due=later(minutes=30), tries=1)
    assert carry_out_due(store, later(minutes=5)) == 0, "another worker has it"
    assert carry_out_due(store, later(minutes=31)) == 1
    run.refresh_from_db()
    assert run.state == "done" and len(post.mails) == 2


def test_what_was_missed_is_made_up_for_once(store: Any, schedule: Schedule, post: Any) -> None:
    make_due(schedule, MONDAY - timedelta(days=28))
    plan_due(MONDAY)
    assert list(Run.objects.values_list("period", flat=True)) == ["2026-W37"]


def test_an_issued_report_of_the_period_is_sent_as_it_is(
    store: Any, due: Schedule, post: Any
) -> None:
    carry_out_due(store, MONDAY)
    issue = Issue.objects.get()
    other = Schedule.objects.get()
    other.pk, other.name = None, "again"
    other.next_due = MONDAY
    other.save()
    carry_out_due(store, MONDAY)
    assert Run.objects.get(schedule=other).issue == issue and Issue.objects.count() == 1


def test_without_its_owner_a_schedule_says_so(
    store: Any, due: Schedule, owner: Any, post: Any
) -> None:
    owner.is_active = False
    owner.save()
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    assert run.state == "failed" and "负责人" in run.error["zh"] and not post.mails


def test_paused_resumed_run_now_and_dry_run(
    store: Any, schedule: Schedule, owner: Any, post: Any
) -> None:
    told = dry_run(schedule)
    assert told["mail"][-1] == "boss@example.com" and len(told["files"]) == 4
    assert not Run.objects.exists() and not post.mails
    actions.pause(schedule, acting_user=owner)
    make_due(schedule)
    assert plan_due(MONDAY) == []
    actions.resume(schedule, acting_user=owner)
    assert schedule.next_due > datetime.now(UTC)
    run = actions.run_now(schedule, acting_user=owner)
    carry_out_due(store, datetime.now(UTC))
    run.refresh_from_db()
    assert run.state == "done" and run.by == owner
    with pytest.raises(Refused) as again:
        actions.run_now(schedule, acting_user=owner)
    assert again.value.code == "period_already_sent"


def test_robots_are_told_once_through_the_notices(
    store: Any, due: Schedule, product: Any, owner: Any, post: Any
) -> None:
    from userops.notices.models import Channel, Delivery

    robot = Channel.objects.create(product=product, name="运营群", service="feishu", address="x")
    due.channels.add(robot)
    carry_out_due(store, MONDAY)
    make_due(due)
    carry_out_due(store, later(minutes=2))
    told = Delivery.objects.get(channel=robot)
    assert (
        "小周报" in told.title["zh"] and "草稿" in told.body["zh"] and told.link.startswith("/p/")
    )
    assert states(Run.objects.get())[f"#{robot.pk} 运营群"] == "handed"


def test_only_a_link_goes_where_no_files_are_wanted(store: Any, due: Schedule, post: Any) -> None:
    due.attach = False
    due.save()
    carry_out_due(store, MONDAY)
    assert all(not list(mail.iter_attachments()) for mail in post.mails)
    assert "http" in post.mails[0].get_body().get_content()


def test_files_that_were_changed_are_not_sent(store: Any, due: Schedule, post: Any) -> None:
    post.answers = ["451 busy", "451 busy"]
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    for each in files.folder(run.pk).iterdir():
        each.write_bytes(b"other")
    carry_out_due(store, later(minutes=2))
    assert set(states(run).values()) == {"failed"} and not post.mails


def test_old_files_go_and_their_hashes_stay(store: Any, due: Schedule, post: Any) -> None:
    carry_out_due(store, MONDAY)
    run = Run.objects.get()
    assert files.clear_old() == 0
    Run.objects.update(ended=datetime.now(UTC) - files.KEPT - timedelta(days=1))
    assert files.clear_old() == 1
    assert not files.folder(run.pk).exists() and run.dispatches.first().files


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"name": " "}, "name_invalid"),
        ({"cadence": "daily"}, "schedule_cadence"),
        ({"formats": ("doc",)}, "schedule_formats"),
        ({"languages": ()}, "schedule_languages"),
        ({"addresses": ("not an address",)}, "address_invalid"),
        ({"addresses": ("a@b.cn\nBcc: x@y.cn",)}, "address_invalid"),
        ({"addresses": (), "members": ()}, "schedule_without_readers"),
        ({"members": (10**6,)}, "member_unknown"),
        ({"channels": (10**6,)}, "channel_unknown"),
        ({"weekday": 7}, "schedule_day"),
        ({"kind": "nothing"}, "report_kind_unknown"),
    ],
)
def test_what_is_wrong_is_refused(
    product: Any, owner: Any, wrong: dict[str, Any], code: str
) -> None:
    good = Wanted("n", "user-analysis", addresses=("a@example.com",))
    with pytest.raises(UserOpsError) as refused:
        actions.create_schedule(product, replace(good, **wrong), acting_user=owner)
    assert refused.value.code == code
    assert not Schedule.objects.exists()


def test_who_may_and_what_is_logged(
    product: Any, schedule: Schedule, make_user: Any, owner: Any
) -> None:
    partner = make_user("partner", product)
    for act in (actions.pause, actions.run_now, actions.delete_schedule):
        with pytest.raises(NotAllowed):
            act(schedule, acting_user=partner)
    actions.delete_schedule(schedule, acting_user=owner)
    logged = set(LogEntry.objects.values_list("action", flat=True))
    assert {"schedule.created", "schedule.deleted"} <= logged


def test_due_times_follow_the_calendar(product: Any, schedule: Schedule, make_user: Any) -> None:
    from userops.calendars.actions import Wanted as Hours
    from userops.calendars.actions import create_calendar, set_day

    lead = make_user("lead", product)
    row = create_calendar(product, Hours("标准"), acting_user=lead)
    schedule.refresh_from_db()
    monday = schedule.next_due
    set_day(row, monday.astimezone(schedule.zone).date(), "off", text="厂休", acting_user=lead)
    schedule.refresh_from_db()
    assert schedule.next_due > monday
