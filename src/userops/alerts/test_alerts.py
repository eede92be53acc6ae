"""Alerts: each finished period is judged once and told once, by its bounds; nothing is lost or doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from userops.alerts import actions, evaluating
from userops.alerts.actions import Wanted, create_alert
from userops.alerts.conftest import TODAY, WEEK
from userops.alerts.evaluating import CATCH_UP, evaluate, evaluate_due
from userops.alerts.explaining import address, change_of
from userops.alerts.judging import judge
from userops.alerts.models import Alert, Check
from userops.alerts.reading import read
from userops.errors import NotAllowed, NotFound, Refused
from userops.insights.actions import change_analysis
from userops.notices.models import Notice
from userops.workspace.models import LogEntry

YESTERDAY = TODAY - timedelta(days=1)


def told(user):
    return [each.title["zh"] for each in Notice.objects.filter(user=user).order_by("pk")]


def test_a_limit_fires_once_and_recovers(make, pay, store, lead, at):
    alert = make(kind="threshold", rule="below", limit=10)
    pay(YESTERDAY, 8)
    (check,) = evaluate(alert, store, at(TODAY, 0, 1))
    assert (check.period, check.value, check.event, check.told) == (
        f"{YESTERDAY}",
        8,
        "fired",
        True,
    )
    assert evaluate(alert, store, at(TODAY, 0, 2)) == []
    pay(TODAY, 9)
    assert [each.event for each in evaluate(alert, store, at(TODAY + timedelta(days=1)))] == [""]
    pay(TODAY + timedelta(days=1), 12)
    assert evaluate(alert, store, at(TODAY + timedelta(days=2)))[0].event == "recovered"
    assert told(lead) == ["告警：支付告警", "恢复正常：支付告警"]
    first = Notice.objects.filter(user=lead).order_by("pk")[0]
    assert first.body["zh"] == f"{YESTERDAY} “pay”为 8；下限 10。自 {YESTERDAY} 起。"
    assert (
        first.body["en"] == f"“pay” was 8 ({YESTERDAY}); the lower limit is 10. Since {YESTERDAY}."
    )
    assert first.link == f"/p/{alert.product.slug}/alerts/{alert.pk}"


def test_a_question_of_data_that_ended_is_watched_on(make, save, pay, store, at):
    alert = make(save(unit="day", until="2020-01-01T00:00:00Z"), kind="threshold", limit=10)
    pay(YESTERDAY, 8)
    reading = read(alert, store, at(TODAY, 0, 1))
    assert reading.answer.document.until is None and reading.values[-1] == 8


def test_a_running_period_is_not_judged_before_it_is_over(make, pay, store, at):
    alert = make(kind="threshold", rule="below", limit=10, wait_minutes=30)
    pay(YESTERDAY, 20)
    evaluate(alert, store, at(TODAY, 12))
    assert alert.next_due == at(TODAY + timedelta(days=1), 0, 30)
    # today has no payment yet, and tomorrow has 29 minutes to wait for late ones
    assert evaluate(alert, store, at(TODAY, 23, 59)) == []
    assert evaluate(alert, store, at(TODAY + timedelta(days=1), 0, 29)) == []
    (check,) = evaluate(alert, store, at(TODAY + timedelta(days=1), 0, 30))
    assert (check.value, check.event) == (0, "fired")


@pytest.mark.parametrize(
    ("rule", "base", "counts", "fires"),
    [
        ("fall", "previous", {1: 70, 2: 100}, True),
        ("fall", "previous", {1: 90, 2: 100}, False),
        ("rise", "previous", {1: 121, 2: 100}, True),
        ("change", "season", {1: 79, 2: 500, 8: 100}, True),
        ("change", "season", {1: 100, 2: 500, 8: 100}, False),
        ("fall", "previous", {1: 5, 2: 0}, False),
    ],
)
def test_changes(rule, base, counts, fires, make, pay_days, store, at):
    pay_days({TODAY - timedelta(days=back): count for back, count in counts.items()})
    alert = make(kind="threshold", rule=rule, limit=0.2, base=base)
    (check,) = evaluate(alert, store, at(TODAY))
    assert (check.outcome == "outside") == fires
    if counts.get(2) == 0:  # nothing is a share of nothing
        assert check.outcome == "undefined"


@pytest.mark.usefixtures("usual")
def test_an_anomaly_has_its_expected_range(make, pay, store, lead, at):
    alert = make(kind="anomaly")
    pay(YESTERDAY, 3)
    (check,) = evaluate(alert, store, at(TODAY, 1))
    usual = WEEK[YESTERDAY.weekday()]
    assert check.event == "fired" and 3 < check.low < usual < check.high
    assert check.base == pytest.approx(usual, abs=3)
    assert "预期区间" in Notice.objects.get(user=lead).body["zh"]


@pytest.mark.usefixtures("usual")
def test_an_ordinary_weekend_is_no_anomaly(make, pay, store, at):
    alert = make(kind="anomaly")
    pay(YESTERDAY, WEEK[YESTERDAY.weekday()])
    assert evaluate(alert, store, at(TODAY, 1))[0].outcome == "inside"


def test_too_little_history_is_said_politely(make, pay_days, store, at, lead):
    pay_days({TODAY - timedelta(days=back): 20 for back in range(1, 10)})
    alert = make(kind="anomaly")
    assert evaluate(alert, store, at(TODAY, 1)) == []
    alert.refresh_from_db()
    assert "需要 28 天，现有 8 天" in alert.problem["zh"]
    assert "28 days are needed, 8 are there" in alert.problem["en"]
    assert told(lead) == []


def test_downtime_is_made_up_for_within_bounds(make, pay, pay_days, store, lead, at):
    alert = make(kind="threshold", rule="above", limit=100)
    pay(TODAY - timedelta(days=1), 5)
    evaluate(alert, store, at(TODAY))
    days = {TODAY + timedelta(days=ahead): 200 if ahead == 26 else 5 for ahead in range(30)}
    pay_days(days)
    made = evaluate(alert, store, at(TODAY + timedelta(days=30)))
    assert len(made) == CATCH_UP["day"]
    assert [each.event for each in made if each.event] == ["fired", "recovered"]
    assert told(lead) == ["告警：支付告警", "恢复正常：支付告警"]


def test_never_twice_also_across_restarts_and_workers(make, pay, store, lead, at, monkeypatch):
    """The server dies after each step in turn; another one takes the work up."""
    pay(YESTERDAY, 3)
    alert = make(kind="threshold", rule="below", limit=10)
    Alert.objects.update(next_due=at(TODAY))

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    for step in ("read", "_settle", "_tell", "_settled"):
        with monkeypatch.context() as broken, pytest.raises(KeyboardInterrupt):
            broken.setattr(evaluating, step, die)
            evaluate_due(store, at(TODAY, 0, 1))
        assert evaluate_due(store, at(TODAY, 0, 2)) == 0  # claimed by the one that died
        Alert.objects.update(next_due=at(TODAY))  # its lease is over
    assert evaluate_due(store, at(TODAY, 0, 3)) == 1
    assert Check.objects.filter(alert=alert).count() == 1
    assert told(lead) == ["告警：支付告警"]


def test_two_workers_at_one_alert(make, pay, store, lead, at):
    """Both read the same state; the second finds the period judged."""
    pay(YESTERDAY, 3)
    alert = make(kind="threshold", rule="below", limit=10)
    same = Alert.objects.get(pk=alert.pk)
    assert len(evaluate(alert, store, at(TODAY))) == 1
    assert evaluate(same, store, at(TODAY)) == []
    assert told(lead) == ["告警：支付告警"]


def test_a_snooze_keeps_quiet_and_tells_afterwards(make, pay, store, lead, at):
    alert = make(kind="threshold", rule="below", limit=10)
    alert.snoozed_until = at(TODAY, 6)
    alert.save()
    pay(YESTERDAY, 3)
    (check,) = evaluate(alert, store, at(TODAY, 1))
    assert check.event == "fired" and not check.told and told(lead) == []
    # still outside when the snooze is over: told then
    (check,) = evaluate(alert, store, at(TODAY + timedelta(days=1), 1))
    assert check.event == "" and check.told and told(lead) == ["告警：支付告警"]
    assert f"自 {YESTERDAY} 起" in Notice.objects.get(user=lead).body["zh"]


def test_what_was_not_told_does_not_recover_aloud(make, pay, store, lead, at):
    alert = make(kind="threshold", rule="below", limit=10)
    alert.snoozed_until = at(TODAY, 6)
    alert.save()
    pay(YESTERDAY, 3)
    pay(TODAY, 30)
    evaluate(alert, store, at(TODAY, 1))
    evaluate(alert, store, at(TODAY + timedelta(days=1), 1))
    assert told(lead) == []


def test_a_breakdown_value(make, save, pay, store, at):
    pay(YESTERDAY, 30, city="上海")
    pay(YESTERDAY, 4, city="北京")
    saved = save(unit="day", breakdown=["city"])
    given = {"kind": "threshold", "rule": "below", "limit": 10}
    values = {}
    for city in ("上海", "北京", "广州", ""):
        alert = make(saved, breakdown={"city": city} if city else {}, **given)
        (check,) = evaluate(alert, store, at(TODAY))
        values[city] = check.value
    assert values == {"上海": 30, "北京": 4, "广州": 0, "": 34}


def test_formulas_and_undefined_figures(make, save, pay, store, at):
    series = [{"event": "pay"}, {"event": "open"}]
    saved = save(unit="day", series=series, formulas=[{"formula": "A/B"}])
    pay(YESTERDAY, 5)
    alert = make(saved, series=2, kind="threshold", rule="below", limit=10)
    (check,) = evaluate(alert, store, at(TODAY))
    assert (check.value, check.outcome) == (None, "undefined")


def test_hours(make, save, pay, store, at):
    pay(YESTERDAY, 3, hour=20)
    pay(YESTERDAY, 30, hour=21)
    alert = make(save(unit="hour"), kind="threshold", rule="above", limit=10)
    (check,) = evaluate(alert, store, at(YESTERDAY, 21, 30))
    assert (check.value, check.event) == (3, "") and check.label == f"{YESTERDAY} 20:00"
    assert alert.next_due == at(YESTERDAY, 22)
    (check,) = evaluate(alert, store, at(YESTERDAY, 22))
    assert (check.value, check.event) == (30, "fired")


def test_a_trend_that_changed_under_it(make, save, store, at, lead):
    saved = save(unit="day", series=[{"event": "pay"}, {"event": "open"}])
    alert = make(saved, series=1, kind="threshold", rule="below", limit=10)
    change_analysis(
        saved, document={"kind": "trend", "series": [{"event": "pay"}]}, acting_user=lead
    )
    alert.refresh_from_db()
    assert evaluate(alert, store, at(TODAY)) == []
    assert "指标" in alert.problem["zh"] and told(lead) == []
    assert alert.next_due == at(TODAY) + evaluating.AGAIN


def test_who_does_not_see_the_trend_is_not_told(make, save, pay, store, at, lead, make_user):
    other = make_user("analyst", lead.memberships.get().product)
    saved = save(unit="day")
    alert = make(saved, kind="threshold", rule="below", limit=10, members=(lead.pk, other.pk))
    change_analysis(saved, shared=False, acting_user=lead)
    alert.refresh_from_db()
    pay(YESTERDAY, 3)
    evaluate(alert, store, at(TODAY))
    assert told(lead) and not told(other)
    with pytest.raises(Refused) as refused:
        actions.change_alert(alert, Wanted(name="x", members=(other.pk,)), acting_user=lead)
    assert refused.value.code == "alert_member_unknown"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": " "}, "name_invalid"),
        ({"series": 4}, "alert_series_missing"),
        ({"breakdown": {"city": "x"}}, "alert_breakdown_missing"),
        ({"kind": "magic"}, "alert_choice_unknown"),
        ({"kind": "threshold", "limit": float("nan")}, "alert_limit_invalid"),
        ({"kind": "threshold", "rule": "fall", "limit": 0}, "alert_limit_invalid"),
        ({"wait_minutes": 5000}, "alert_wait_invalid"),
        ({"channels": (99,)}, "channel_not_found"),
        ({"members": (10**9,)}, "alert_member_unknown"),
    ],
)
def test_wrong_ones_are_refused(fields, code, make):
    with pytest.raises(Refused) as refused:
        make(**fields)
    assert refused.value.code == code and not Alert.objects.exists()


def test_only_trends_are_watched(product, lead):
    from userops.insights.actions import save_analysis

    saved = save_analysis(product, {"kind": "lifecycle", "event": "*"}, "L", acting_user=lead)
    with pytest.raises(Refused) as refused:
        create_alert(saved, Wanted(name="x"), acting_user=lead)
    assert refused.value.code == "alert_needs_trend"


def test_who_may(make, save, product, make_user, make_product, lead):
    alert = make()
    with pytest.raises(NotAllowed):
        actions.delete_alert(alert, acting_user=make_user("leadership", product))
    with pytest.raises(NotFound):
        actions.delete_alert(alert, acting_user=make_user("lead", make_product()))
    hidden = make(save(shared=False))
    with pytest.raises(NotFound):
        actions.delete_alert(hidden, acting_user=make_user("lead", product))
    actions.snooze_alert(alert, until=None, acting_user=lead)
    actions.switch_alert(alert, active=False, acting_user=lead)
    actions.delete_alert(alert, acting_user=lead)
    names = LogEntry.objects.filter(product=product, action__startswith="alert.").order_by("pk")
    assert [each.action for each in names] == [
        "alert.created", "alert.created", "alert.snoozed", "alert.switched", "alert.deleted",
    ]  # fmt: skip


@pytest.mark.usefixtures("usual")
def test_the_whole_history_has_bounds(make, store, at):
    alert = make(kind="anomaly", sensitivity="high")
    judgement = judge(alert, read(alert, store, at(YESTERDAY)))
    rows = [each for each in judgement.verdicts if each.low is not None]
    assert len(rows) > 50
    assert sum(each.outcome == "outside" for each in rows) <= 3


@pytest.mark.usefixtures("usual")
def test_pages(make, save, product, lead, client, make_user, pay):
    client.force_login(lead)
    base = f"/p/{product.slug}/alerts"
    saved = save(unit="day", breakdown=["city"])
    assert "还没有告警" in client.get(base).content.decode()
    form = client.get(f"{base}/new", {"analysis": saved.pk}).content.decode()
    assert 'name="by_city"' in form and lead.email in form
    given = {
        "analysis": saved.pk, "name": "支付", "series": 0, "kind": "threshold", "rule": "fall",
        "limit": "20", "base": "season", "side": "both", "sensitivity": "normal",
        "wait_minutes": 10, "members": [lead.pk], "by_city": "上海",
    }  # fmt: skip
    made = client.post(f"{base}/new", given)
    alert = Alert.objects.get()
    assert made.url == f"{base}/{alert.pk}" and alert.limit == pytest.approx(0.2)
    assert alert.breakdown == {"city": "上海"}
    page = client.get(made.url).content.decode()
    assert "上周同期" in page and "alert-chart" in page
    edited = client.post(f"{base}/{alert.pk}/edit", {**given, "limit": "", "rule": "rise"})
    assert edited.status_code == 200 and "大于 0" in edited.content.decode()
    for do in ("snooze", "wake", "pause", "resume", "test"):
        assert client.post(f"{base}/{alert.pk}/change", {"do": do}).status_code == 302
    assert [each.title["zh"] for each in Notice.objects.all()] == ["测试：支付"]
    client.force_login(make_user("leadership", product))
    assert client.get(f"{base}/{alert.pk}").status_code == 200
    assert client.post(f"{base}/{alert.pk}/change", {"do": "delete"}).status_code == 403
    client.force_login(lead)
    client.post(f"{base}/{alert.pk}/change", {"do": "delete"})
    assert not Alert.objects.exists()


def test_an_alert_on_a_private_trend_is_its_owners(make, save, product, make_user, client):
    alert = make(save(shared=False))
    client.force_login(make_user("lead", product))
    assert client.get(f"/p/{product.slug}/alerts/{alert.pk}").status_code == 404
    assert alert.name not in client.get(f"/p/{product.slug}/alerts").content.decode()


@pytest.fixture
def fallen(pay_days):
    """Three weeks of payments in two cities; yesterday hardly any in one of them."""
    usual = {TODAY - timedelta(days=back): 60 + back % 3 for back in range(2, 30)}
    pay_days({**usual, YESTERDAY: 61})
    pay_days({**usual, YESTERDAY: 4}, city="北京")


def fall(make, **fields):
    return make(kind="threshold", rule="fall", limit=0.2, base="season", **fields)


@pytest.mark.usefixtures("fallen")
def test_what_fires_says_where_it_moved(make, store, lead, at, client, product):
    alert = fall(make)
    (check,) = evaluate(alert, store, at(TODAY))
    body = Notice.objects.get(user=lead).body
    assert check.event == "fired" and "北京" in body["zh"] and "Where: " in body["en"]
    client.force_login(lead)
    page = client.get(f"/p/{product.slug}/alerts/{alert.pk}").content.decode()
    assert "变动位置" in page and address(alert, check.period).replace("&", "&amp;") in page


@pytest.mark.usefixtures("fallen")
def test_a_line_of_a_breakdown_is_explained_by_itself(make, save, store, lead, at):
    alert = fall(make, analysis=save(unit="day", breakdown=["city"]), breakdown={"city": "北京"})
    asked = change_of(alert, YESTERDAY.isoformat())
    assert asked["question"]["filters"] == [
        {"property": "city", "of": "event", "op": "is", "value": "北京"}
    ]
    assert asked["base_from"] == (YESTERDAY - timedelta(days=7)).isoformat()
    assert asked["figure"] == "A" and not asked["question"]["breakdown"]


def test_what_does_not_divide_has_no_place(make, save, pay, store, at, monkeypatch, lead):
    hourly = make(analysis=save(unit="hour"), kind="threshold", rule="below", limit=5)
    assert address(hourly, "2026-03-31T12:00") == ""
    pay(YESTERDAY, 1)
    alert = make(kind="threshold", rule="below", limit=5)
    monkeypatch.setattr("userops.alerts.explaining.answer", lambda *_a, **_k: 1 / 0)
    (check,) = evaluate(alert, store, at(TODAY))
    assert check.told and Notice.objects.filter(user=lead).count() == 1
