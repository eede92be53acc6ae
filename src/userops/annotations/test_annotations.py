"""Annotations: written, changed and deleted by members; drawn on the chart; told by API."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from userops.annotations import actions
from userops.annotations.models import Annotation
from userops.errors import NotAllowed, NotFound, Refused
from userops.workspace.models import LogEntry


@pytest.fixture
def lead(make_user, product):
    return make_user("lead", product)


def write(product, user, **fields):
    given = {"kind": "release", "text": "发布 3.2.0", "begins": "2026-01-05", **fields}
    return actions.create_annotation(product, **given, acting_user=user)


def test_written_changed_deleted_each_with_a_log_row(product, lead):
    made = write(product, lead, ends="2026-01-06T12:30", link="https://example.com/3.2.0")
    assert made.begins.key() == "2026-01-05" and made.ends.key() == "2026-01-06T12:30"
    actions.change_annotation(made, text="发布  3.2.1", ends="", acting_user=lead)
    made.refresh_from_db()
    assert made.text == "发布 3.2.1" and made.ends is None and made.link
    actions.delete_annotation(made, acting_user=lead)
    names = LogEntry.objects.filter(product=product).order_by("pk").values_list("action", flat=True)
    assert list(names) == ["annotation.created", "annotation.changed", "annotation.deleted"]


def test_an_offset_is_told_on_the_products_clock(product, lead):
    assert write(product, lead, begins="2026-01-05T18:00:00Z").begins.key() == "2026-01-06T02:00"


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("kind", "party", "annotation_kind_unknown"),
        ("text", "  ", "annotation_text_invalid"),
        ("text", "x" * 501, "annotation_text_invalid"),
        ("begins", "yesterday", "moment_invalid"),
        ("begins", "0001-01-01", "moment_invalid"),
        ("ends", "2026-01-04", "span_order"),
        ("link", "javascript:alert(1)", "annotation_link_invalid"),
        ("link", "https://", "annotation_link_invalid"),
        ("link", "http://[::1", "annotation_link_invalid"),
    ],
)
def test_wrong_ones_are_refused(product, lead, field, value, code):
    with pytest.raises(Refused) as refused:
        write(product, lead, **{field: value})
    assert refused.value.code == code
    assert not Annotation.objects.exists()


def test_readers_and_strangers_write_nothing(product, make_product, make_user):
    with pytest.raises(NotAllowed):
        write(product, make_user("leadership", product))
    with pytest.raises(NotFound):
        write(product, make_user("lead", make_product()))


def today(product):
    return datetime.now(ZoneInfo(product.timezone)).date()


def option_of(answer):
    text = answer.content.decode()
    block = text.split('<script id="answer-chart" type="application/json">')[1]
    return json.loads(block.split("</script>")[0])


@pytest.fixture
def events(store, product):
    import time
    from uuid import uuid4

    from userops.events.records import Event

    at = int(time.time() * 1000) - 86_400_000 * 3
    row = Event(event="open", distinct_id="u", ts=at, uuid=uuid4(), properties={})
    store.ingest.submit(product.pk, "test", [row])


@pytest.mark.parametrize(
    ("kind", "unit", "query"),
    [
        ("trend", "day", "series.0.event=open"),
        ("trend", "week", "series.0.event=open"),
        ("trend", "hour", "series.0.event=open&range.when=last:7:day"),
        ("lifecycle", "week", "event=open"),
        ("funnel", "day", "steps.0.event=open&steps.1.event=open&view=trend"),
    ],
)
@pytest.mark.usefixtures("events")
def test_drawn_on_every_time_axis(kind, unit, query, client, lead, product):
    day = today(product) - timedelta(days=3)
    write(product, lead, kind="incident", text="<b>支付</b>故障", begins=f"{day}T20:15")
    client.force_login(lead)
    answer = client.get(f"/p/{product.slug}/insights/{kind}?{query}&unit={unit}&full=1")
    option = option_of(answer)
    (mark,) = option["userops"]["annotations"]
    label = option["xAxis"]["data"][mark["at"]]
    monday = day - timedelta(days=day.weekday())
    assert label == {"day": f"{day}", "week": f"{monday}", "hour": f"{day:%m-%d} 20:00"}[unit]
    assert option["series"][-1]["markLine"]["data"][0]["xAxis"] == mark["at"]
    text = answer.content.decode()
    # told below the chart, for those who hear the page; never as HTML
    assert "&lt;b&gt;支付&lt;/b&gt;故障" in text and "<b>支付" not in text


@pytest.mark.usefixtures("events")
def test_cohorts_of_a_heat_map_are_marked_by_their_rows(client, lead, product):
    day = today(product) - timedelta(days=3)
    write(product, lead, begins=str(day))
    client.force_login(lead)
    query = "start.event=open&return.event=open"
    answer = client.get(f"/p/{product.slug}/insights/retention?{query}&full=1")
    text = answer.content.decode()
    row = text.split(f'<th scope="row">{day}')[1].split("</th>")[0]
    assert 'class="row-note"' in row and "发布 3.2.0" in row
    assert text.count("row-note") == 1
    # its columns are no dates: nothing is drawn across them
    assert "annotations" not in option_of(answer).get("userops", {})


@pytest.mark.usefixtures("events")
def test_sparklines_of_the_overview_are_marked_on_their_days(client, lead, product):
    yesterday = today(product) - timedelta(days=1)
    write(product, lead, kind="incident", text="<b>支付</b>故障", begins=str(yesterday))
    client.force_login(lead)
    text = client.get(
        reverse("insights:overview_group", args=[product.slug, "daily"])
    ).content.decode()
    # the last of thirty days, told to those who point at it, never as HTML
    assert '<path class="noted incident" d="M100.0,0 V30">' in text
    assert "&lt;b&gt;支付&lt;/b&gt;故障</title>" in text and "<b>支付" not in text
    cohorts = client.get(
        reverse("insights:overview_group", args=[product.slug, "day-7"])
    ).content.decode()
    assert "noted" not in cohorts


def test_pages(client, lead, product):
    client.force_login(lead)
    base = f"/p/{product.slug}/annotations"
    assert "还没有标注" in client.get(base, headers={"Accept-Language": "zh"}).content.decode()
    form = {"kind": "campaign", "text": "双十一", "day": "2026-11-01", "last_day": "2026-11-11"}
    assert client.post(f"{base}/create", form).status_code == 302
    (made,) = Annotation.objects.all()
    assert made.ends.key() == "2026-11-11"
    assert "双十一" in client.get(base, {"q": "双十", "kind": "campaign"}).content.decode()
    assert "双十一" not in client.get(base, {"q": "双十", "kind": "release"}).content.decode()
    changed = client.post(
        f"{base}/{made.pk}/change", {**form, "last_day": "", "last_time": "08:00"}
    )
    assert changed.status_code == 302
    made.refresh_from_db()
    assert made.ends.key() == "2026-11-01T08:00"
    wrong = client.post(f"{base}/create", {**form, "last_day": "2026-10-01"})
    assert wrong.status_code == 200 and "双十一" in wrong.content.decode()
    away = client.post(f"{base}/create", {**form, "next": "https://evil.example/"})
    assert away.url == base
    back = client.post(f"{base}/create", {**form, "next": f"/p/{product.slug}/insights/trend"})
    assert back.url == f"/p/{product.slug}/insights/trend"
    assert client.post(f"{base}/{made.pk}/delete").status_code == 302
    assert not Annotation.objects.filter(pk=made.pk).exists()


def test_api(client, lead, product, make_product):
    client.force_login(lead)
    base = f"/api/products/{product.slug}/annotations"
    body = {"kind": "release", "text": "3.2.0", "begins": "2026-01-05T10:00"}
    made = client.post(base, body, content_type="application/json").json()
    assert made["begins"] == "2026-01-05T10:00" and made["ends"] is None
    one = f"{base}/{made['id']}"
    changed = client.patch(one, {"ends": "2026-01-06"}, content_type="application/json").json()
    assert changed["ends"] == "2026-01-06" and changed["text"] == "3.2.0"
    assert client.get(base, {"q": "3.2", "kind": "release"}).json()["total"] == 1
    assert client.get(base, {"kind": "other"}).json()["total"] == 0
    other = make_product()
    assert client.delete(f"/api/products/{other.slug}/annotations/{made['id']}").status_code == 404
    assert client.delete(one).status_code == 204
    assert client.get(base).json()["total"] == 0
