"""Cases, controls, traits and outcomes against plain Python on random streams; evidence by event, exit and segment."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from userops.experience.pain_points.definition import TRAITS, ByEvent, ByExit, BySegment
from userops.experience.pain_points.impact import oracle
from userops.experience.pain_points.impact.cohort import Gathering
from userops.experience.pain_points.impact.hits import hits_of
from userops.experience.pain_points.impact.ledger import read_past, walk
from userops.query.steps import EventStep
from userops.segments.document import parse as parse_segment

FIRST, LAST, AFTER = date(2026, 10, 20), date(2026, 11, 8), 4
EVENTS = ("open", "pay", "fail", "cart")


def stream(seed: int, zone: ZoneInfo) -> list[dict]:
    """Twelve users over eight weeks (the clocks of New York change in them), often at the edge of a day."""
    chance = random.Random(seed)
    found = []
    for _ in range(260):
        day = date(2026, 9, 20) + timedelta(days=chance.randrange(56))
        edge = chance.choice([0, 0, 86_399_999, chance.randrange(86_400_000)])
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        event = chance.choice(EVENTS)
        found.append(
            {
                "event": event,
                "uid": chance.randrange(12),
                "ts": int(midnight.timestamp() * 1000) + edge,
                "amount": chance.choice([5.5, 20.0, 0.0]) if event == "pay" else None,
                "platform": chance.choice(["iOS", "Android", "", ""]),
            }
        )
    return found


def gathered(scope, evidence, *, core="*", segment=None):
    hits = hits_of(evidence, scope, FIRST, LAST, segment=segment)
    past = read_past(scope, FIRST, LAST, core=core, value="amount")
    gathering = Gathering(past, hits, TRAITS)
    for today in walk(past, AFTER):
        gathering.take(today)
    return gathering.cohort(), past


def agree(cohort, past, expected):
    """Others whom no case is like are not kept."""
    alike = {(key[1], row.bands) for key, row in expected.items() if row.case}
    expected = {key: row for key, row in expected.items() if (key[1], row.bands) in alike}
    assert any(row.case for row in expected.values())
    epoch = date(1970, 1, 1)
    found = {}
    for at in range(cohort.person.size):
        key = (int(cohort.person[at]), epoch + timedelta(days=int(cohort.day[at])))
        assert key not in found
        found[key] = at
    assert set(found) == set(expected)
    strata = {}
    for key, row in expected.items():
        at = found[key]
        assert bool(cohort.case[at]) == row.case
        assert cohort.outcomes["active"][at] == row.active
        assert cohort.outcomes["gone"][at] == (row.active == 0)
        assert cohort.outcomes["paid"][at] == pytest.approx(row.paid)
        assert cohort.traits["activity"][at] == row.recent
        assert cohort.traits["value"][at] == pytest.approx(row.value)
        assert cohort.traits["tenure"][at] == row.tenure
        platforms = [name for name in past.platforms if cohort.traits[f"platform:{name}"][at]]
        assert platforms == ([row.platform] if row.platform else [])
        strata.setdefault(int(cohort.stratum[at]), set()).add((key[1], row.bands))
    assert all(len(each) == 1 for each in strata.values())
    assert len(strata) == len({(key[1], row.bands) for key, row in expected.items()})


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("seed", range(6))
def test_rows_of_an_event_are_those_found_by_looking_at_everything(make_scope, seed, zone):
    events = stream(seed, ZoneInfo(zone))
    merges = {3: 4, 7: 2} if seed % 2 else {}
    core = "open" if seed % 3 == 0 else "*"
    scope = make_scope(events, timezone=zone, merges=merges)
    company = oracle.Company(events, ZoneInfo(zone), merges, core)
    cohort, past = gathered(scope, ByEvent(step=EventStep(event="fail")), core=core)

    def failed(person, day):
        return any(e["event"] == "fail" and company.day(e) == day for e in company.of(person))

    agree(cohort, past, oracle.rows(company, failed, FIRST, LAST, AFTER))


@pytest.mark.parametrize("seed", range(4))
def test_rows_of_an_exit_compare_those_who_got_so_far(make_scope, seed):
    zone = ZoneInfo("America/New_York")
    events = stream(100 + seed, zone)
    scope = make_scope(events, timezone=zone.key)
    company = oracle.Company(events, zone, {})
    left = oracle.exits(company, "cart", "pay")
    evidence = ByExit(step=EventStep(event="cart"), next=EventStep(event="pay"))
    cohort, past = gathered(scope, evidence)

    def got_there(person, day):
        return any(e["event"] == "cart" and company.day(e) == day for e in company.of(person))

    expected = oracle.rows(
        company, lambda person, day: (person, day) in left, FIRST, LAST, AFTER, got_there
    )
    agree(cohort, past, expected)


def test_a_segment_is_as_it_was_on_the_day_before(make_scope):
    zone = ZoneInfo("UTC")
    events = stream(7, zone)
    scope = make_scope(events)
    company = oracle.Company(events, zone, {})
    segment = parse_segment(
        {"product": scope.slug, "where": {"who": "did", "event": "fail", "range": {"preset": "all_time"}}}
    )  # fmt: skip
    cohort, past = gathered(scope, BySegment(segment=1), segment=segment)
    members = {company.person(e) for e in events if e["event"] == "fail" and company.day(e) < FIRST}

    def first_time(person, day):
        days = sorted(d for e in company.of(person) if (d := company.day(e)) >= FIRST)
        return person in members and days[:1] == [day]

    agree(cohort, past, oracle.rows(company, first_time, FIRST, LAST, AFTER))


def test_what_comes_after_the_index_day_decides_nothing_before_it(make_scope):
    """Events after the range's followed days may change outcomes only."""
    zone = ZoneInfo("UTC")
    events = stream(9, zone)
    evidence = ByEvent(step=EventStep(event="fail"))
    cohort, _ = gathered(make_scope(events), evidence)
    cut = datetime(2026, 10, 30, tzinfo=UTC).timestamp() * 1000
    before = [event for event in events if event["ts"] < cut]
    again, _ = gathered(make_scope(before), evidence)
    end = (date(2026, 10, 29) - date(1970, 1, 1)).days
    for one, other in ((cohort, again), (again, cohort)):
        early = np.flatnonzero(one.day <= end)
        keys = {(one.person[at], one.day[at], bool(one.case[at])) for at in early}
        late = np.flatnonzero(other.day <= end)
        assert keys == {(other.person[at], other.day[at], bool(other.case[at])) for at in late}
