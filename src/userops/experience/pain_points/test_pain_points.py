"""Pain points: made, measured, ranked, linked, shown; who may; what leaves the house."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from django.urls import reverse
from django.utils.translation import override

from userops.errors import DocumentError, NotAllowed, NotFound, Refused
from userops.events.records import Event
from userops.experience.pain_points import actions
from userops.experience.pain_points.actions import Wanted
from userops.experience.pain_points.definition import parse
from userops.experience.pain_points.models import Happening, PainPoint, Run
from userops.experience.pain_points.pages.form import conditions_from, conditions_text, fields_of
from userops.experience.pain_points.ranking import ranked, terms_of, verdict_of
from userops.experience.pain_points.suggesting import suggested
from userops.experience.pain_points.tickets import complaints, tickets_of
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.actions import Change, Incoming, change_ticket, open_ticket
from userops.feedback.topics.models import Topic, TopicState, TopicTicket

pytestmark = pytest.mark.usefixtures("at_once")
ZONE = ZoneInfo("Asia/Shanghai")
CRASH = {"evidence": {"kind": "event", "step": {"event": "crash"}}, "after": 7, "days": 40}


@pytest.fixture
def lead(product, make_user):
    return make_user("lead", product)


@pytest.fixture
def page(client, lead):
    client.force_login(lead)
    return client


def at(product, *rest):
    return f"/p/{product.slug}/pain-points" + "".join(f"/{each}" for each in rest)


@pytest.fixture
def lived(store, product):
    """300 users over 40 days, there on two days in five. Of the 100 who meet a crash 60 in 100 never come back; a
    slow page, met by 100 others, makes nobody leave."""
    rng = np.random.default_rng(3)
    today = datetime.now(ZONE).date()
    records = []

    def add(name, user, day, hour):
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=ZONE)
        amount = {"amount": 10.0} if name == "pay" else {}
        records.append(
            Event(event=name, distinct_id=user, ts=int(moment.timestamp() * 1000), uuid=uuid4(), properties=amount)
        )  # fmt: skip

    for number in range(300):
        trouble = "crash" if number < 100 else "slow" if number < 200 else ""
        when, gone = rng.integers(8, 28), False
        for ago in range(40, 0, -1):
            met = trouble and 40 - ago == when
            if gone or not (met or rng.random() < 0.4):
                continue
            day = today - timedelta(days=ago)
            add("open", f"u{number}", day, 9)
            if rng.random() < 0.2:
                add("pay", f"u{number}", day, 10)
            if met:
                add(trouble, f"u{number}", day, 11)
                gone = trouble == "crash" and rng.random() < 0.6
    store.ingest.submit(product.pk, "test", records)
    return today


def point_of(product, lead, title="闪退", document=None, **more):
    wanted = Wanted(title, document=CRASH if document is None else document, **more)
    return actions.create(product, wanted, acting_user=lead)


def test_a_planted_effect_comes_out_on_top_and_none_is_clear_where_none_is(
    store, product, lead, lived
):
    hurt = point_of(product, lead)
    slow = {**CRASH, "evidence": {"kind": "event", "step": {"event": "slow"}}}
    harmless = point_of(product, lead, "慢", slow)
    for point in (harmless, hurt):
        run = actions.compute_now(store, point, acting_user=lead)
        assert run.state == Run.State.DONE and run.share == 1.0
    first, second = ranked(PainPoint.objects.filter(product=product))
    assert (first.point, first.verdict) == (hurt, "clear")
    assert second.verdict in ("unclear", "weak") and second.terms.score < first.terms.score
    assert first.figures["hit"]["users"] == 100 and first.figures["hit"]["active"] == 300
    assert 0.4 < first.left["low"] < 0.6 < first.left["high"]
    assert abs(second.left["value"]) < 0.1
    days = first.figures["days"]
    assert len(days["day"]) == 40 and sum(days["hit"]) == 100
    terms = first.terms
    assert terms.score == pytest.approx(terms.reach * terms.severity * terms.impact * terms.value)
    assert terms.reach == pytest.approx(np.log10(101)) and terms.severity == 1.0


def test_a_run_that_breaks_says_so_and_another_can_be_asked_for(store, product, lead, monkeypatch):
    from userops.experience.pain_points import running

    def breaks(*given):
        raise ZeroDivisionError

    monkeypatch.setattr(running, "measure", breaks)
    point = point_of(product, lead)
    run = actions.compute_now(store, point, acting_user=lead)
    assert (run.state, run.figures) == (Run.State.FAILED, None) and "内部错误" in run.problem["zh"]
    assert actions.compute_now(store, point, acting_user=lead).pk != run.pk


def test_sentences_use_display_names(store, product, lead):
    from userops.events.models import EventDefinition
    from userops.experience.pain_points.telling import comparison_words, evidence_words

    for name, zh, en in (("crash", "应用崩溃", "App crash"), ("open", "打开应用", "")):
        EventDefinition.objects.update_or_create(
            product=product, name=name, defaults={"label_zh": zh, "label_en": en}
        )
    among = {"kind": "event", "step": {"event": "crash"}, "among": {"event": "open"}}
    said = evidence_words(point_of(product, lead, document={"evidence": among}))
    assert "“应用崩溃”" in said.zh and "“打开应用”" in said.zh and "“App crash”" in said.en
    run = {"after": 7, "range": {"from": "a", "to": "b"}, "core": "open", "matched": []}
    assert "没有“打开应用”" in comparison_words(product, run).zh


def test_a_run_is_frozen_and_figures_of_a_changed_definition_are_new(store, product, lead, lived):
    point = point_of(product, lead)
    run = actions.compute_now(store, point, acting_user=lead)
    before = run.figures
    changed = Wanted(point.title, document={**CRASH, "days": 14})
    actions.change(point, changed, acting_user=lead)
    run.refresh_from_db()
    assert run.figures == before and run.document["days"] == 40
    point.refresh_from_db()
    few = actions.compute_now(store, point, acting_user=lead)
    assert few.document["days"] == 14 and few.document["range"]["to"] == str(
        lived - timedelta(days=1)
    )
    assert (
        not few.figures["impact"]["hit"]["enough"]
        and few.figures["impact"]["hit"]["outcomes"] == []
    )
    assert ranked([point])[0].verdict == "few"


def test_complaints_are_compared_and_what_goes_before_them_is_proposed(store, product, lead, lived):
    category = Category.objects.create(product=product, name="闪退", path="应用 / 闪退")
    hits = {f"u{number}" for number in range(60)}
    rows = store.engine.rows(
        "select uid, ts from events where product = {product:UInt32} and event = 'crash'",
        {"product": product.pk},
    )
    from userops.events.models import UserId

    names = dict(UserId.objects.filter(product=product).values_list("uid", "distinct_id"))
    for uid, ts in rows:
        if names[uid] in hits:
            ticket = open_ticket(
                product, Incoming("一打开就闪退", at=ts.replace(tzinfo=UTC), distinct_id=names[uid]),
                acting_user=None,
            )  # fmt: skip
            change_ticket(ticket, Change(category=category.pk, severity="urgent"), acting_user=lead)
    point = point_of(product, lead, category=category.pk, document={"after": 7, "days": 40})
    figures = actions.compute_now(store, point, acting_user=lead).figures
    assert figures["hit"] is None and figures["tickets"]["speakers"] == 60
    assert figures["tickets"]["severity"] == 1.0
    gone = figures["impact"]["complaint"]["outcomes"][0]
    assert gone["name"] == "gone" and gone["low"] > 0.3
    (proposed,) = figures["suggested"]
    assert proposed["event"] == "crash" and proposed["of_cases"] == 1.0 and proposed["q"] < 0.001
    assert terms_of(figures).severity == 1.5


def test_tickets_are_those_of_topic_category_and_links_each_once(product, lead, make_ticket_of):
    main = Category.objects.create(product=product, name="支付", path="支付")
    below = Category.objects.create(product=product, name="失败", path="支付 / 失败", parent=main)
    topic = Topic.objects.create(
        product=product, name="t", stability=1, found=datetime.now(UTC), place=0
    )
    by_category, by_both, by_topic, linked, other, spam = (make_ticket_of(n) for n in range(6))
    for ticket in (by_category, by_both, spam):
        change_ticket(ticket, Change(category=below.pk), acting_user=lead)
    change_ticket(spam, Change(status="spam"), acting_user=lead)
    for ticket in (by_both, by_topic):
        TopicTicket.objects.update_or_create(ticket=ticket, defaults={"topic": topic, "near": 1.0})
    point = point_of(product, lead, category=main.pk, topic=topic.pk, document={})
    actions.link_thing(point, "ticket", f"#{linked.number}", acting_user=lead)
    expected = {by_category.pk, by_both.pk, by_topic.pk, linked.pk}
    assert set(tickets_of(point).values_list("pk", flat=True)) == expected
    assert tickets_of(point).count() == 4 and other.pk not in expected
    said = complaints(
        point, datetime.now(UTC) - timedelta(days=1), datetime.now(UTC) + timedelta(days=1)
    )
    assert said.tickets == 4 and said.speakers == 4
    actions.unlink_thing(point, "ticket", str(linked.number), acting_user=lead)
    assert tickets_of(point).count() == 3
    kinds = list(point.history.values_list("kind", flat=True))
    assert kinds == [Happening.Kind.UNLINKED, Happening.Kind.LINKED, Happening.Kind.CREATED]


@pytest.fixture
def make_ticket_of(product):
    def make(number):
        return open_ticket(
            product, Incoming("付不了款", distinct_id=f"u{number}"), acting_user=None
        )

    return make


def test_before_and_after_a_fix_are_compared(store, product, lead, lived):
    from userops.annotations.models import Annotation

    point = point_of(product, lead)
    day = lived - timedelta(days=20)
    release = Annotation.objects.create(product=product, kind="release", text="3.2.1", first=day)
    actions.link_thing(point, "annotation", str(release.pk), acting_user=lead)
    (fix,) = actions.compute_now(store, point, acting_user=lead).figures["fixes"]
    hit = dict(
        zip(*[point.runs.first().figures["days"][name] for name in ("day", "hit")], strict=True)
    )
    spans = [
        [str(day - timedelta(days=n)) for n in range(1, 15)],
        [str(day + timedelta(days=n)) for n in range(1, 15)],
    ]
    assert fix["before"]["hit"] == sum(hit[each] for each in spans[0])
    assert fix["after"]["hit"] == sum(hit.get(each, 0) for each in spans[1])
    assert fix["difference"]["low"] <= fix["difference"]["value"] <= fix["difference"]["high"]


def test_what_is_wrong_is_said(product, lead, make_user):
    with pytest.raises(DocumentError):
        point_of(product, lead, document={"evidence": {"kind": "event"}})
    with pytest.raises(NotFound):
        point_of(product, lead, document={"evidence": {"kind": "segment", "segment": 9}})
    with pytest.raises(NotFound):
        point_of(product, lead, topic=9)
    with pytest.raises(Refused):
        point_of(product, lead, title=" ")
    point = point_of(product, lead)
    with pytest.raises(Refused):
        actions.set_status(point, "gone", acting_user=lead)
    for kind, key in (("ticket", "9"), ("ticket", "x"), ("annotation", "9"), ("report", "9")):
        with pytest.raises(NotFound):
            actions.link_thing(point, kind, key, acting_user=lead)
    with pytest.raises(Refused):
        actions.link_thing(point, "segment", "1", acting_user=lead)
    with pytest.raises(NotAllowed):
        actions.set_status(point, "confirmed", acting_user=make_user("partner", product))


def test_conditions_are_lines_or_json():
    filters = conditions_from("reason = TIMEOUT\ncount >= 3\n")
    assert filters == [
        {"property": "reason", "op": "is", "value": "TIMEOUT"},
        {"property": "count", "op": "gte", "value": 3.0},
    ]
    assert conditions_from(conditions_text(filters)) == filters
    both = [{"or": filters}]
    assert conditions_from(conditions_text(both)) == both
    for wrong in ("reason", "[{"):
        with pytest.raises(Refused):
            conditions_from(wrong)
    assert parse({"evidence": {"kind": "event", "step": {"event": "pay", "filters": filters}}})


def test_verdicts_ask_for_a_corrected_p_enough_matches_and_balance():
    gone = {"name": "gone", "value": 0.2, "low": 0.1, "high": 0.3, "p": 0.001, "certainty": 0.9}
    good = {"matched": 90, "eligible": 100, "worst": 0.05, "outcomes": [gone]}

    def verdict(corrected=0.01, **changed):
        return verdict_of({"impact": {"hit": {**good, **changed}}}, corrected)

    assert verdict() == "clear"
    assert verdict(corrected=0.2) == verdict(matched=40) == verdict(worst=0.4) == "weak"
    assert verdict(outcomes=[]) == "few" and verdict_of({}, None) == "none"
    assert verdict(outcomes=[{**gone, "low": -0.1}]) == "unclear"


def test_growing_topics_are_suggested_until_they_are_pain_points(product, lead, make_ticket_of):
    topic = Topic.objects.create(
        product=product, name="验证码", stability=1, found=datetime.now(UTC), place=0
    )
    TopicState.objects.create(product=product, grown=datetime.now(UTC))
    for number in range(12):
        ticket = make_ticket_of(number)
        TopicTicket.objects.update_or_create(ticket=ticket, defaults={"topic": topic, "near": 1.0})
    (found,) = suggested(product)
    assert found.topic == topic and found.now == 12 and found.q < 0.05
    point_of(product, lead, topic=topic.pk, document={})
    assert suggested(product) == []


def test_pages_from_a_ticket_to_figures_and_files(page, store, product, lead, lived):
    ticket = open_ticket(product, Incoming("闪退", distinct_id="u1"), acting_user=None)
    shown = page.get(reverse("tickets:one", args=[product.slug, ticket.number])).content.decode()
    assert f"{at(product, 'new')}?ticket={ticket.number}" in shown
    form = {
        "title": "=闪退", "kind": "event", "event": "crash", "days": "40", "after": "7",
        "match_activity": "1", "ticket": str(ticket.number),
    }  # fmt: skip
    assert page.get(f"{at(product, 'new')}?ticket={ticket.number}").status_code == 200
    answer = page.post(at(product, "new"), form)
    point = PainPoint.objects.get()
    assert answer["Location"] == at(product, point.number) and point.owner == lead
    assert point.definition.matched == ("activity",)
    assert point.runs.get().state == Run.State.WAITING, "the queue runs after the transaction"
    actions.compute_now(store, point, acting_user=lead)
    for language in ("zh-hans", "en"):
        page.cookies["language"] = language
        assert page.get(at(product)).status_code == 200
        assert page.get(at(product, point.number)).status_code == 200
    assert page.get(at(product, point.number, "edit")).status_code == 200
    assert fields_of(point)["conditions"] == ""
    page.post(
        at(product, point.number, "change"),
        {"do": "status", "status": "confirmed", "why": "见工单"},
    )
    point.refresh_from_db()
    assert point.status == "confirmed"
    people = page.get(at(product, point.number, "users", "hit")).content.decode()
    assert "100" in people
    rows = list(
        csv.reader(io.StringIO(page.get(at(product, "ranking.csv")).content.decode("utf-8-sig")))
    )
    assert rows[1][1].startswith("'="), "a title is never a formula"
    names = (
        page.get(at(product, point.number, "files", "hit.csv"))
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert len(names) == 101 and "u1" in names
    assert page.get(at(product, "ranking.xlsx")).content[:2] == b"PK"
    shown = page.get(reverse("tickets:one", args=[product.slug, ticket.number])).content.decode()
    assert at(product, point.number) in shown


def test_a_need_of_the_analysis_becomes_a_pain_point(page, client, product, lived, make_user):
    question = {
        "kind": "needs", "range": {"last": 60, "unit": "day"}, "min_support": 1,
        "steps": ["open", "pay"], "failures": ["crash"],
    }  # fmt: skip
    needs = (
        f"{reverse('insights:needs', args=[product.slug])}?{urlencode({'q': json.dumps(question)})}"
    )
    answer = page.get(needs, headers={"HX-Request": "true", "HX-Target": "result"}).content.decode()
    steps = [unescape(each) for each in re.findall(r'href="([^"]*/pain-points/new[^"]*)"', answer)]
    kinds = {dict(parse_qsl(urlsplit(each).query))["need_kind"] for each in steps}
    assert kinds == {"exit", "failure"}
    form = page.get(next(each for each in steps if "need_kind=failure" in each)).content.decode()
    assert re.search(r'<option value="crash"[^>]* selected', form)
    client.force_login(make_user("leadership", product))
    assert (
        "/pain-points/new"
        not in client.get(
            needs, headers={"HX-Request": "true", "HX-Target": "result"}
        ).content.decode()
    )


def test_ids_are_masked_for_who_may_not_take_them_out(
    client, store, product, lead, lived, make_user
):
    point = point_of(product, lead)
    client.force_login(make_user("operator", product))
    names = (
        client.get(at(product, point.number, "files", "hit.csv"))
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert len(names) == 101 and "u1" not in names and "**" in names
    client.force_login(make_user("leadership", product))
    assert client.get(at(product, point.number)).status_code == 200
    assert client.get(at(product, point.number, "users", "hit")).status_code == 403
    assert client.post(at(product, point.number, "change"), {"do": "compute"}).status_code == 403


def test_words_are_in_both_languages(product, lead):
    point = point_of(product, lead, title_en="Crashes")
    with override("en"):
        assert point.words.en == "Crashes" and point.get_status_display() == "Suspected"
    with override("zh-hans"):
        assert point.words.zh == "闪退" and point.get_status_display() == "疑似"
    assert point.number == 1 and point_of(product, lead).number == 2
