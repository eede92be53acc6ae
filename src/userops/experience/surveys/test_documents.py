"""Questions, branches, samples and gates: what holds without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.errors import DocumentError, Refused
from userops.experience.surveys.document import parse, parse_new
from userops.experience.surveys.gates import REASONS, Occasion, Rules, Standing, judge
from userops.experience.surveys.sampling import place, sampled
from userops.experience.surveys.templates import TEMPLATES

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def text(zh: str) -> dict[str, str]:
    return {"zh-hans": zh}


def document(*questions, **more):
    return parse_new({"languages": ["zh-hans"], "questions": list(questions), **more})


NPS = {"kind": "nps", "key": "nps", "title": text("推荐？")}
WHY = {"kind": "text", "key": "why", "title": text("为什么？")}
PLAN = {
    "kind": "single",
    "key": "plan",
    "title": text("套餐"),
    "options": [{"key": "free", "text": text("免费")}, {"key": "paid", "text": text("付费")}],
    "other": True,
}


@pytest.mark.parametrize("name", TEMPLATES)
def test_templates_are_documents_in_both_languages(name):
    made = parse_new(TEMPLATES[name][2]("拾光集"))
    assert made.languages == ("zh-hans", "en")
    assert parse_new(made.model_dump(mode="json")) == made


def test_nps_is_always_0_to_10():
    nps = document(NPS)["nps"]
    assert list(nps.values) == list(range(11)) and nps.check("0") == 0
    for wrong in ("11", "-1", "9.5", "x", True):
        with pytest.raises(Refused):
            nps.check(wrong)
    with pytest.raises(DocumentError):
        document({**NPS, "points": 5})


def test_answers_are_checked_by_their_question():
    plan = document(PLAN)["plan"]
    assert plan.check({"chosen": ["paid"]}) == {"chosen": ["paid"]}
    assert plan.check({"chosen": [], "other": " 企业  版 "}) == {"chosen": [], "other": "企业 版"}
    for wrong in ({"chosen": ["free", "paid"]}, {"chosen": ["gold"]}, {"chosen": []}):
        with pytest.raises(Refused):
            plan.check(wrong)
    rows = [{"key": "a", "text": text("甲")}, {"key": "b", "text": text("乙")}]
    matrix = document({"kind": "matrix", "key": "m", "title": text("评"), "rows": rows})["m"]
    assert matrix.check({"a": "5", "b": ""}) == {"a": 5}
    with pytest.raises(Refused):
        matrix.check({"a": "6"})
    required = document(
        {"kind": "matrix", "key": "m", "title": text("评"), "rows": rows, "required": True}
    )
    with pytest.raises(Refused):
        required["m"].check({"a": "5"})


def test_branches_lead_forward_and_what_was_left_does_not_count():
    branch = {"when": "at_most", "value": 6, "to": "why"}
    made = document({**NPS, "branches": [branch, {"when": "skipped", "to": "end"}]}, PLAN, WHY)
    assert made.path({"nps": 3}) == ["nps", "why"]
    assert made.path({"nps": 9}) == ["nps", "plan", "why"]
    assert made.path({}) == ["nps"]
    answers = {"nps": 3, "plan": {"chosen": ["free"]}, "why": "慢"}
    assert made.kept(answers) == {"nps": 3, "why": "慢"}
    with pytest.raises(DocumentError):
        document(NPS, {**WHY, "branches": [{"when": "is", "value": "x", "to": "nps"}]})
    with pytest.raises(DocumentError):
        document(NPS, NPS)
    with pytest.raises(DocumentError):
        document(NPS, languages=["zh-hans", "en"])


def wrong(*questions, **rest):
    with pytest.raises(DocumentError) as found:
        document(*questions, **rest)
    return found.value.words, found.value.data["place"]


def test_a_branch_that_no_answer_can_take_is_refused_where_it_stands():
    for question, when, value in ((NPS, "at_least", "ninety"), (NPS, "at_least", "11"), (NPS, "is", "11"),
                                  (PLAN, "is", "gold"), (PLAN, "at_least", "1")):  # fmt: skip
        branch = {"when": when, "value": value, "to": "end"}
        words, place = wrong({**question, "branches": [branch]}, WHY)
        assert place == question["key"] and "第 1 题" in words.zh and value in words.en
        # one that was kept before this was refused is still read
        kept = {"languages": ["zh-hans"], "questions": [{**question, "branches": [branch]}, WHY]}
        assert parse(kept).questions[0].branches[0].value == value


def test_a_wrong_form_says_what_was_expected_and_what_came():
    words, place = wrong({**NPS, "key": "A b"})
    assert place == "questions.0.nps.key" and "'A b'" in words.en and "实际为" in words.zh
    words, place = wrong({"kind": "nps", "title": text("推荐？")})
    assert "缺少必填字段" in words.zh and "this field is required" in words.en
    words, _place = wrong({"kind": "stars", "key": "a"})
    assert "stars" in words.zh and "'matrix'" in words.en


def test_what_is_missing_is_named_in_both_languages():
    words, place = wrong(NPS, PLAN, languages=["zh-hans", "en"])
    assert "第 1 题的标题缺少 English" in words.zh and place == "nps"
    assert "question 1 is missing in English" in words.en


@given(st.integers(0, 10), st.text(max_size=5), st.integers(0, 10))
@settings(max_examples=40)
def test_every_path_ends_and_is_in_order(score, why, limit):
    branches = [{"when": "at_least", "value": limit, "to": "why"}]
    made = document({**NPS, "branches": branches}, PLAN, WHY)
    order = [question.key for question in made.questions]
    path = made.path({"nps": score, "why": why})
    assert path[0] == "nps" and path == sorted(path, key=order.index)


@given(st.integers(0, 10**9), st.floats(0, 100), st.floats(0, 100))
@settings(max_examples=60)
def test_a_larger_sample_holds_every_smaller_one(person, one, two):
    small, large = sorted((one, two))
    assert not sampled("s", person, small) or sampled("s", person, large)
    assert 0 <= place("s", person) < 1 and sampled("s", person, 100)
    assert place("s", person) == place("s", person)


def test_a_sample_has_the_size_that_was_asked():
    found = sum(sampled("seed", person, 20) for person in range(20_000))
    assert found / 20_000 == pytest.approx(0.2, abs=0.01)
    both = sum(sampled("a", p, 20) and sampled("b", p, 20) for p in range(20_000))
    assert both / 20_000 == pytest.approx(0.04, abs=0.01)


def reason(standing=None, now=NOW, way="in_app", event="", **rules):
    given_rules = Rules(**{"running": True, "ways": ("in_app", "mail"), **rules})
    return judge(given_rules, standing or Standing(), Occasion(way, now, event)).reason


def ago(days):
    return NOW - timedelta(days=days)


def test_gates_say_what_they_looked_at_on_the_clock_of_the_occasion():
    shanghai = NOW.astimezone(ZoneInfo("Asia/Shanghai"))
    standing = Standing(asked=[ago(10)], place=0.25)
    verdict = judge(Rules(running=True, ways=("in_app",)), standing, Occasion("mail", shanghai))
    told = {gate.reason: gate.told for gate in verdict.gates}
    assert told["other_way"].zh == "邮件；启用的有：应用内"
    assert f"{ago(10).astimezone(shanghai.tzinfo):%m-%d %H:%M}" in told["too_soon"].en
    assert told["budget"].en == "other surveys asked 0 times in 7 days; at most 1"


def test_each_gate_has_its_reason():
    assert reason() == ""
    assert reason(running=False) == "not_running"
    assert reason(opens=ago(-1)) == "not_open" and reason(closes=NOW) == "not_open"
    assert reason(full=True) == "full"
    assert reason(way="link") == "other_way"
    assert (
        reason(trigger_event="pay") == "no_trigger"
        and reason(trigger_event="pay", event="pay") == ""
    )
    assert reason(Standing(known=False)) == "unknown_user"
    assert reason(Standing(opted_out=True)) == "opted_out"
    assert reason(Standing(in_segment=False), in_segment_only=True) == "not_in_segment"
    assert reason(Standing(place=0.5), sample_percent=50) == "not_sampled"
    assert reason(Standing(place=0.49), sample_percent=50) == ""
    assert (
        reason(Standing(address=False)) == ""
        and reason(Standing(address=False), way="mail") == "no_address"
    )


def test_again_by_each_rule():
    once, seen = Standing(asked=[ago(100)]), Standing(asked=[ago(10)])
    assert reason(once) == "asked_before"
    assert reason(once, again="until_answered") == ""
    assert reason(seen, again="until_answered") == "too_soon"
    assert reason(Standing(answered=True), again="until_answered") == "answered"
    assert reason(Standing(answered=True, asked=[ago(100)]), again="always") == ""
    worn = Standing(asked=[ago(300), ago(200), ago(100)])
    assert reason(worn, again="until_answered", most_times=3) == "asked_before"


def test_one_budget_for_all_surveys():
    tired = Standing(asked_by_others=[ago(3)])
    assert reason(tired) == "budget" and reason(tired, own_clock=True) == ""
    assert reason(tired, budget_days=3) == "" and reason(tired, budget_most=2) == ""


def test_every_gate_is_told_and_has_words():
    verdict = judge(Rules(running=False, ways=()), Standing(known=False), Occasion("mail", NOW))
    assert [gate.reason for gate in verdict.gates if gate.reason not in REASONS] == []
    assert {gate.reason for gate in verdict.gates} == set(REASONS)
