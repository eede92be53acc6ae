"""Files of tickets: proposed, looked at, counted, opened, refused rows kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.errors import Refused
from userops.feedback.channels.importing.mapping import TicketMapping, bad_score, proposed, read
from userops.feedback.channels.importing.running import run
from userops.feedback.tickets.models import Ticket

REVIEWS = """\
评论ID,评论时间,昵称,评分,标题,评论内容,版本
r1,2026-03-01 09:30:00,小李,1,闪退,"一打开就闪退，
重装也没用",3.2.1
r2,2026-03-02 10:00:00,阿花,5,好用,界面很清爽,3.2.1
r3,昨天,老王,2,退款,退款很慢,3.2.0
r4,2026-03-03 11:00:00,空白,3,无,,3.2.0
r2,2026-03-02 10:00:00,阿花,5,好用,界面很清爽,3.2.1
"""


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews.csv"
    path.write_text(REVIEWS, encoding="gb18030")
    return path


def mapping(path: Path) -> TicketMapping:
    from userops.events.importers.cleaning import clean_frame
    from userops.events.importers.formats import detect_format
    from userops.events.importers.reading import read_sample

    sample = clean_frame(read_sample(path, detect_format(path), 100).table)
    return proposed(sample.columns, sample, "Asia/Shanghai")


def test_columns_are_proposed_by_their_names(reviews: Path):
    found = mapping(reviews).columns
    assert found == {
        "text": "评论内容", "subject": "标题", "at": "评论时间", "external_id": "评论ID", "name": "昵称",
        "app_version": "版本", "score": "评分",
    }  # fmt: skip


def test_numbers_of_comments_are_proposed_as_numbers_and_numbers_of_rows_are_not(tmp_path: Path):
    """The number of a row is another one in the next file: what it names would be taken for the same."""
    for head, expected in (("评论编号", "评论编号"), ("Comment ID", "Comment ID"), ("序号", None)):
        path = tmp_path / "reviews.csv"
        path.write_text(f"{head},评论内容\n1,一打开就闪退\n", encoding="utf-8")
        assert mapping(path).columns.get("external_id") == expected


def test_reviews_become_tickets_once(reviews: Path, product: Any, tmp_path: Path):
    plan = mapping(reviews)
    dry = run(product, reviews, plan, dry_run=True)
    assert not Ticket.objects.exists()
    refused = tmp_path / "refused.csv"
    done = run(product, reviews, plan, quarantine=refused)
    assert dry.as_dict() == done.as_dict()
    assert (done.rows, done.opened, done.repeated, done.refused) == (5, 2, 1, 2)
    assert dict(done.codes) == {"time_unreadable": 1, "text_missing": 1}
    first = Ticket.objects.get(name="小李")
    assert first.text == "一打开就闪退，\n重装也没用" and first.subject == "闪退"
    assert first.opened == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert first.complaint and not Ticket.objects.get(name="阿花").complaint
    assert first.channel == "import" and first.status == "closed" and not first.told.exists()
    lines = refused.read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 3 and "昨天" in lines[1]
    again = run(product, reviews, plan)
    assert (again.opened, again.repeated) == (0, 3)


def test_a_row_that_cannot_be_read_says_why_in_both_languages(reviews: Path, product: Any):
    with reviews.open("a", encoding="gb18030") as file:
        file.write("r9,2026-03-01 09:30:00\n")
    shown = run(product, reviews, mapping(reviews), dry_run=True).shown[-1]
    assert "列数" in shown["zh"] and "columns" not in shown["zh"]
    assert "2 columns, expected 7" in shown["en"]


def test_records_of_the_past_come_in_closed_and_are_owed_nothing(reviews: Path, product: Any):
    plan = mapping(reviews)
    assert plan.closed
    reviews.write_text(f"内容,时间\n今天的,{datetime.now(UTC):%Y-%m-%d}\n很久以前的,2026-01-01\n")
    assert not mapping(reviews).closed
    run(product, reviews, msgspec.structs.replace(mapping(reviews), closed=True))
    ticket = Ticket.objects.get(text="很久以前的")
    assert (ticket.status, ticket.due, ticket.clocks.count()) == ("closed", None, 0)


def test_an_import_that_was_cut_short_goes_on(reviews: Path, product: Any):
    rows = "\n".join(f"u{n},第 {n} 条反馈，请处理" for n in range(1_200))
    reviews.write_text(f"编号,内容\n{rows}\n", encoding="utf-8")
    plan = mapping(reviews)
    seen: list[int] = []
    run(
        product,
        reviews,
        plan,
        progress=lambda o: seen.append(o.opened),
        cancelled=lambda: bool(seen),
    )
    assert Ticket.objects.count() == seen[0] < 1_200
    done = run(product, reviews, plan)
    assert (done.opened, done.repeated) == (1_200 - seen[0], seen[0])
    assert Ticket.objects.count() == 1_200


def test_a_mapping_that_fits_nothing_is_refused(reviews: Path, product: Any):
    for columns in ({}, {"text": "no such"}, {"text": "评论内容", "nonsense": "标题"}):
        with pytest.raises(Refused) as wrong:
            run(product, reviews, TicketMapping(columns))
        assert wrong.value.hint is not None  # what to do


@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                name: st.one_of(st.none(), st.text(max_size=20))
                for name in ("text", "at", "score", "severity", "category", "language", "email")
            }
        ),
        max_size=6,
    )
)
def test_every_row_is_taken_or_refused(rows: list[dict[str, Any]]):
    names = ("text", "at", "score", "severity", "category", "language", "email")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))
    found = read(frame, range(2, len(rows) + 2), TicketMapping({n: n for n in names}), {"a": 1})
    taken = [row for row, _incoming in found.good] + [each.row for each in found.bad]
    assert sorted(taken) == list(range(2, len(rows) + 2))
    assert all(incoming.text for _row, incoming in found.good)


def test_the_pages(client: Any, reviews: Path, product: Any, make_user: Any, monkeypatch: Any):
    from userops.feedback.channels.importing import tasks
    from userops.feedback.channels.models import TicketImport

    client.force_login(make_user("operator", product))
    base = f"/p/{product.slug}/feedback/imports"
    with reviews.open("rb") as file:
        sent = client.post(f"{base}/upload", {"file": file})
    page = client.get(sent["Location"]).content.decode()
    assert "一打开就闪退" in page and "2026-03-01 09:30" in page
    chosen = {
        "field-text": "5",
        "field-external_id": "0",
        "field-at": "1",
        "timezone": "Asia/Shanghai",
    }
    counted = client.post(sent["Location"], {**chosen, "do": "count"}).content.decode()
    assert "无法识别时间" in counted and not Ticket.objects.exists()
    started = client.post(sent["Location"], {**chosen, "do": "start", "origin": "App Store"})
    found = TicketImport.objects.get()
    tasks.import_tickets.call_local(found.pk)
    assert Ticket.objects.filter(channel_key="App Store").count() == 2
    page = client.get(started["Location"]).content.decode()
    assert "已完成" in page or "完成" in page
    file = client.get(f"{base}/{found.pk}/refused")
    assert "昨天" in b"".join(file.streaming_content).decode()


def test_an_import_that_breaks_off_says_so(product: Any, reviews: Path, monkeypatch: Any):
    from userops.feedback.channels.importing import tasks
    from userops.feedback.channels.models import TicketImport

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(tasks, "run", broken)
    mapping = {"text": "内容"}
    monkeypatch.setattr(tasks.msgspec, "convert", lambda given, _: given)
    found = TicketImport.objects.create(product=product, path=str(reviews), mapping=mapping)
    tasks.import_tickets.call_local(found.pk)
    found.refresh_from_db()
    assert found.state == "failed" and found.finished and reviews.exists()
    assert "secret" not in str(found.error) and found.error_words


@pytest.mark.parametrize("said", ["1", "2.0", "1.5"])
def test_the_worst_of_five_stars_are_complaints(said):
    assert bad_score(said)


@pytest.mark.parametrize("said", ["3", "5.0", "10", "100", "20", "0", "", "一星", "nan"])
def test_other_scores_and_other_scales_are_none(said):
    assert not bad_score(said)


@pytest.fixture
def categories(product: Any) -> dict[str, Any]:
    from userops.feedback.sorting.models import Category

    def make(name: str, parent: Any = None) -> Any:
        path = f"{parent.path} / {name}" if parent else name
        return Category.objects.create(product=product, name=name, path=path, parent=parent)

    pay, login = make("支付"), make("登录")
    return {
        "pay": pay,
        "refund": make("退款", pay),
        "other": make("其他", pay),
        "too": make("其他", login),
    }


def test_a_category_that_there_is_not_is_told_by_row(
    product: Any, tmp_path: Path, categories: dict[str, Any]
):
    path = tmp_path / "tickets.csv"
    path.write_text("内容,分类\n一,退款\n二,飞船\n三,其他\n四,支付 / 其他\n五,\n", encoding="utf-8")
    done = run(product, path, mapping(path))
    assert {each["row"]: each["code"] for each in done.shown} == {
        3: "category_unknown", 4: "category_ambiguous",
    }  # fmt: skip
    assert "飞船" in done.shown[0]["zh"] and "飞船" in done.shown[0]["en"]
    found = {each.text: each.category for each in Ticket.objects.select_related("category")}
    assert found == {"一": categories["refund"], "四": categories["other"], "五": None}


def test_open_tickets_of_a_file_are_owed_an_answer_from_now_on(product: Any, tmp_path: Path):
    from userops.feedback.clocks.alarming import tell_due
    from userops.feedback.clocks.models import Alarm, Policy
    from userops.feedback.tickets.actions import Incoming, open_ticket

    steps = [{"percent": 100, "tell": ["managers"], "channels": []}]
    Policy.objects.create(
        product=product, name="all", first=60, resolution=600, position=0, steps=steps
    )
    path = tmp_path / "old.csv"
    path.write_text("内容,时间\n很久以前的,2026-01-05 10:00:00\n", encoding="utf-8")
    run(product, path, msgspec.structs.replace(mapping(path), closed=False))
    ticket = Ticket.objects.get()
    assert ticket.status == "new" and ticket.opened.year == 2026 and ticket.opened.month == 1
    clocks = list(ticket.clocks.all())
    assert {each.kind for each in clocks} == {"first", "resolution"}
    now = datetime.now(UTC)
    assert all((now - each.started).total_seconds() < 60 for each in clocks) and ticket.due > now
    assert tell_due(now) == 0
    # what came by another way as late as that is late
    at = datetime(2026, 1, 5, tzinfo=UTC)
    late = open_ticket(product, Incoming("晚", channel="api", at=at), acting_user=None)
    assert late.due is not None and late.due < now and Alarm.objects.count() == 0


def test_an_import_is_taken_back_but_for_what_was_worked_on(
    product: Any, make_user: Any, tmp_path: Path
):
    from userops.errors import UserOpsError
    from userops.feedback.channels.importing import actions, tasks
    from userops.feedback.channels.models import TicketImport
    from userops.feedback.tickets import actions as doing
    from userops.feedback.tickets.models import Message, TicketText

    lead = make_user("lead", product)
    other = doing.open_ticket(product, doing.Incoming("别处来的"), acting_user=None)
    rows = "".join(f"u{n},第 {n} 条反馈\n" for n in range(12))
    path = tmp_path / "rows.csv"
    path.write_text(f"编号,内容\n{rows}", encoding="utf-8")
    made = actions.start_ticket_import(product, path, mapping(path), acting_user=lead)
    tasks.run_import(made.pk)
    tickets = list(Ticket.objects.exclude(pk=other.pk).order_by("number"))
    assert len(tickets) == 12
    doing.add_note(tickets[0], "看过", acting_user=lead)
    doing.receive(tickets[1], doing.Incoming("还有"))
    doing.merge(tickets[2], [tickets[3]], acting_user=lead)
    # what the desk does by itself is no work
    doing.change_ticket(tickets[4], doing.Change(severity="high"), acting_user=None)
    made.refresh_from_db()
    actions.undo_ticket_import(made, acting_user=lead)
    tasks.take_back.call_local(made.pk)
    made.refresh_from_db()
    assert (made.state, made.outcome["undone"], made.outcome["kept"]) == ("undone", 8, 4)
    kept = {other, *tickets[:4]}
    assert set(Ticket.objects.all()) == kept
    for model in (Message, TicketText):
        assert set(model.objects.values_list("ticket", flat=True)) == {each.pk for each in kept}
    with pytest.raises(UserOpsError) as wrong:
        actions.undo_ticket_import(made, acting_user=lead)
    assert wrong.value.code == "import_not_undoable" and wrong.value.hint
    # and it can be brought again
    again = actions.start_ticket_import(product, path, mapping(path), acting_user=lead)
    tasks.run_import(again.pk)
    again.refresh_from_db()
    assert (again.outcome["opened"], again.outcome["repeated"]) == (8, 4)
    assert TicketImport.objects.count() == 2


def test_taking_back_goes_on_after_a_stop(product: Any, tmp_path: Path, monkeypatch: Any):
    from userops.events.tasks import stopping
    from userops.feedback.channels.importing import undoing
    from userops.feedback.channels.models import TicketImport

    path = tmp_path / "rows.csv"
    path.write_text(
        "编号,内容\n" + "".join(f"u{n},第 {n} 条\n" for n in range(5)), encoding="utf-8"
    )
    made = TicketImport.objects.create(product=product, path=str(path), state="undone")
    run(product, path, mapping(path), of=made)
    monkeypatch.setattr(undoing, "BLOCK", 2)
    monkeypatch.setattr(
        stopping, "is_set", iter([False, True, False, False, False, False]).__next__
    )
    undoing.take_back(made)
    assert Ticket.objects.count() == 3 and undoing.is_left(made)
    undoing.take_back(made)
    assert not Ticket.objects.exists() and not undoing.is_left(made)
    assert made.outcome == {"undone": 5, "kept": 0}
