from __future__ import annotations

import hashlib
import json
import math
from datetime import date, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from userops.demo.company import Company, age_band, simulate
from userops.demo.feedback import FEEDBACK, TEXTS, WORDINGS
from userops.demo.stream import EVENT_NAMES
from userops.demo.world import CATEGORIES, CHANNELS, KEYWORDS, NOUNS, PERSONAS, PLATFORMS
from userops.events.fields import BY_NAME

END = date(2026, 11, 21)
SHANGHAI = timezone(timedelta(hours=8))
NEEDS_LOGIN = {
    *("sign_up", "log_in", "checkout_start", "coupon_receive", "coupon_use", "pay_success"),
    *("pay_fail", "check_in", "favorite", "review_submit", "refund_request", "invite_sent"),
    *("invite_accept", "nps_submit"),
}


@cache
def company() -> Company:
    return simulate(11, END, events=200_000)


@cache
def rows() -> list[dict[str, Any]]:
    table = pa.concat_tables(company().event_chunks())
    return table.select(["event", "distinct_id", "ts", "session", "amount", "props"]).to_pylist()


def digest(made: Company) -> str:
    total = hashlib.sha256()
    for chunk in made.event_chunks(20_000):
        for name in chunk.column_names:
            column = chunk[name].combine_chunks()
            plain = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
            total.update(repr((name, plain.to_pylist())).encode())
    total.update(repr(made.history.to_pylist()).encode())
    total.update(repr(made.identities.to_pylist()).encode())
    total.update(json.dumps([made.profiles, made.truth]).encode())
    return total.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not():
    first, again, other = (simulate(seed, END, days=30, events=8_000) for seed in (3, 3, 4))
    assert digest(first) == digest(again)
    assert digest(first) != digest(other)


@pytest.mark.parametrize(
    ("events", "days"), [(20_000, 60), (200_000, 60), (60_000, 30), (60_000, 90)]
)
def test_the_number_of_events_is_about_what_was_asked_for(events: int, days: int):
    assert simulate(5, END, days=days, events=events).event_count == pytest.approx(events, rel=0.08)


def test_too_small_a_company_is_refused():
    with pytest.raises(ValueError, match="at least 21"):
        simulate(1, END, days=20)
    with pytest.raises(ValueError, match="at least 5000"):
        simulate(1, END, events=4_999)


def test_every_time_lies_inside_the_window_and_every_uuid_is_distinct_and_version_7():
    made = company()
    first = datetime(2026, 9, 23, tzinfo=SHANGHAI).timestamp() * 1000
    last = datetime(2026, 11, 22, tzinfo=SHANGHAI).timestamp() * 1000
    assert first <= made.rows.ts.min() < made.rows.ts.max() < last
    uuids = {bytes(row) for row in made.rows.uuid}
    assert len(uuids) == made.event_count
    assert all(raw[6] >> 4 == 7 and raw[8] >> 6 == 2 for raw in uuids)


def test_columns_are_the_standard_fields():
    table = next(company().event_chunks(100))
    assert table.column_names[:4] == ["event", "distinct_id", "ts", "uuid"]
    assert set(table.column_names[4:-1]) <= set(BY_NAME)
    assert table.column_names[-1] == "props"
    assert table["ts"].type == pa.int64()
    assert table["uuid"].type == pa.binary(16)


def test_properties_are_json_objects_named_in_the_catalogue():
    seen: set[str] = set()
    for row in rows()[::7]:
        seen |= set(json.loads(row["props"]))
    assert seen == set(company().catalogue.properties)
    assert {row["event"] for row in rows()} == set(company().catalogue.events) == set(EVENT_NAMES)
    profiles = company().profiles.values()
    assert {key for profile in profiles for key in profile} == set(
        company().catalogue.profile_properties
    )


def test_old_members_signed_up_before_the_window_and_only_once():
    made = company()
    history = made.history
    assert set(history["event"].to_pylist()) == {"sign_up"}
    members = history["distinct_id"].to_pylist()
    assert len(set(members)) == len(members) == made.truth["counts"]["sign_ups_before"]
    assert max(history["ts"].to_pylist()) < made.scene.plan.start_ms
    assert not set(members) & {r["distinct_id"] for r in rows() if r["event"] == "sign_up"}
    assert history.column_names == next(made.event_chunks(10)).column_names


def test_asking_twice_gives_the_same_chunks():
    made = company()
    assert next(made.event_chunks(5_000)).equals(next(made.event_chunks(5_000)))


def test_chunks_are_cut_without_loss():
    made = simulate(3, END, days=30, events=8_000)
    parts = list(made.event_chunks(999))
    assert sum(part.num_rows for part in parts) == made.event_count
    assert all(part.num_rows == 999 for part in parts[:-1])
    whole = pa.concat_tables(made.event_chunks(10**6))
    assert pa.concat_tables(parts)["props"].to_pylist() == whole["props"].to_pylist()


def test_nobody_does_what_needs_an_account_before_signing_up():
    bad = [
        row for row in rows() if row["event"] in NEEDS_LOGIN and row["distinct_id"].startswith("d-")
    ]
    assert bad == []
    signed = {row["distinct_id"]: row["ts"] for row in rows() if row["event"] == "sign_up"}
    new = {r["distinct_id"] for r in rows() if r["event"] == "first_visit"} & set(signed)
    for row in rows():
        if row["event"] in NEEDS_LOGIN and row["distinct_id"] in new:
            assert row["ts"] >= signed[row["distinct_id"]]


def test_identities_link_each_device_to_one_member_at_the_end_of_its_anonymous_events():
    pairs = company().identities.to_pylist()
    devices = [pair["anonymous_id"] for pair in pairs]
    assert len(set(devices)) == len(devices) > 300
    last: dict[str, int] = {}
    for row in rows():
        if row["distinct_id"].startswith("d-"):
            last[row["distinct_id"]] = max(last.get(row["distinct_id"], 0), row["ts"])
    assert all(last[pair["anonymous_id"]] <= pair["ts"] for pair in pairs)
    assert {pair["distinct_id"] for pair in pairs} <= set(company().profiles)
    assert company().truth["counts"]["merged_share"] == pytest.approx(0.15, abs=0.03)


def test_each_purchase_follows_its_cart_and_checkout_in_the_same_visit():
    by_visit: dict[str, dict[str, int]] = {}
    for row in rows():
        seen = by_visit.setdefault(row["session"], {})
        seen[row["event"]] = min(seen.get(row["event"], row["ts"]), row["ts"])
    chain = ("view_product", "add_to_cart", "checkout_start", "pay_success")
    for seen in by_visit.values():
        for before, after in pairwise(chain):
            if after in seen:
                assert seen[before] <= seen[after]
    reached = [sum(name in seen for seen in by_visit.values()) for name in chain]
    assert reached == sorted(reached, reverse=True)


def test_times_grow_strictly_within_a_visit_and_visits_of_a_person_do_not_overlap():
    made = company()
    order = np.lexsort((made.rows.ts, made.rows.visit))
    visit, ts = made.rows.visit[order], made.rows.ts[order]
    person = made.scene.visits.person[visit]
    same_person = person[1:] == person[:-1]
    assert (ts[1:] - ts[:-1])[same_person].min() >= 0


def test_realised_retention_is_the_planned_one_within_sampling_error():
    channels = company().truth["retention"]["by_channel"]
    assert set(channels) == {channel.name for channel in CHANNELS}
    for name, channel in channels.items():
        for day, planned in channel["planned"].items():
            realised = channel["realised"][day]
            error = math.sqrt(planned * (1 - planned) / realised["n"])
            # days off and holidays move the rate of single days, by about a tenth of it
            assert abs(realised["rate"] - planned) < 4 * error + 0.1 * planned, (name, day)
    day_1 = {name: channel["realised"]["day_1"]["rate"] for name, channel in channels.items()}
    assert max(day_1, key=lambda name: day_1[name]) == "老带新"
    assert min(day_1, key=lambda name: day_1[name]) == "抖音"


def test_figures_are_those_of_a_plausible_app():
    truth = company().truth
    everyone = truth["retention"]["all"]
    assert 0.35 <= everyone["day_1"]["rate"] <= 0.45
    assert 0.18 <= everyone["day_7"]["rate"] <= 0.25
    assert 0.08 <= everyone["day_30"]["rate"] <= 0.14
    counts = truth["counts"]
    paid = [row["amount"] for row in rows() if row["event"] == "pay_success"]
    assert 80 <= np.mean(paid) <= 200
    assert min(paid) > 0
    assert 0.03 <= len(paid) / counts["visits"] <= 0.08


def test_evenings_are_busiest_and_days_off_busier_than_workdays():
    visits, plan = company().scene.visits, company().scene.plan
    hours = np.bincount((visits.start - plan.start_ms) // 3_600_000 % 24, minlength=24)
    assert set(np.argsort(hours)[-3:]) & {20, 21, 22}
    assert hours[3] < hours[21] / 20
    per_day = np.bincount(visits.day, minlength=plan.days)
    ordinary = ~plan.in_holiday
    assert per_day[plan.day_off & ordinary].mean() > 1.04 * per_day[~plan.day_off].mean()


@cache
def large() -> dict[str, Any]:
    return simulate(23, END, events=1_000_000).truth


def close(found: dict[str, Any], rate: float, slack: float = 0.0) -> bool:
    return abs(found["rate"] - rate) < 4 * math.sqrt(rate * (1 - rate) / found["n"]) + slack


def test_the_bad_release_hurts_android_and_nobody_else():
    release = large()["release"]
    groups = release["realised_until_fix"]
    bad, other, ios = groups["android_3_2_0"], groups["android_other"], groups["ios_3_2_0"]
    assert close(bad["crash_per_visit"], release["planned"]["crash_rate"])
    assert close(other["crash_per_visit"], release["planned"]["healthy_crash_rate"])
    assert close(ios["crash_per_visit"], release["planned"]["healthy_crash_rate"])
    healthy = other["paid_per_checkout"]["rate"]
    assert close(bad["paid_per_checkout"], release["planned"]["pay_factor"] * healthy, slack=0.05)
    assert ios["paid_per_checkout"]["rate"] > 0.8


def test_the_incident_stops_payments_for_one_hour():
    realised = large()["incident"]["realised"]
    assert close(realised["paid_per_checkout"], 0.10, slack=0.05)
    assert realised["otherwise"]["rate"] > 0.75


def test_campaign_and_burst_bring_the_planned_factor_of_new_users():
    referral = large()["referral"]["realised_new_users_per_day"]
    assert referral["during"] / referral["otherwise"] == pytest.approx(2.4, rel=0.2)
    burst = large()["burst"]["realised_new_users"]
    assert burst["on_the_day"] / burst["mean_of_other_days"] == pytest.approx(6.0, rel=0.35)
    assert large()["referral"]["invitations_accepted"] > 500


def test_the_experiment_has_its_planned_effect():
    arms = large()["experiment"]["realised_paid_per_checkout"]
    a, b = arms["A"], arms["B"]
    error = math.sqrt(sum(x["rate"] * (1 - x["rate"]) / x["n"] for x in (a, b))) / a["rate"]
    assert abs(b["rate"] / a["rate"] - 1.08) < 4 * error + 0.01


def test_holidays_make_up_days_and_activity():
    holidays = large()["holidays"]
    assert [holiday["slug"] for holiday in holidays["dates"]] == ["mid_autumn", "national"]
    assert holidays["make_up_workdays"] == ["2026-10-10"]
    assert (
        holidays["mean_daily_active"]["holiday"]
        > 1.1 * holidays["mean_daily_active"]["ordinary_days_nearby"]
    )


def test_a_window_without_public_holidays_gets_the_festival_of_the_company():
    truth = simulate(2, date(2027, 9, 10), days=40, events=6_000).truth
    assert [(h["slug"], h["public"]) for h in truth["holidays"]["dates"]] == [("festival", False)]


def test_personas_differ_in_their_rhythm_and_taste():
    made = company()
    views = made.rows.kind == EVENT_NAMES.index("view_product")
    persona = made.scene.persona[made.rows.visit]
    hour = (made.rows.ts - made.scene.plan.start_ms) // 3_600_000 % 24
    night = [np.mean(np.isin(hour[persona == i], [22, 23, 0, 1])) for i in range(len(PERSONAS))]
    assert int(np.argmax(night)) == 1
    assert night[1] > 2 * sorted(night)[-2]
    category = np.array([row["props"] for row in rows()])[views]
    mums = np.mean(["母婴" in props for props in category[persona[views] == 0]])
    others = np.mean(["母婴" in props for props in category[persona[views] == 3]])
    assert mums > 5 * others


def test_bots_and_test_users_are_named_in_the_truth():
    truth = company().truth
    senders = {row["distinct_id"] for row in rows()}
    assert set(truth["bots"]) <= senders
    assert set(truth["test_users"]) <= senders
    marked = {user for user, profile in company().profiles.items() if profile.get("is_test")}
    assert marked == set(truth["test_users"])
    users = [user for group in truth["personas"].values() for user in group["users"]]
    assert len(users) == len(set(users)) == truth["counts"]["people"] - truth["counts"]["bots"]
    devices = {pair["anonymous_id"] for pair in company().identities.to_pylist()}
    assert senders - devices == set(users) | set(truth["bots"])


def test_some_events_arrive_late_and_chunks_come_in_order_of_arrival():
    ts = company().rows.ts
    behind = np.maximum.accumulate(ts) - ts > 3_600_000
    assert 0.005 < behind.mean() < 0.02


def test_searches_without_result_are_the_planted_needs():
    unmet = {word for words in company().truth["unmet_needs"].values() for word in words}
    empty = {
        found["keyword"]
        for row in rows()
        if row["event"] == "search" and (found := json.loads(row["props"]))["result_count"] == 0
    }
    assert empty == unmet


def test_tables_of_the_world_fit_together():
    assert len(KEYWORDS) == len(NOUNS) == len(CATEGORIES)
    assert all(len(persona.categories) == len(CATEGORIES) for persona in PERSONAS)
    assert all(len(persona.hours) == 24 for persona in PERSONAS)
    assert all(len(persona.platforms) == len(PLATFORMS) for persona in PERSONAS)
    assert all(len(channel.personas) == len(PERSONAS) for channel in CHANNELS)
    assert len(set(TEXTS)) == len(TEXTS) == WORDINGS * len(FEEDBACK)
    assert [age_band(age) for age in (18, 25, 39, 49, 50)] == [
        "18–24",
        "25–29",
        "30–39",
        "40–49",
        "50+",
    ]
