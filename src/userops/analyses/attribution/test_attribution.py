from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.analyses.attribution import ATTRIBUTION, oracle
from userops.analyses.attribution.document import MODEL_NAMES, AttributionDocument

HOUR = 3_600_000
# around these days clocks go forward or back
ZONES = {
    "America/New_York": date(2024, 3, 10),
    "Asia/Shanghai": date(2024, 2, 29),
    "Europe/Berlin": date(2024, 10, 27),
}
SHANGHAI = {"property": "city", "op": "is", "value": "上海"}
GOLD = {"property": "level", "op": "is_not", "value": "gold", "of": "user"}
LOOKBACK = 6 * HOUR


@st.composite
def streams(draw: st.DrawFn) -> dict[str, Any]:
    """Events of few persons, some at the edges of days and of the look-back, some at the same time."""
    zone = draw(st.sampled_from(list(ZONES)))
    day = ZONES[zone]
    middle = int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp()) * 1000
    edge = st.sampled_from([-1, 0, 0, 1])
    event = st.fixed_dictionaries(
        {
            "event": st.sampled_from(["open", "open", "share", "pay"]),
            "uid": st.integers(0, 4),
            "ts": st.builds(lambda n, e: middle + n * HOUR + e, st.integers(-8, 26), edge),
            "city": st.sampled_from(["上海", "北京", ""]),
            "channel": st.sampled_from(["微信", "抖音", "搜索", "", "direct"]),
            "amount": st.sampled_from([None, 1.0, 2.5, 40.0]),
        }
    )
    level = st.fixed_dictionaries({"level": st.sampled_from(["gold", "new"])})
    return {
        "events": draw(
            st.lists(event, min_size=draw(st.sampled_from([0, 20, 25, 30])), max_size=45)
        ),
        "timezone": zone,
        "merges": draw(st.dictionaries(st.integers(3, 4), st.integers(0, 2), max_size=2)),
        "profiles": draw(st.dictionaries(st.integers(0, 4), level, max_size=3)),
        "first": day,
        "last": day + timedelta(days=draw(st.integers(0, 1))),
    }


@st.composite
def options(draw: st.DrawFn) -> dict[str, Any]:
    channel = {"event": "open", "property": "channel"}
    filtered = {**channel, "filters": [SHANGHAI]}
    goal = {
        "event": "pay",
        "property": draw(st.sampled_from([None, "amount"])),
        "filters": draw(st.sampled_from([None, [SHANGHAI]])),
    }
    return {
        "touches": draw(
            st.sampled_from([[channel], ["open", "share"], [filtered, "share"], [channel, "pay"], ["*"]])
        ),
        "goal": {name: value for name, value in goal.items() if value},
        "goals": draw(st.sampled_from(["every", "first"])),
        "lookback": "6h",
        "half_life": draw(st.sampled_from(["1h", "7d"])),
        "filters": draw(st.sampled_from([[], [], [GOLD]])),
        "breakdown": draw(
            st.sampled_from([[], ["city"], [{"property": "level", "of": "user"}]])
        ),
    }  # fmt: skip


def question(first: date, last: date, **fields: Any) -> AttributionDocument:
    days = {"from": first, "to": last}
    return AttributionDocument.model_validate({"product": "shop", "range": days, **fields})


def _channel(row: dict[str, Any], touches: list[Any]) -> str | None:
    for touch in touches:
        step = {"event": touch} if isinstance(touch, str) else touch
        fits = step["event"] in ("*", row["event"])
        if fits and (not step.get("filters") or row["city"] == "上海"):
            return f"value:{row['channel']}" if "property" in step else f"event:{row['event']}"
    return None


def oracle_rows(stream: dict[str, Any], chosen: dict[str, Any]) -> list[dict[str, Any]]:
    families = [
        "event" if isinstance(touch, str) or "property" not in touch else "value"
        for touch in chosen["touches"]
    ]
    rows = []
    for row in stream["events"]:
        person = stream["merges"].get(row["uid"], row["uid"])
        level = stream["profiles"].get(person, {}).get("level", "")
        fits = not chosen["filters"] or level != "gold"
        channel = _channel(row, chosen["touches"]) if fits else None
        rank = (families.index(channel.partition(":")[0]), channel) if channel else (-1, "")
        rows.append(
            {
                "person": person, "ts": row["ts"], "channel": channel, "rank": rank, "level": level,
                "city": row["city"], "goal": fits and row["event"] == "pay" and (
                    "filters" not in chosen["goal"] or row["city"] == "上海"
                ),
                "value": (row["amount"] or 0.0) if "property" in chosen["goal"] else 1.0,
            }
        )  # fmt: skip
    return rows


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(stream=streams(), chosen=options())
def test_the_credits_are_those_of_the_oracle(make_scope, stream, chosen):
    scope = make_scope(
        stream["events"], timezone=stream["timezone"], merges=stream["merges"], profiles=stream["profiles"]
    )  # fmt: skip
    document = question(stream["first"], stream["last"], **chosen)
    begin, end = document.range.bounds(scope.zone)
    rules = oracle.Rules(
        begin, end, LOOKBACK, document.half_life_ms, chosen["goals"] == "first", document.direct
    )
    rows = oracle_rows(stream, chosen)
    found, lost = oracle.journeys(rows, rules)
    result = ATTRIBUTION.run(document, scope)
    assert result["goals"] == len(found)
    assert result["users"] == len({goal["person"] for goal, _touches in found})
    assert result["untouched"] == sum(not touches for _goal, touches in found)
    _check_credits(result["channels"], found, lost, rules)
    _check_reach(result["channels"], rows, found, rules)
    _check_journeys(result, found)
    _check_breakdown(document, result, found, lost, rules)
    _check_people(document, scope, result, found, rules)


def _check_credits(channels, found, lost, rules):
    whole = {False: len(found), True: sum(goal["value"] for goal, _touches in found)}
    for model in MODEL_NAMES:
        for valued, name in ((False, "credits"), (True, "values")):
            if any(name not in row for row in channels):
                continue
            expected = oracle.credits_of(model, found, lost, rules, valued=valued)
            got = {row["channel"]: row[name][model] for row in channels}
            for channel, credit in expected.items():
                assert got.pop(channel, 0) == pytest.approx(float(credit), abs=1e-8), (
                    model,
                    channel,
                )
            assert all(rest == 0 for rest in got.values())
            # credits add up to the goals
            exact = sum(expected.values(), Fraction(0))
            if model != "markov" or exact:
                assert float(exact) == pytest.approx(whole[valued], abs=1e-9)
            total = sum(row[name][model] for row in channels)
            assert total == pytest.approx(whole[valued], abs=1e-8)


def _check_reach(channels, rows, found, rules):
    touches = [r for r in rows if r["channel"] and rules.begin <= r["ts"] < rules.end]
    times = Counter(row["channel"] for row in touches)
    users = Counter(channel for channel, _p in {(r["channel"], r["person"]) for r in touches})
    assisted = Counter(c for _goal, before in found for c in {t["channel"] for t in before})
    told = {row["channel"]: row for row in channels if row["channel"] != "$none"}
    assert set(told) == set(times) | set(assisted)
    for channel, row in told.items():
        reach = (row["touches"], row["users"], row["assisted"])
        assert reach == (times[channel], users[channel], assisted[channel])


def _check_journeys(result, found):
    lengths = Counter(min(len(touches), 10) for _goal, touches in found)
    assert {row["touches"]: row["goals"] for row in result["lengths"] if row["goals"]} == lengths
    lags = [goal["ts"] - touches[0]["ts"] for goal, touches in found if touches]
    assert sum(row["goals"] for row in result["lags"]) == len(lags)
    for row in result["lags"]:
        high = row["to"] * 1000 if row["to"] else float("inf")
        assert row["goals"] == sum(row["from"] * 1000 <= lag < high for lag in lags)


def _check_breakdown(document, result, found, lost, rules):
    """Each value of a breakdown is answered as a question of its own."""
    if not document.breakdown:
        assert result["breakdown"] == []
        return
    name = document.breakdown[0].property
    values = Counter(goal[name] for goal, _touches in found)
    assert {part["value"]: part["goals"] for part in result["breakdown"]} == values
    for part in result["breakdown"]:
        mine = [each for each in found if each[0][name] == part["value"]]
        gone = lost if name == "city" else [j for j in lost if j[0][name] == part["value"]]
        _check_credits(part["channels"], mine, gone, rules)


def _check_people(document, scope, result, found, rules):
    def who(**selection):
        return ATTRIBUTION.people(document, scope, selection, 100, 0).persons

    for row in result["channels"][:1]:
        with_it = [
            (goal, touches) for goal, touches in found
            if any(t["channel"] == row["channel"] for t in touches)
            or (not touches and row["channel"] == "$none")
        ]  # fmt: skip
        assert who(channel=row["channel"]) == sorted({g["person"] for g, _t in with_it})
        for model in ("last", "last_non_direct"):
            owed = {
                goal["person"] for goal, touches in with_it
                if not touches or any(
                    share and t["channel"] == row["channel"]
                    for t, share in zip(touches, oracle.weights(model, goal, touches, rules), strict=True)
                )
            }  # fmt: skip
            assert who(channel=row["channel"], model=model) == sorted(owed)
        if row["users"]:
            assert len(who(channel=row["channel"], what="touches")) == row["users"]
    for line in result["lengths"][:2]:
        held = {g["person"] for g, t in found if len(t) == line["touches"]}
        assert who(length=line["touches"]) == sorted(held)
    for line in result["lags"][:1]:
        assert bool(who(lag=line["from"])) == bool(line["goals"])
    for part in result["breakdown"][:1]:
        name = document.breakdown[0].property
        first = part["channels"][0]["channel"]
        mine = {
            g["person"] for g, t in found if g[name] == part["value"]
            and (any(x["channel"] == first for x in t) or (not t and first == "$none"))
        }  # fmt: skip
        assert who(channel=first, breakdown=part["value"]) == sorted(mine)
