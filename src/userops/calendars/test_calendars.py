from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from userops.calendars import actions
from userops.calendars.actions import Wanted
from userops.calendars.models import CalendarDay, WorkCalendar
from userops.calendars.reading import calendar_of, unpublished_years
from userops.errors import NotAllowed, Refused
from userops.workspace.models import LogEntry

WEEK = ["09:00-12:00 13:30-18:00"] * 5 + ["off"] * 2


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def row(product: Any, lead: Any) -> WorkCalendar:
    return actions.create_calendar(product, Wanted("客服", week=WEEK), acting_user=lead)


def test_the_first_one_is_the_standard_and_each_change_counts_up(
    product: Any, lead: Any, row: WorkCalendar
) -> None:
    assert row.standard and calendar_of(product).week[0] == row.calendar().week[0]
    version = row.version
    other = actions.create_calendar(product, Wanted("技术"), acting_user=lead)
    assert not other.standard
    actions.make_standard(other, acting_user=lead)
    row.refresh_from_db()
    assert WorkCalendar.objects.get(product=product, standard=True) == other and not row.standard
    actions.set_day(row, date(2026, 11, 30), "off", text="厂休", acting_user=lead)
    assert row.version > version and not row.calendar().working(date(2026, 11, 30))
    actions.set_day(row, date(2026, 11, 30), None, acting_user=lead)
    assert row.calendar().working(date(2026, 11, 30))
    actions.delete_calendar(row, acting_user=lead)
    logged = set(LogEntry.objects.values_list("action", flat=True))
    assert {
        "calendar.created",
        "calendar.made_standard",
        "calendar.day",
        "calendar.deleted",
    } <= logged


def test_what_is_refused(product: Any, lead: Any, row: WorkCalendar, make_user: Any) -> None:
    def code(wanted: Wanted) -> str:
        with pytest.raises(Refused) as wrong:
            actions.create_calendar(product, wanted, acting_user=lead)
        return str(wrong.value.code)

    assert code(Wanted("客服")) == "calendar_name_taken"
    assert code(Wanted("x", timezone="Mars/Base")) == "timezone_unknown"
    assert code(Wanted("x", week=["off"] * 7)) == "calendar_never_open"
    assert code(Wanted("x", week=["9-5"] * 7)) == "hours_invalid"
    assert code(Wanted("x", region="XX")) == "calendar_region"
    with pytest.raises(Refused, match="standard"):
        actions.delete_calendar(row, acting_user=lead)
    with pytest.raises(NotAllowed):
        actions.create_calendar(product, Wanted("x"), acting_user=make_user("operator", product))
    assert WorkCalendar.objects.count() == 1


def test_tables_go_out_and_come_back(lead: Any, row: WorkCalendar) -> None:
    text = "day,hours,note\n2027-01-01,off,元旦\nx,off,\n2027-02-08,10:00-16:00,\n"
    found = actions.take_table(row, text, acting_user=lead)
    assert [each.row for each in found.problems] == [3] and row.days.count() == 2
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert unpublished_years(row.calendar(), december) == []  # 1 January is there
    actions.take_table(row, "day,hours,note\n2027-02-08,off,\n", replace=True, acting_user=lead)
    assert list(row.days.values_list("hours", flat=True)) == ["off"]
    assert unpublished_years(row.calendar(), december) == [2027]
    with pytest.raises(Refused):
        actions.take_table(row, "day,hours,note\nx,y,z\n", replace=True, acting_user=lead)
    assert row.days.count() == 1


FORM = {
    **{f"day{number}": WEEK[number] for number in range(7)},
    "name": "夜班", "timezone": "Asia/Shanghai", "region": "CN", "make_up": "09:00-18:00",
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages(product: Any, lead: Any, client: Any, language: str) -> None:
    lead.language = language
    lead.save()
    client.force_login(lead)
    at = f"/p/{product.slug}/calendars"
    assert client.get(at).status_code == client.get(f"{at}/new").status_code == 200
    wrong = client.post(f"{at}/new", FORM | {"day0": "9 to 5"})
    assert wrong.status_code == 200 and "9 to 5" in wrong.content.decode()
    assert client.post(f"{at}/new", FORM).status_code == 302
    row = WorkCalendar.objects.get()
    assert client.post(f"{at}/{row.pk}/edit", FORM | {"name": "白班"}).status_code == 302
    change = f"{at}/{row.pk}/change"
    client.post(change, {"do": "day", "day": "2026-10-09", "hours": "off", "note": "厂休"})
    client.post(change, {"do": "day", "day": "", "hours": "off"})
    assert CalendarDay.objects.get().note == "厂休"
    file = io.BytesIO("day,hours,note\n2026-10-11,10:00-12:00,加班\nx,off,\n".encode())
    file.name = "days.csv"
    client.post(change, {"do": "table", "file": file})
    trial = {"year": "2026", "start": "2026-09-30T17:00", "hours": "2"}
    page = client.get(f"{at}/{row.pk}", trial).content.decode()
    assert "厂休" in page and "加班" in page and "2026-10-08 10:00" in page
    assert client.get(f"{at}/{row.pk}", {"start": "x", "hours": "2"}).status_code == 200
    assert "厂休" in client.get(f"{at}/{row.pk}/days.csv").content.decode()
    assert (
        "国庆节" in client.get(f"{at}/{row.pk}/days.csv?year=2026").content.decode()
        or language == "en"
    )
    client.post(change, {"do": "forget", "day": "2026-10-09"})
    assert CalendarDay.objects.count() == 1
    client.post(change, {"do": "delete"})  # the standard one stays
    assert WorkCalendar.objects.count() == 1
    client.post(f"{at}/new", FORM | {"name": "二"})
    other = WorkCalendar.objects.get(name="二")
    client.post(f"{at}/{other.pk}/change", {"do": "standard"})
    client.post(change, {"do": "delete"})
    assert client.get(at).status_code == 200 and WorkCalendar.objects.get() == other


def test_the_api(product: Any, lead: Any, client: Any) -> None:
    client.force_login(lead)
    at = f"/api/products/{product.slug}/calendars"

    def call(method: str, path: str = "", body: Any = None, status: int = 200) -> Any:
        given = (json.dumps(body), "application/json") if body is not None else ()
        found = getattr(client, method)(f"{at}{path}", *given)
        assert found.status_code == status, found.content
        return found.json() if found.content else None

    made = call("post", "", {"name": "a"})
    assert made["standard"] and made["week"][0] == "09:00-18:00"
    path = f"/{made['id']}"
    assert call("put", path, {"name": "b", "week": WEEK})["week"] == WEEK
    assert call("put", f"{path}/days", {"day": "2026-10-09", "hours": "off"})[0]["hours"] == "off"
    table = "day,hours,note\n2026-10-11,9:00-12:00,\nx,,\n"
    assert call("post", f"{path}/days/table", {"table": table})["taken"] == 1
    assert len(call("get", f"{path}/days")) == 2
    found = call("get", f"{path}/due?start=2026-09-30T17:00:00%2B08:00&minutes=120")
    assert found["local"] == "2026-10-08 10:00:00" and found["days"][1]["source"] == "holiday"
    assert call("delete", path, status=400)["error"]["code"] == "calendar_standard"
    other = call("post", "", {"name": "c"})
    assert call("post", f"/{other['id']}/standard")["standard"]
    call("delete", path, status=204)
    assert call("get")["total"] == 1 and call("get", f"/{other['id']}")["name"] == "c"


@pytest.mark.django_db(transaction=True)
def test_days_of_schedules_moved_here(product: Any) -> None:
    """What the house had said of days before there were calendars is kept."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    before = [("report_schedules", "0001_initial")]
    newest = [each for each in executor.loader.graph.leaf_nodes() if each[0] == "report_schedules"]
    executor.migrate(before)
    old = executor.loader.project_state(before).apps.get_model("report_schedules", "OwnDay")
    old.objects.create(product_id=product.pk, day=date(2026, 10, 9), working=False, note="厂休")
    old.objects.create(product_id=product.pk, day=date(2026, 10, 11), working=True)
    executor = MigrationExecutor(connection)
    executor.migrate(newest)
    row = WorkCalendar.objects.get(product_id=product.pk)
    assert row.standard and not row.calendar().working(date(2026, 10, 9))
    assert row.calendar().working(date(2026, 10, 11))
