"""Clocks against the walk through each minute, known cases, and laws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from userops.feedback.clocks import oracle
from userops.feedback.clocks.instances import instances, step_moments
from userops.feedback.clocks.lifeline import Attributes, Happening, stretches
from userops.feedback.clocks.terms import Case, Promises, Terms
from userops.feedback.conditions import Condition
from userops.worktime.calendar import Calendar
from userops.worktime.hours import parsed

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
OFFICE = Calendar(SHANGHAI)
MINUTE = timedelta(minutes=1)
TARGETS = {"first": 60, "next": 120, "resolution": 480, "team": 240}


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=SHANGHAI).astimezone(UTC)


def happened(*lines: str) -> list[Happening]:
    """`23 09:00 status new>open`, `23 09:00 answered` …"""
    found = []
    for line in lines:
        day, clock, kind, *rest = line.split()
        data = {}
        if kind == "status":
            before, after = rest[0].split(">")
            data = {"from": before, "to": after}
        elif kind == "changed":
            data = {"field": rest[0], "from": rest[1], "to": rest[2]}
        elif kind == "merged":
            data = {"into": 1, "status": rest[0]}
        elif kind == "unmerged":
            data = {"parent": 1}
        elif kind == "handed_over":
            data = {"to": int(rest[0])}
        found.append(Happening(at(f"{day} {clock}"), kind, data))
    return found


def promise(calendar: Calendar = OFFICE, **targets: int) -> Promises:
    terms = Terms(targets or TARGETS, calendar)
    return Promises([Case(terms)], Terms({}, calendar))


def seen(
    lines: list[Happening], promises: Promises | None = None, status: str = "open"
) -> list[str]:
    found = instances(lines, status, Attributes(), promises or promise())
    return [
        f"{each.stretch.kind} {each.state} {each.due.astimezone(SHANGHAI):%d %H:%M}"
        if each.due
        else f"{each.stretch.kind} {each.state} -"
        for each in found
    ]


def test_a_plain_life() -> None:
    # Monday 23 November 2026
    lines = happened("23 09:00 opened", "23 09:30 answered", "23 09:30 status new>open",
                     "23 10:00 received", "23 10:30 received", "23 13:00 answered",
                     "23 15:00 status open>solved")  # fmt: skip
    assert seen(lines) == ["first met 23 10:00", "resolution met 23 17:00", "next late 23 12:00"]


def test_waiting_pauses_and_nothing_else_does() -> None:
    lines = happened("23 09:00 opened", "23 09:10 answered", "23 09:10 status new>waiting",
                     "23 17:00 received", "23 17:00 status waiting>open")  # fmt: skip
    # 10 minutes on Monday before the pause, 60 after it, the rest on Tuesday
    assert seen(lines)[1] == "resolution running 24 15:50"
    assert seen(lines)[2] == "next running 24 10:00"
    paused = lines[:3]
    assert seen(paused, status="waiting")[1] == "resolution paused -"
    late = happened("23 09:00 opened", "23 18:00 answered", "24 09:01 status new>waiting")
    assert seen(late, status="waiting")[1] == "resolution paused 23 17:00"  # it was over before


def test_what_ends_at_closing_stays_at_closing() -> None:
    assert seen(happened("23 17:00 opened"), status="new")[0] == "first running 23 18:00"


def test_a_reopened_ticket_has_another_clock_and_keeps_the_old_one() -> None:
    lines = happened("23 09:00 opened", "23 10:00 answered", "23 11:00 status new>solved",
                     "24 09:00 received", "24 09:00 status solved>open")  # fmt: skip
    found = stretches(lines, "open", Attributes())
    resolutions = [each for each in found if each.kind == "resolution"]
    assert [each.number for each in resolutions] == [1, 2]
    assert resolutions[0].reopened == resolutions[1].started == at("24 09:00")
    assert seen(lines)[-2:] == ["next running 24 11:00", "resolution running 24 17:00"]
    # solved again: the answer that was owed is given
    more = [*lines, *happened("24 10:00 status open>solved")]
    assert [each.split()[1] for each in seen(more, status="solved")] == ["met"] * 4


def test_spam_and_merged_ones_are_left_out_and_come_back_without_that_time() -> None:
    spam = happened("23 09:00 opened", "23 09:30 status new>spam")
    assert seen(spam, status="spam") == [
        "first cancelled 23 10:00",
        "resolution cancelled 23 17:00",
    ]
    back = [*spam, *happened("23 12:00 status spam>open")]
    assert seen(back) == ["first running 23 12:30", "resolution running 24 10:30"]
    merged = happened("23 09:00 opened", "23 10:00 status open>closed", "23 10:00 merged open")
    assert [each.split()[1] for each in seen(merged, status="closed")] == ["cancelled"] * 2
    undone = [*merged, *happened("23 11:00 unmerged", "23 11:00 status closed>open")]
    assert seen(undone) == ["first running 23 10:00", "resolution running 23 18:00"]
    assert [each.number for each in stretches(undone, "open", Attributes())] == [1, 1]


def test_a_team_has_a_clock_of_its_own() -> None:
    lines = happened("23 09:00 opened", "23 09:30 answered", "23 09:30 status new>open",
                     "23 10:00 handed_over 7", "23 10:00 status open>handed_over",
                     "23 11:00 handed_over 8", "23 12:00 status handed_over>open")  # fmt: skip
    night = Calendar(SHANGHAI, (parsed("00:00-24:00"),) * 7, region="")
    promises = Promises(
        promise().cases,
        promise().nothing,
        {7: Terms({"team": 30}, night), 9: Terms({"team": 1}, night)},
    )
    assert seen(lines, promises)[2:] == ["team late 23 10:30", "team met 23 15:00"]


def test_the_first_policy_that_fits_holds_and_what_ended_is_judged_as_it_was_then() -> None:
    urgent = Terms({"first": 30, "resolution": 60}, OFFICE)
    promises = Promises(
        [Case(urgent, (Condition("severity", "in", ("urgent",)),)), *promise().cases],
        promise().nothing,
    )
    lines = happened(
        "23 09:00 opened", "23 09:45 answered", "23 10:30 changed severity normal urgent"
    )
    found = instances(lines, "open", Attributes("urgent"), promises)
    assert [each.state for each in found] == ["met", "running"]
    # the accumulated time counts: an hour of working time from the opening
    assert found[1].due == at("23 10:00") and found[1].overdue(at("23 10:31"))
    assert seen(lines, Promises([], promise().nothing))[0] == "first met -"
    tiers = Promises([Case(urgent, (Condition("tier", "is", ("vip",)),))], promise().nothing)
    assert instances(lines, "open", Attributes(tier="VIP"), tiers)[1].target == 60 * MINUTE
    branch = Promises([Case(urgent, (Condition("category", "in", (3,)),))], promise().nothing)
    assert instances(lines, "open", Attributes(category=4), branch)[1].target is None


def test_steps_are_told_in_working_time_only() -> None:
    found = instances(happened("23 17:00 opened"), "new", Attributes(), promise())
    moments = {p: f"{t.astimezone(SHANGHAI):%d %H:%M}" for p, t in step_moments(found[0]).items()}
    assert moments == {50: "23 17:30", 80: "23 17:48", 100: "24 09:00"}


LIFE = {
    "new": ("answered", "waiting", "solved", "handed_over", "received"),
    "open": ("answered", "waiting", "solved", "closed", "handed_over", "received"),
    "waiting": ("open", "solved", "received", "answered"),
    "handed_over": ("open", "waiting", "solved", "handed_over", "answered"),
    "solved": ("closed", "open", "answered"),
    "closed": ("open",),
}


@st.composite
def lives(draw: st.DrawFn) -> list[Happening]:
    """What may happen to a ticket, one or several things in a minute."""
    moment, status = datetime(2026, 10, 23, tzinfo=UTC), draw(st.sampled_from(["new", "closed"]))
    moment += draw(st.integers(0, 3_000)) * MINUTE
    found = [Happening(moment, "opened", {"status": status})]
    for _step in range(draw(st.integers(0, 9))):
        moment += draw(st.sampled_from([0, 1, 30, 200, 900])) * MINUTE
        what = draw(st.sampled_from(LIFE[status]))
        if what in ("answered", "received"):
            found.append(Happening(moment, what))
            after = "open" if what == "received" and status == "waiting" else status
        else:
            if what == "handed_over":
                found.append(Happening(moment, what, {"to": 1}))
            after = what
        if after != status:
            found.append(Happening(moment, "status", {"from": status, "to": after}))
        status = after
    return found


def last_status(life: list[Happening]) -> str:
    changes = (each.data["to"] for each in reversed(life) if each.kind == "status")
    return str(next(changes, life[0].data["status"]))


@settings(max_examples=50, deadline=None)
@given(
    life=lives(), later=st.integers(0, 2_000), zone=st.sampled_from([SHANGHAI, BERLIN]),
    hours=st.sampled_from(["09:00-12:00 13:30-18:00", "00:00-24:00", "01:30-04:30"]),
)  # fmt: skip
def test_clocks_are_what_a_walk_through_each_minute_finds(life, later, zone, hours) -> None:
    calendar = Calendar(zone, (parsed(hours),) * 7)
    now = life[-1].at + later * MINUTE
    found = instances(life, last_status(life), Attributes(), promise(calendar))
    walked = oracle.clocks(life, life[0].data["status"], TARGETS, calendar, now)
    key = lambda each: (each["kind"], each["started"], each["ended"] is None, each["ended"])  # noqa: E731
    ours = [
        {"kind": each.stretch.kind, "started": each.stretch.started, "ended": each.stretch.ended,
         "minutes": each.taken(now) / MINUTE, "due": each.due}
        for each in found
    ]  # fmt: skip
    ours, walked = sorted(ours, key=key), sorted(walked, key=key)
    for one, two in zip(ours, walked, strict=True):
        assert {**one, "due": None} == {**two, "due": None}
        end = one["ended"] or now
        if two["due"] is not None:
            assert one["due"] == two["due"]
        else:
            assert one["due"] is None or one["due"] > end or one["minutes"] == TARGETS[one["kind"]]


@settings(max_examples=40, deadline=None)
@given(life=lives(), less=st.integers(1, 400))
def test_laws(life, less) -> None:
    status = last_status(life)
    many = instances(life, status, Attributes(), promise(first=500, next=500, resolution=500))
    few = instances(life, status, Attributes(), promise(first=less, next=less, resolution=less))
    for one, two in zip(few, many, strict=True):
        if one.due and two.due:
            assert one.due <= two.due
        assert not (one.state == "met" and two.state == "late")
    # a note, and a field nobody promised by, change nothing
    idle = [
        *life,
        Happening(life[-1].at, "noted"),
        Happening(life[-1].at, "changed", {"field": "area"}),
    ]
    assert stretches(idle, status, Attributes()) == stretches(life, status, Attributes())
    firsts = sum(each.stretch.kind == "first" for each in many)
    assert firsts == (life[0].data["status"] == "new")
