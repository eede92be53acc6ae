"""Results against a slow oracle in plain Python, k-anonymity against subtraction, and a real survey from a file."""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from datetime import UTC, date, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.experience.surveys import actions
from userops.experience.surveys.document import parse
from userops.experience.surveys.importing import Columns, import_answers
from userops.experience.surveys.models import Response
from userops.experience.surveys.pages.chart import (
    _boxes,
    _middle,
    _sides,
    _touch,
    quadrant_chart,
    wave_chart,
)
from userops.experience.surveys.repairing import repaired
from userops.experience.surveys.results import breakdown, waves
from userops.experience.surveys.results.counting import spreads
from userops.experience.surveys.results.dataset import Dataset, Row, read
from userops.experience.surveys.results.driving import driving
from userops.experience.surveys.results.hiding import LEAST, hidden
from userops.experience.surveys.results.rates import reached
from userops.experience.surveys.results.scoring import conventions_of, score, weighted
from userops.experience.surveys.results.summary import summary
from userops.experience.surveys.results.weighing import weighing
from userops.experience.surveys.templates import TEMPLATES
from userops.words import Words

NPS = parse(TEMPLATES["nps"][2]("x"))
ASPECTS = parse(TEMPLATES["aspects"][2]("x"))
FIRST = date(2026, 1, 1)


def row(day, score_, way="link", plan="", complete=True):
    answers = {} if score_ is None else {"nps": score_}
    carried = {"plan": plan} if plan else {}
    return Row(FIRST + timedelta(days=day), way, "en", complete, None, answers, carried)


rows_of = st.lists(
    st.builds(
        row,
        st.integers(0, 200),
        st.one_of(st.none(), st.integers(0, 10)),
        st.sampled_from(["link", "mail"]),
        st.sampled_from(["", "free", "pro", "team"]),
    ),
    max_size=80,
)


def plain_nps(scores):
    if not scores:
        return None
    return 100 * (sum(s >= 9 for s in scores) - sum(s <= 6 for s in scores)) / len(scores)


@given(rows_of)
@settings(max_examples=40)
def test_waves_are_those_of_an_oracle(rows):
    data = Dataset(NPS, tuple(rows))
    expected = {}
    for each in rows:
        if "nps" in each.answers:
            month = each.day.replace(day=1)
            expected.setdefault(each.way, {}).setdefault(month, []).append(each.answers["nps"])
    found = waves.lines(data, NPS["nps"], "month")
    assert {way: [wave.start for wave in line] for way, line in found.items()} == {
        way: sorted(months) for way, months in expected.items()
    }
    for way, line in found.items():
        for before, wave in zip([None, *line], line, strict=False):
            assert wave.score.value == pytest.approx(plain_nps(expected[way][wave.start]))
            if before is not None:
                change = wave.score.value - before.score.value
                assert wave.change.value == pytest.approx(change) and wave.p >= wave.change.p


@given(rows_of)
@settings(max_examples=40)
def test_parts_add_up_and_are_those_of_an_oracle(rows):
    data = Dataset(NPS, tuple(rows))
    parts = breakdown.parts(data, NPS["nps"], breakdown.by_carried("plan"))
    expected = {}
    for each in rows:
        if "nps" in each.answers:
            expected.setdefault(each.carried.get("plan", ""), []).append(each.answers["nps"])
    assert {part.value: part.score.answered for part in parts} == {
        plan: len(scores) for plan, scores in expected.items()
    }
    for part in parts:
        others = [s for plan, scores in expected.items() if plan != part.value for s in scores]
        assert part.score.value == pytest.approx(plain_nps(expected[part.value]))
        if others:
            assert part.against.value == pytest.approx(part.score.value - plain_nps(others))


@given(st.lists(st.integers(0, 40), max_size=12))
@settings(max_examples=60)
def test_what_is_hidden_cannot_be_found_by_subtraction(sizes):
    secret = hidden(sizes)
    assert all(sizes[at] >= LEAST or sizes[at] == 0 for at in range(len(sizes)) if at not in secret)
    together = sum(sizes[at] for at in secret)
    assert not secret or together >= LEAST or len(secret) == sum(size > 0 for size in sizes)


@given(rows_of)
@settings(max_examples=30)
def test_anonymous_parts_are_never_small(rows):
    data = Dataset(NPS, tuple(rows), anonymous=True)
    for part in breakdown.parts(data, NPS["nps"], breakdown.by_carried("plan")):
        assert part.score.answered >= LEAST
    for line in waves.lines(data, NPS["nps"], "week").values():
        assert all(wave.score.few or wave.score.answered >= LEAST for wave in line)


def test_every_convention_of_a_scale():
    csat = ASPECTS["csat"]
    answers = [1] * 10 + [2] * 10 + [3] * 40 + [4] * 15 + [5] * 5
    values = {each: score(csat, answers, each).value for each in conventions_of("csat")}
    assert values == pytest.approx(
        {"rescaled": 48.4375, "of_highest": 58.75, "top": 25.0, "mean": 2.9375}
    )
    for each in conventions_of("csat"):
        even = weighted(csat, answers, [1.0] * len(answers), each)
        assert even.value == pytest.approx(values[each])
    heavy = weighted(csat, answers, [3.0 if a == 5 else 1.0 for a in answers], "top")
    assert heavy.value == pytest.approx(100 * 30 / 90)


def test_the_wave_that_goes_on_is_dashed_and_the_interval_a_band():
    rows = [row(days, score) for days in (0, 40) for score in (10, 9, 8, 3)]
    line = waves.lines(Dataset(NPS, tuple(rows)), NPS["nps"], "month")["link"]
    way = Words("链接", "Link")
    option = wave_chart([(way, line)], "en", line[-1].start)
    score_, low, width = option["series"]
    assert option["xAxis"]["data"] == [f"{wave.start:%Y-%m}" for wave in line]
    assert score_["userops"] == {"unfinished": 1}
    assert [a + b for a, b in zip(low["data"], width["data"], strict=True)] == pytest.approx(
        [wave.score.interval[1] for wave in line]
    )
    closed = wave_chart([(way, line), (way, line)], "en", None)["series"]
    assert len(closed) == 2 and closed[0]["userops"] == {"unfinished": 0}


def test_skipped_and_stopped_are_told_apart():
    begun = Row(FIRST, "link", "en", False, None, {"nps": 3})
    rows = [row(0, 9), row(1, None), begun]
    nps, why = spreads(Dataset(NPS, tuple(rows)), "en")
    assert (nps.reached, nps.answered, nps.skipped, nps.stopped) == (3, 2, 1, 0)
    assert (why.reached, why.answered, why.skipped, why.stopped) == (3, 0, 2, 1)


def test_a_planted_driver_is_found_and_placed():
    rows = []
    for at in range(120):
        aspects = {"ease": 1 + at % 5, "speed": 1 + (at * 7) % 5, "quality": 4 + at % 2,
                   "service": 1 + (at // 5) % 3, "price": 1 + (at * 3) % 4}  # fmt: skip
        csat = min(5, max(1, aspects["service"] + (at % 11 == 0)))
        rows.append(Row(FIRST, "link", "en", True, None, {"csat": csat, "aspects": aspects}))
    found = driving(Dataset(ASPECTS, tuple(rows)), ASPECTS["csat"], "en")
    best = found.drivers[0]
    assert (best.key, best.place) == ("aspects.service", "improve") and best.importance > 0.9
    assert sum(each.importance for each in found.drivers) == pytest.approx(1)
    across, up = (
        line.popitem()[1] for line in quadrant_chart(found, "en")["series"][0]["markLine"]["data"]
    )
    for each in found.drivers:
        high, important = (each.performance.value or 0) >= across, 100 * each.importance >= up
        assert each.place == {(False, True): "improve", (True, True): "keep", (False, False): "watch",
                              (True, False): "beyond"}[high, important]  # fmt: skip
    few = driving(Dataset(ASPECTS, tuple(rows[:20])), ASPECTS["csat"], "en")
    assert few.why is not None and few.drivers == ()


def test_weights_bring_answers_to_the_audience(running, people, product, store):
    from userops.events import facts
    from userops.experience.surveys.answering import Visit, answer
    from userops.experience.surveys.invitations import invite

    persons = people(40)
    about = facts.About("$plan", "computed", Words("套餐", "Plan"))
    facts.write(store, product, about, persons, ["pro" if at < 20 else "free" for at in range(40)])
    survey = running(ways=("mail",))
    for at in [*range(15), *range(20, 25)]:  # 15 pro give 10, 5 free give 0
        link = invite(survey, persons[at], "mail", "sent")
        answer(Visit(survey, "mail", "en", link), None, "nps", "10" if at < 20 else "0")
    data = read(survey)
    found = weighing(store, survey, data, survey.document["nps"], ["$plan"])
    assert found.raw.value == 50 and found.weighted.value == pytest.approx(0, abs=1e-4)
    assert found.audience == 40 and found.raked.effective == pytest.approx(15)
    shares = {share.value: (share.audience, share.answered) for share in found.attributes[0].shares}
    assert shares == {"pro": (20, 15), "free": (20, 5)}


def test_letters_of_two_encodings_in_one_text():
    told = "Toujours bien reçue et proposition d'aide appr‚ci‚e, d'‚tiquetage. ‚ seul"
    assert (
        repaired(told)
        == "Toujours bien reçue et proposition d'aide appréciée, d'étiquetage. ‚ seul"
    )


@pytest.mark.realdata
def test_a_real_survey_from_a_file_of_two_encodings(running, product, lead, real_data):
    survey = running()
    columns = Columns({"nps": "nps", "why": "explication"}, carried=("t",))
    file = real_data / "nps_retail_fr.csv"
    looked = import_answers(survey, file, columns, acting_user=lead, dry_run=True)
    assert not survey.responses.exists()
    found = import_answers(survey, file, columns, acting_user=lead)
    assert (found.rows, found.taken, found.refused_rows) == (13_954, looked.taken, 0)
    assert found.encoding == "cp1252" and found.repaired > 1_000
    nps = summary(survey, "en").scores[0].score
    groups = nps.groups
    assert nps.answered == 13_612
    assert 100 * groups.promoters / nps.answered == pytest.approx(62.19, abs=0.005)
    assert 100 * groups.detractors / nps.answered == pytest.approx(8.77, abs=0.005)
    assert (
        nps.value == pytest.approx(53.4, abs=0.05) and nps.interval[0] < nps.value < nps.interval[1]
    )
    assert reached(survey).rates[2].total == found.taken
    parts = breakdown.parts(read(survey), survey.document["nps"], breakdown.by_carried("t"))
    assert sum(part.score.answered for part in parts) == 13_612
    months = Counter(
        each.carried.get("t", "") for each in read(survey).rows if "nps" in each.answers
    )
    assert {part.value: part.score.answered for part in parts} == dict(months)


def test_the_last_word_of_a_person_is_his_satisfaction(product, lead, people, running):
    """A rating of a closed ticket and an answer of a survey are one fact: the later one counts."""
    from userops.experience.surveys.satisfaction import latest
    from userops.feedback.telling.models import Rating
    from userops.feedback.tickets.models import Ticket, TicketEvent

    first, second, third = people(3)
    now = datetime.now(UTC)
    survey = running("csat")
    for person, days in ((first, 3), (second, 1)):
        moment = now - timedelta(days=days)
        Response.objects.create(
            survey=survey, version=survey.version, anonymous=False, person=person, way="link",
            language="en", state="completed", started=moment, completed=moment, answers={"csat": 5},
        )  # fmt: skip
    for number, (person, stars) in enumerate(((first, 2), (second, 1), (third, 3), (None, 1)), 1):
        ticket = Ticket.objects.create(
            product=product, number=number, text="…", person=person, opened=now, heard=now, updated=now
        )  # fmt: skip
        ending = TicketEvent.objects.create(ticket=ticket, at=now, kind="status", data={})
        Rating.objects.create(ticket=ticket, ending=ending, score=stars, at=now - timedelta(days=2))
    assert latest(product)["csat"] == {first: 25.0, second: 100.0, third: 50.0}


def test_who_answered_an_earlier_version_was_asked_what_that_version_asked(running, lead):
    survey = running("nps")

    def respond(answers, state="completed"):
        now = datetime.now(UTC)
        Response.objects.create(
            survey=survey, version=survey.version, anonymous=False, way="link", language="en",
            state=state, started=now, completed=now if state == "completed" else None, answers=answers,
        )  # fmt: skip

    respond({"nps": 9})
    respond({"nps": 3, "why": "slow"})
    respond({"nps": 5}, state="started")
    # promoters are not asked why any more, and all are asked one question more
    questions = deepcopy(survey.version.document["questions"])
    questions[0]["branches"] = [{"when": "at_least", "value": 9, "to": "csat"}]
    more = {"kind": "csat", "key": "csat", "title": questions[0]["title"]}
    draft = {**survey.version.document, "questions": [*questions, more]}
    actions.change_questions(survey, draft, acting_user=lead)
    survey = actions.publish(survey, acting_user=lead)
    respond({"nps": 10, "csat": 5})
    found = {
        each.question.key: (each.reached, each.answered, each.skipped, each.stopped)
        for each in spreads(read(survey), "en")
    }
    assert found == {"nps": (4, 4, 0, 0), "why": (3, 1, 1, 1), "csat": (1, 1, 0, 0)}


@given(st.floats(40, 90), st.floats(10, 60), st.floats(0, 6), st.floats(0, 3))
def test_labels_of_drivers_that_stand_close_do_not_touch(x, y, across, down):
    points = [
        ("Easy to use", x, y),
        ("Customer service", x - across, y - down),
        ("Speed", 20.0, 66.0),
    ]
    sides = _sides(points)
    middle = {title: _middle(points, *at) for title, *at in points}
    boxes = [_boxes(title, *middle[title])[sides[title]] for title in sides]
    assert not any(_touch(one, other) for one, other in combinations(boxes, 2))


def test_labels_of_equal_drivers_take_all_sides():
    sides = _sides([(title, 50.0, 20.0) for title in "abcd"])
    assert set(sides.values()) >= {"top", "bottom"}
