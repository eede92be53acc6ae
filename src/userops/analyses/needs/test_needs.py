from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.answering import parse
from userops.analyses.needs import NEEDS, oracle, running, weighing
from userops.analyses.needs.chart import charted
from userops.analyses.needs.document import Needs
from userops.analyses.registry import BY_KIND
from userops.analyses.streams import inside
from userops.errors import DocumentError
from userops.query.dates import absolute

HOUR, DAY = 3_600_000, 86_400_000
ZONES = {"Asia/Shanghai": date(2024, 3, 5), "Europe/Berlin": date(2024, 3, 31)}
GOLD = {"property": "level", "op": "is", "value": "gold", "of": "user"}
SHANGHAI = {"property": "city", "op": "is", "value": "上海"}
SEARCHES = [
    {"event": "search", "word": "word", "results": "found"},
    {"event": "look", "word": "word", "results": "found"},
    {"event": "look", "word": "tag", "results": "n"},
]
"""The first is the one that would be found without being told; of the others names give nothing away."""
STEPS = ["open", "cart", "pay"]


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    first, last = day - timedelta(days=draw(st.integers(1, 5))), day + timedelta(days=2)
    begin, after = absolute(first, last).bounds(ZoneInfo(zone))
    at = st.one_of(
        st.builds(
            lambda days, more: middle + days * DAY + more,
            st.integers(-6, 4),
            st.sampled_from([-1, 0, 1, HOUR, 24 * HOUR, 23 * HOUR, -HOUR]),
        ),
        st.sampled_from([begin - 1, begin, after - 1, after]),
    )
    what = st.sampled_from(
        [*[("open", {}), ("cart", {}), ("pay", {})] * 3,
         ("failed", {"reason": "slow"}), ("failed", {}), ("broke", {"reason": "slow"}), ("broke", {}),
         ("search", {"word": "tea", "found": 0}), ("search", {"word": "tea", "found": 3}),
         ("search", {"word": "cake", "found": 0}), ("search", {"word": "cake"}), ("search", {"found": 0}),
         ("look", {"word": "tea", "found": 0, "tag": "cake", "n": 0}), ("look", {"word": "pie", "n": 1}),
         ("look", {"tag": "tea", "n": 0, "found": 2, "word": "cake"})]
    )  # fmt: skip
    event = st.builds(
        lambda uid, ts, what, city: {
            "uid": uid, "ts": ts, "event": what[0], "props": what[1], "city": city,
        },
        st.integers(0, 7), at, what, st.sampled_from(["上海", "上海", "北京"]),
    )  # fmt: skip
    return {
        "events": draw(st.lists(event, min_size=draw(st.sampled_from([0, 40])), max_size=70)),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(6, 7), st.integers(0, 5), max_size=2)),
        "gold": draw(st.sets(st.integers(0, 5))),
        "range": (first, last),
    }


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    stream=streams(),
    stayed=st.integers(1, 3),
    grouped=st.booleans(),
    search=st.sampled_from(SEARCHES),
    failures=st.sampled_from([["failed"], ["broke"], ["failed", "broke"]]),
    window=st.sampled_from(["1d", "3d"]),
    filters=st.sampled_from([[], [SHANGHAI]]),
)
def test_agrees_with_the_oracle(
    make_scope, stream, stayed, grouped, search, failures, window, filters
):
    profiles = {person: {"level": "gold"} for person in stream["gold"]}
    scope = make_scope(
        stream["events"],
        timezone=stream["timezone"],
        merges=stream["merges"],
        profiles=profiles,
    )
    first, last = stream["range"]
    document = Needs.model_validate(
        {
            "product": scope.slug, "range": {"from": first, "to": last}, "min_support": 1, "limit": 50,
            "search": search, "steps": STEPS, "failures": failures, "stayed_days": stayed,
            "window": window, "group": [GOLD] if grouped else [], "filters": filters,
        }
    )  # fmt: skip
    rows = [
        {
            **row,
            "person": stream["merges"].get(row["uid"], row["uid"]),
            "word": row["props"].get(search["word"], ""),
            "found": row["props"].get(search["results"]),
            "reason": row["props"].get("reason", ""),
        }
        for row in stream["events"]
        if not filters or row["city"] == "上海"
    ]
    group = stream["gold"] if grouped else set(range(8))
    known = oracle.counted(
        rows, ZoneInfo(stream["timezone"]), first, last, group, stayed, search["event"], failures
    )
    result = NEEDS.run(document, scope)
    json.dumps(result, allow_nan=False)
    check_sizes(result, inside(rows, ZoneInfo(stream["timezone"]), first, last), group, search)
    check_counts(document, scope, known)
    shown = {(each["kind"], each["name"], each["more"]): each for each in result["needs"]}
    wanted = {
        key for key, each in known.items() if each["users"] and key[0] in ("search", "failure")
    }
    assert {key for key in shown if key[0] in ("search", "failure")} == wanted
    for key in wanted:
        need, truth = shown[key], known[key]
        assert (need["users"], need["times"]) == (len(truth["users"]), len(truth["times"]))
        if need["rest_kn"]:
            assert need["rest_kn"][0] == len(truth["rest"])
        again = {person for person in truth["users"] if truth["times"].count(person) > 1}
        assert need["repeaters"] in (None, len(again))
        selection = {
            "kind": key[0],
            "name": key[1],
            **({"more": key[2] or ""} if key[0] == "failure" else {}),
        }
        assert NEEDS.people(document, scope, selection, 99, 0).persons == sorted(truth["users"])
    check_exits(document, scope, shown)


def check_sizes(result, rows, group, search):
    """Who was there, who searched, and who of them found nothing."""
    persons = {row["person"] for row in rows}
    assert (result["users"], result["others"]) == (len(persons & group), len(persons - group))
    tried = [row for row in rows if row["event"] == search["event"] and row["person"] in group]
    missed = [row for row in tried if row["found"] == 0]
    found = [result["search"][name] for name in ("searches", "empty", "searchers", "disappointed")]
    who = [len({row["person"] for row in each}) for each in (tried, missed)]
    assert found == [len(tried), len(missed), *who]


def check_counts(document, scope, known):
    """Gaps before they are judged, and who is behind them."""
    asking = running.Asking(document, scope)
    for count in running._gaps(asking):
        truth = known["gap", count.name, None]
        assert (count.users, count.rest) == (len(truth["users"]), len(truth["rest"]))
        people = NEEDS.people(document, scope, {"kind": "gap", "name": count.name}, 99, 0)
        assert people.persons == sorted(truth["users"])


def check_exits(document, scope, shown):
    """The funnel analysis, which has an oracle of its own, tells the same."""
    evidence = {
        "product": document.product, "range": document.range, "window": document.window,
        "filters": (*document.filters, *document.group), "steps": [{"event": step} for step in STEPS],
    }  # fmt: skip
    funnel = BY_KIND["funnel"]
    steps = funnel.run(funnel.document.model_validate(evidence), scope)["steps"]
    users = [step["users"] for step in steps]
    for at, (step, after) in enumerate(pairwise(STEPS)):
        need = shown.get(("exit", step, after))
        left = users[at] - users[at + 1]
        assert (need["users"], need["whole"]) == (left, users[at]) if need else left == 0
        people = NEEDS.people(document, scope, {"kind": "exit", "name": step}, 99, 0)
        assert people.total == left


START = 1_709_251_200_000
MARCH = {"from": "2024-03-01", "to": "2024-03-28"}


def build(**more: Any) -> Needs:
    return Needs.model_validate({"product": "p", "range": MARCH, **more})


def shop() -> list[dict[str, Any]]:
    """Gold members look for tea in vain, others for cake; most leave at the checkout; some payments fail."""
    rows = []
    for uid in range(120):
        gold, at = uid < 60, START + uid * 60_000
        word = "tea" if gold else "cake"
        rows += [
            {"event": "open", "uid": uid, "ts": at},
            {
                "event": "search",
                "uid": uid,
                "ts": at + 1,
                "props": {"keyword": word, "result_count": uid % 2},
            },
            {"event": "open", "uid": uid, "ts": at + (20 if uid % 3 == 0 else 2) * DAY},
        ]
        if uid % 3 == 0:
            rows += [
                {"event": "tips", "uid": uid, "ts": at + 20 * DAY},
                {"event": "open", "uid": uid, "ts": at + 26 * DAY},
            ]
        if uid % 4 == 0:
            rows.append({"event": "add_to_cart", "uid": uid, "ts": at + 2})
        if uid % 8 == 0:
            rows.append({"event": "pay_success", "uid": uid, "ts": at + 3, "amount": 5.0})
        if uid % 10 == 0:
            failed = {"event": "pay_fail", "uid": uid, "props": {"error_code": "SLOW"}}
            rows += [{**failed, "ts": at + 4}, {**failed, "ts": at + 5}]
    return rows


def test_needs_are_found_without_being_told_where(make_scope):
    scope = make_scope(shop(), profiles={uid: {"level": "gold"} for uid in range(60)})
    result = NEEDS.run(build(group=[GOLD]), scope)
    assert result["search"]["word"] == "keyword" and result["search"]["results"] == "result_count"
    assert result["steps"] == ["open", "add_to_cart", "pay_success"]
    assert result["failures"] == [{"event": "pay_fail", "reason": "error_code"}]
    by_kind = {each["kind"]: each for each in reversed(result["needs"])}
    search = by_kind["search"]
    assert (search["name"], search["users"], search["whole"], search["rest"]) == (
        "tea",
        30,
        60,
        0.0,
    )
    assert search["telling"] and search["interval"][0] < 0.5 < search["interval"][1]
    assert (by_kind["exit"]["name"], by_kind["exit"]["users"]) == ("open", 45)
    failure = by_kind["failure"]
    assert (failure["more"], failure["users"], failure["times"], failure["repeaters"]) == (
        "SLOW",
        6,
        12,
        6,
    )
    assert failure["per_user"] == 2.0
    assert (by_kind["gap"]["name"], by_kind["gap"]["users"], by_kind["gap"]["whole"]) == (
        "tips",
        40,
        40,
    )


def test_a_feature_is_what_people_choose_to_use(make_scope):
    """Steps of the funnel, failures and updates set those who stayed apart, and are nothing that others lack."""
    rows = shop()
    for row in shop():
        if row["event"] == "tips":
            more = ("add_to_cart", "pay_fail", "app_update", "check_in")
            rows += [{**row, "event": event, "ts": row["ts"] + 9} for event in more]
    scope = make_scope(rows)
    found = {count.name for count in running._gaps(running.Asking(build(), scope))}
    assert found >= {"tips", "pay_fail", "app_update", "check_in"}
    needs = NEEDS.run(build(), scope)["needs"]
    assert {each["name"] for each in needs if each["kind"] == "gap"} == {"tips", "check_in"}


def test_the_bars_of_a_kind_stand_by_their_length():
    gaps = [{"kind": "gap", "users": users} for users in (5, 9, 7, 8, 99)]
    drawn = [each["users"] for each in charted({"needs": gaps})]
    assert drawn == [9, 8, 7, 5]


@pytest.mark.parametrize("zone, hours", [("UTC", 0), ("Asia/Shanghai", 8)])
def test_the_main_funnel_is_what_buyers_did_before_on_that_day(make_scope, zone, hours):
    """Not the day before, nor afterwards; by persons, and in this product only; days as the product's clock has
    them: at seven in Shanghai it is yesterday in Greenwich."""

    def did(event: str, uids: Any, at: int, **more: Any) -> list[dict[str, Any]]:
        return [
            {"event": event, "uid": uid, "ts": START - hours * HOUR + at, **more} for uid in uids
        ]

    at = 3 * DAY + 7 * HOUR
    rows = did("pay_success", range(10), at, amount=1.0)
    rows += did("thanks", range(14), at + 1) + did("cart", range(20), at)
    rows += did("yesterday", range(24), 3 * DAY - 1)
    # two buyers opened under another id
    rows += did("open", [*range(8), *range(60, 80)], at - 1)
    elsewhere = did("pay_success", range(10), at + HOUR, amount=1.0)
    make_scope(elsewhere + did("yesterday", range(10), at - 5))
    scope = make_scope(rows, merges={60: 8, 61: 9}, timezone=zone)
    assert NEEDS.run(build(), scope)["steps"] == ["open", "cart", "pay_success"]


def test_the_main_funnel_looks_at_the_range_alone_and_at_who_is_asked_for(make_scope):
    """From its first millisecond to its last; a purchase is the last one of its day; filters hold for both."""

    def did(event: str, ts: int, city: str = "上海") -> list[dict[str, Any]]:
        return [{"event": event, "uid": uid, "ts": ts, "city": city} for uid in range(10)]

    def steps(rows: list[dict[str, Any]]) -> list[str]:
        # everyone of a step that is kept is more than its buyers
        more = [{**row, "uid": row["uid"] + 20} for row in rows if row["event"] != "pay_success"]
        counted = [row for row in more if START <= row["ts"] < after]
        return NEEDS.run(build(filters=[SHANGHAI]), make_scope(rows + counted))["steps"]

    after = START + 28 * DAY
    assert steps(did("cart", START) + did("pay_success", START)) == ["cart", "pay_success"]
    end = did("cart", after - 1) + did("pay_success", after - 1)
    assert steps(end) == ["cart", "pay_success"]
    outside = did("cart", START + HOUR) + did("pay_success", START + HOUR, "北京")
    assert steps([*outside, *did("pay_success", START + 2 * DAY)]) == []
    elsewhere = did("cart", START + HOUR, "北京") + did("cart", START + 2 * DAY)
    assert steps([*elsewhere, *did("pay_success", START + 2 * HOUR)]) == []
    twice = did("pay_success", START) + did("cart", START + 1) + did("pay_success", START + 2)
    assert steps(twice) == ["cart", "pay_success"]


@pytest.mark.parametrize(
    ("first", "last", "stayed"),
    [(14 * DAY - 1, 21 * DAY, True), (14 * DAY, 21 * DAY, False), (0, 21 * DAY - 1, False),
     (0, 28 * DAY - 1, True), (0, 28 * DAY, False), (-1, 27 * DAY, False)],
)  # fmt: skip
def test_who_stayed_to_the_millisecond(make_scope, first, last, stayed):
    """Before the last 14 days, and in the last 7; both moments, and those of the range, count once."""
    seen = [("open", 1, first), ("open", 1, last), ("open", 2, DAY)]  # 2 left, and 3 stayed
    seen += [("tips", 3, DAY), ("tips", 3, 25 * DAY)]
    scope = make_scope([{"event": event, "uid": uid, "ts": START + at} for event, uid, at in seen])
    counts = running._gaps(running.Asking(build(), scope))
    [tips] = [each for each in counts if each.name == "tips"]
    assert (tips.users, tips.rest) == ((1, 1) if stayed else (2, 0))
    people = NEEDS.people(build(), scope, {"kind": "gap", "name": "tips"}, 9, 0)
    assert people.persons == ([2] if stayed else [1, 2])


def test_later_steps_may_lie_after_the_range_but_within_the_window(make_scope):
    """The first step lies in the range; filters and the group hold for all steps."""
    day, end = 24 * HOUR, START + 28 * DAY
    seen = [
        (1, "open", end - 1), (1, "pay", end - 1 + day),  # a day is the window, to the millisecond
        (2, "open", end - 1), (2, "pay", end + day),
        (3, "open", end), (3, "pay", end + 1),  # began too late
        (4, "open", START - 1), (4, "pay", START),  # began too early
        (5, "open", START), (5, "pay", START + 1),
        (6, "open", START), (7, "open", START), (7, "pay", START + 2),
    ]  # fmt: skip
    rows = [
        {"event": event, "uid": uid, "ts": ts, "city": "北京" if uid == 6 else "上海"}
        for uid, event, ts in seen
    ]
    scope = make_scope(rows, profiles={uid: {"level": "gold"} for uid in range(1, 7)})
    document = build(steps=["open", "pay"], window="1d", filters=[SHANGHAI], group=[GOLD])
    [exit_] = running._exits(running.Asking(document, scope), running.subject_of(document, scope))
    assert (exit_.users, exit_.whole) == (1, 3)
    people = NEEDS.people(document, scope, {"kind": "exit", "name": "open"}, 9, 0)
    assert people.persons == [2]


def test_the_days_of_staying_and_the_limit_of_each_kind(make_scope):
    scope = make_scope(shop())
    kinds = [need["kind"] for need in NEEDS.run(build(), scope)["needs"]]
    assert kinds.count("search") == 2 and kinds.count("gap") == 1
    # nobody was there on the very last day
    assert "gap" not in {need["kind"] for need in NEEDS.run(build(stayed_days=1), scope)["needs"]}
    few = [need["kind"] for need in NEEDS.run(build(limit=1), scope)["needs"]]
    assert sorted(few) == sorted(set(kinds))


@pytest.mark.parametrize("rows", [[], [{"event": "open", "uid": 1, "ts": START}]])
def test_a_product_that_tells_little(make_scope, rows):
    document = build()
    result = NEEDS.run(document, make_scope(rows))
    assert (result["search"], result["steps"], result["needs"]) == (None, [], [])
    json.dumps([result, NEEDS.chart(document, result, "zh")], allow_nan=False)
    assert NEEDS.table(document, result).rows == []
    assert len(NEEDS.page.notes(document, result, lambda _of, name: name)) == 1


def test_the_evidence_gives_the_same_number(make_scope):
    scope = make_scope(shop(), profiles={uid: {"level": "gold"} for uid in range(60)})
    for need in NEEDS.run(build(group=[GOLD]), scope)["needs"]:
        analysis, question = parse(need["evidence"])
        answer = analysis.run(question, scope)
        if need["kind"] in ("search", "failure"):
            people = analysis.people(question, scope, {"series": 0}, 1, 0)
            assert people.total == need["users"]
        elif need["kind"] == "exit":
            assert need["whole"] in [step["users"] for step in answer["steps"]]


def test_chart_table_and_sentences_use_display_names(make_scope):
    document = build()
    result = NEEDS.run(document, make_scope(shop()))
    named = NEEDS.page.named(
        document, result, {"open": "打开", "add_to_cart": "加购", "tips": "贴士"}
    )
    text = json.dumps(NEEDS.chart(document, named, "zh"), ensure_ascii=False)
    assert "打开 → 加购" in text and "流程退出" in text
    table = NEEDS.table(document, named)
    assert len(NEEDS.page.cells(document, named, table)) == len(table.rows) == len(named["needs"])
    told = [each.zh for each in NEEDS.page.notes(document, named, lambda _of, name: name)]
    assert any("搜不到最多的是“cake”：30 人" in each for each in told)
    assert any("“贴士”" in each for each in told)


def test_few_people_are_no_need():
    few = weighing.Count("search", "x", None, 4, 4, 100)
    assert weighing.weighed([few], 5, 10) == []
    assert len(weighing.weighed([few], 4, 10)) == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [({"group": [{"property": "city", "value": "x"}]}, "of = user"), ({"steps": ["a"]}, "at least two steps"),
     ({"steps": ["a", "a"]}, "at least two steps"), ({"window": "x"}, "30m"), ({"limit": 0}, "limit"),
     ({"group": [{"not": {"or": [GOLD, {"and": [{"property": "c", "op": "set"}]}]}}]}, "of = user")],
)  # fmt: skip
def test_wrong_documents_say_why(more, field):
    with pytest.raises(DocumentError) as wrong:
        parse({"kind": "needs", "product": "p", **more})
    assert field in wrong.value.words.en and "needs_" not in wrong.value.words.en


@pytest.mark.parametrize(
    "selection",
    [{}, {"kind": "odd", "name": "x"}, {"kind": "search", "name": 3}, {"kind": "exit", "name": "x"},
     {"kind": "gap"}, {"kind": "failure", "name": "x"}, {"kind": "search", "name": "x", "y": "z"}],
)  # fmt: skip
def test_wrong_selections_are_refused(make_scope, selection):
    with pytest.raises(DocumentError) as wrong:
        NEEDS.people(build(), make_scope([]), selection, 10, 0)
    assert wrong.value.code == "selection_invalid"


def test_every_option_is_told():
    city = {"property": "city", "op": "is", "value": "上海"}
    told = NEEDS.describe(build(group=[GOLD], window="3d", stayed_days=5, filters=[city]))
    for word in ("“level”", "3 days", "10 days ago", "last 5 days", "“city”", "not be the cause"):
        assert word in told.en
    for word in ("“level”", "3 天", "10 天前", "最近 5 天", "“city”", "不等于因果"):
        assert word in told.zh
