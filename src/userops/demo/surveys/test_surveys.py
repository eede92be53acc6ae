"""The results of surveys find what was planted in the demo company, and nothing that was not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from pyroaring import BitMap

from userops.demo.plan import make_plan
from userops.demo.surveys import planted
from userops.demo.surveys.asked import RESTS
from userops.demo.surveys.forms import forms
from userops.demo.surveys.opening import truth
from userops.demo.surveys.people import Member
from userops.demo.surveys.writing import write_surveys
from userops.demo.world import PERSONAS
from userops.experience.surveys.models import Contact, OptOut, Response, Survey
from userops.experience.surveys.results import breakdown
from userops.experience.surveys.results.dataset import read
from userops.experience.surveys.results.driving import driving
from userops.experience.surveys.results.rates import reached
from userops.experience.surveys.results.waves import lines

END = date(2026, 11, 21)
PLAN = make_plan(END, 60)
UNTIL = datetime.fromtimestamp(PLAN.end_ms / 1000, UTC)


def members(seed: int, count: int = 1_800) -> list[Member]:
    rng = np.random.default_rng(seed)
    incident = datetime.fromtimestamp(PLAN.incident_ms[0] / 1000, UTC)
    found = []
    for person in range(1, count + 1):
        chance = rng.random(2)
        when = incident - timedelta(days=float(rng.uniform(15, 25)))
        found.append(
            Member(
                person,
                int(rng.integers(len(PERSONAS))),
                END - timedelta(int(rng.integers(1, 460))),
                "普通会员",
                crashed=when if chance[0] < 0.08 else None,
                refunded=when + timedelta(days=3) if chance[1] < 0.06 else None,
            )
        )
    return found


def _one_wave_falls_and_no_other(surveys: dict[str, Survey], told: Any):
    survey = surveys["nps"]
    for unit in ("month", "quarter"):
        line = lines(read(survey), survey.document["nps"], unit)["mail"]
        assert [wave.certain for wave in line] == [False, False, False, True]
        change = line[-1].change
        assert change is not None and change.value is not None and change.value < -20
    known = truth(told[1], PLAN)["nps"]["waves"]
    assert [round(wave.score.value or 0, 2) for wave in line] == [each["nps"] for each in known]
    assert [wave.score.answered for wave in line] == [each["n"] for each in known]


def _personas_differ_as_planted(surveys: dict[str, Survey], told: Any):
    survey = surveys["nps"]
    question, data = survey.document["nps"], read(survey)
    scores = []
    for at in range(len(PERSONAS)):
        mine = BitMap([each.person for each in told[0] if each.persona == at])
        parts = breakdown.parts(data, question, breakdown.by_segment(at, mine, "in", "out"), "")
        scores.append(next(part.score.value for part in parts if part.value == "in"))
    planned = [persona.score for persona in PERSONAS]
    assert np.argsort(scores).tolist() == np.argsort(planned).tolist()


def _what_moves_satisfaction_is_found_and_price_is_not(surveys: dict[str, Survey], _told: Any):
    survey = surveys["csat"]
    found = {
        each.key: each for each in driving(read(survey), survey.document["csat"], "zh").drivers
    }
    assert max(found.values(), key=lambda each: each.importance).key == "aspects.speed"
    assert [key for key, each in found.items() if each.place == "improve"] == ["aspects.speed"]
    assert found["aspects.price"].p is not None and found["aspects.price"].p > 0.05
    assert all(each.p < 0.001 for key, each in found.items() if key != "aspects.price")


def _who_met_a_crash_is_less_satisfied_and_others_are_alike(surveys: dict[str, Survey], told: Any):
    survey = surveys["csat"]
    question, data = survey.document["csat"], read(survey)

    def q(persons: BitMap) -> float | None:
        key = breakdown.by_segment(1, persons, "in", "out")
        return breakdown.parts(data, question, key, "")[0].q

    hit = q(BitMap([each.person for each in told[0] if each.crashed]))
    assert hit is not None and hit < 0.001
    others = q(BitMap(range(1, 1_801, 2)))
    assert others is not None and others > 0.05


def _a_refund_by_way_of_staff_is_harder(surveys: dict[str, Survey], _told: Any):
    survey = surveys["ces"]
    parts = breakdown.parts(
        read(survey),
        survey.document["ces"],
        breakdown.by_choice(survey.document["door"], "zh"),
        "",
    )
    score = {part.value: part.score.value or 0 for part in parts}
    assert score["self"] > score["staff"] + 1
    assert all(part.q is not None and part.q < 0.01 for part in parts)


def _rates_are_those_of_real_life_and_one_budget_holds(surveys: dict[str, Survey], told: Any):
    rates = {key: reached(survey).rates for key, survey in surveys.items()}
    assert 0.2 < (rates["nps"][0].share or 0) < 0.35
    assert 0.25 < (rates["csat"][1].share or 0) < 0.45
    asked: dict[int, list[datetime]] = {}
    rows = Contact.objects.filter(step__in=["sent", "shown"]).exclude(way="mail", step="shown")
    for person, at in rows.order_by("last").values_list("person", "last"):
        asked.setdefault(person, []).append(at)
    gaps = [b - a for each in asked.values() for a, b in pairwise(each)]
    assert gaps and min(gaps) >= RESTS
    assert Contact.objects.filter(step="not_shown", reason="budget").exists()
    assert OptOut.objects.count() == len(told[1].out) > 0


def _one_is_open_and_names_nobody(surveys: dict[str, Survey], _told: Any):
    survey = surveys["wishes"]
    assert survey.anonymous and survey.state == Survey.State.RUNNING
    assert survey.closes is not None and survey.closes > UNTIL
    rows = Response.objects.filter(survey=survey)
    assert rows.exclude(person=None).count() == 0 and rows.count() > 50
    assert not Contact.objects.filter(survey=survey, step__in=["started", "completed"]).exists()


def _every_answer_is_one_that_the_form_takes(surveys: dict[str, Survey], _told: Any):
    for survey in surveys.values():
        document = survey.document
        for row in survey.responses.all():
            for key, answer in row.answers.items():
                assert document[key].check(answer) == answer
            if row.state == Response.State.COMPLETED:
                assert row.completed is not None and row.completed >= row.started
            assert row.started <= UNTIL


def test_waves_stay_within_a_month_whenever_the_company_is_made():
    for back in range(120):
        plan = make_plan(END - timedelta(back * 3), 60)
        starts = planted.wave_starts(plan)
        assert len({(day.year, (day.month - 1) // 3) for day in starts}) == planted.WAVES
        assert plan.date_of(plan.incident_day) < starts[-1] <= plan.last


CHECKS: tuple[Callable[[dict[str, Survey], Any], None], ...] = (
    _one_wave_falls_and_no_other,
    _personas_differ_as_planted,
    _what_moves_satisfaction_is_found_and_price_is_not,
    _who_met_a_crash_is_less_satisfied_and_others_are_alike,
    _a_refund_by_way_of_staff_is_harder,
    _rates_are_those_of_real_life_and_one_budget_holds,
    _one_is_open_and_names_nobody,
    _every_answer_is_one_that_the_form_takes,
)


def test_results_find_what_was_planted(make_product: Any, make_user: Any):
    """Written once: it is some thousands of rows."""
    there = members(7)
    told = planted.tell(there, PLAN, 7, UNTIL)
    product = make_product(timezone="Asia/Shanghai")
    lead = make_user("lead", product)
    surveys = write_surveys(product, told, forms(PLAN, "zh"), lead, "zh")
    for check in CHECKS:
        check(surveys, (there, told))
