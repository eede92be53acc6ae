"""Rules fire as the reference says, on random histories; a dry run finds the same; nothing runs in circles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from userops.events.models import Product
from userops.feedback.rules import actions
from userops.feedback.rules.firing import MOST_OFTEN, work_off
from userops.feedback.rules.models import DryRun, Rule, RuleCause, RuleFiring
from userops.feedback.rules.oracle import Desk, SimpleRule
from userops.feedback.rules.trying import go_on
from userops.feedback.tickets.actions import (
    Change,
    Incoming,
    answer,
    change_ticket,
    open_ticket,
    receive,
)

DAY = timedelta(days=1)
CAUSES = ("opened", "received", "status", "severity")
SEVERITIES, STATUSES = ("urgent", "high", "normal", "low"), ("open", "waiting", "solved", "closed")
LEVELS = ("high", "urgent")
FIELDS = st.one_of(
    st.tuples(st.just("severity"), st.sampled_from(SEVERITIES)),
    st.tuples(st.just("status"), st.sampled_from(STATUSES)),
    st.tuples(st.just("complaint"), st.just(True)),
)
RULES = st.builds(
    SimpleRule,
    cause=st.sampled_from(CAUSES),
    checks=st.lists(FIELDS, max_size=2),
    sets=st.lists(FIELDS, max_size=2),
    stops=st.booleans(),
    after_rules=st.booleans(),
)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["receive", "answer"]), st.none()),
    st.tuples(st.just("severity"), st.sampled_from(SEVERITIES)),
    st.tuples(st.just("status"), st.sampled_from(STATUSES)),
)
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def document(rule: SimpleRule) -> dict[str, Any]:
    conditions = [
        {"field": name, "test": "yes"}
        if value is True
        else {"field": name, "test": "in", "values": [value]}
        for name, value in rule.checks
    ]
    then: list[dict[str, Any]] = [
        {"do": name} if value is True else {"do": name, "value": value} for name, value in rule.sets
    ]
    then += [{"do": "stop"}] if rule.stops or not then else []
    return {
        "when": {"cause": rule.cause}, "if": {"all": conditions}, "then": then,
        "after_rules": rule.after_rules,
    }  # fmt: skip


def live(product: Any, steps: Any, severity: str, start: datetime) -> Any:
    """The same steps on a real ticket; all that waits is worked off after each."""
    ticket = open_ticket(product, Incoming("话", severity=severity, at=start), acting_user=None)
    work_off()
    for number, (what, value) in enumerate(steps, 1):
        at = start + timedelta(minutes=number)
        ticket.refresh_from_db()
        if what == "receive":
            receive(ticket, Incoming("还有", at=at))
        elif what == "answer":
            answer(ticket, "好", at=at, acting_user=None)
        else:
            change_ticket(ticket, Change(**{what: value}), at=at, acting_user=None)
        work_off()
    return ticket


@SLOW
@given(
    rules=st.lists(RULES, min_size=1, max_size=4),
    severity=st.sampled_from(SEVERITIES),
    steps=st.lists(STEPS, max_size=5),
)
def test_as_the_reference(db: Any, make_user: Any, rules: Any, severity: Any, steps: Any) -> None:
    for rule in rules:
        rule.stops = rule.stops or not rule.sets
    product = Product.objects.create(slug=f"p{Product.objects.count()}", name="p")
    lead = make_user("lead", product)
    rows = []
    for number, rule in enumerate(rules):
        row = actions.create_rule(product, f"规则 {number}", document(rule), acting_user=lead)
        rows.append(actions.switch_rule(row, active=True, acting_user=lead).pk)
    desk = Desk(rules)
    desk.open(severity)
    desk.work()
    for what, value in steps:
        {"receive": desk.receive, "answer": desk.answer}.get(
            what, lambda what=what, value=value: desk.write(what, value, 0)
        )()
        desk.work()
    start = datetime.now(UTC) - timedelta(days=1)
    ticket = live(product, steps, severity, start)
    fired = RuleFiring.objects.filter(ticket=ticket).order_by("pk")
    assert [
        (rows.index(each.rule_id), each.cause, each.depth, each.state == "held") for each in fired
    ] == [(number, cause, depth, held) for number, _step, cause, depth, held in desk.log]
    ticket.refresh_from_db()
    assert {name: getattr(ticket, name) for name in desk.state} == desk.state
    assert not RuleCause.objects.exists()


@SLOW
@given(
    rule=RULES,
    severity=st.sampled_from(SEVERITIES),
    steps=st.lists(STEPS, max_size=6),
)
def test_a_dry_run_finds_what_fired(
    db: Any, make_user: Any, rule: Any, severity: Any, steps: Any
) -> None:
    """A rule that only writes notes: what it did live is what it would have done."""
    product = Product.objects.create(slug=f"q{Product.objects.count()}", name="q")
    lead = make_user("lead", product)
    wanted = document(rule) | {"then": [{"do": "note", "text": "看"}]}
    row = actions.create_rule(product, "记", wanted, acting_user=lead)
    actions.switch_rule(row, active=True, acting_user=lead)
    start = datetime.now(UTC) - timedelta(days=1)
    ticket = live(product, steps, severity, start)
    run = actions.start_dry_run(row, start.date() - DAY, start.date() + 3 * DAY, acting_user=lead)
    go_on(run)
    run.refresh_from_db()
    fired = RuleFiring.objects.filter(ticket=ticket).order_by("happened", "pk")
    assert run.state == DryRun.State.DONE and run.fired == len(fired)
    assert [each["key"] for each in run.found] == [each.key for each in fired]
    assert [each["checks"] for each in run.found] == [each.checks for each in fired]


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def make_rule(product: Any, lead: Any) -> Any:
    def make(name: str, cause: str, *then: dict[str, Any], **given: Any) -> Rule:
        when = {"cause": cause, **given.pop("when", {})}
        wanted = {"when": when, "then": list(then), **given}
        row = actions.create_rule(product, name, wanted, acting_user=lead)
        return actions.switch_rule(row, active=True, acting_user=lead)

    return make


def test_two_rules_that_set_each_other_off_come_to_rest(make_rule: Any, make_ticket: Any) -> None:
    up, down = ({"do": "severity", "value": value} for value in ("high", "low"))
    for name, deed, met in (("升", up, "low"), ("降", down, "high")):
        if_ = {"all": [{"field": "severity", "test": "in", "values": [met]}]}
        make_rule(name, "severity", deed, **{"if": if_, "after_rules": True})
    ticket = make_ticket()
    change_ticket(ticket, Change(severity="low"), acting_user=None)
    work_off()
    fired = RuleFiring.objects.filter(ticket=ticket)
    assert fired.exclude(state="held").count() == 2 * MOST_OFTEN
    assert "24 小时" in fired.filter(state="held").first().held["zh"]
    assert not RuleCause.objects.exists()


def test_what_rules_set_off_goes_five_deep_at_most(make_rule: Any, make_ticket: Any) -> None:
    def when(value: str, then: str) -> None:
        if_ = {"all": [{"field": "area", "test": "is", "values": [value]}]}
        deeds = ({"do": "area", "value": then}, {"do": "severity", "value": LEVELS[int(then) % 2]})
        make_rule(f"到{then}", "severity", *deeds, **{"if": if_, "after_rules": True})

    for number in range(8, -1, -1):
        when(str(number), str(number + 1))
    ticket = make_ticket(area="0")
    change_ticket(ticket, Change(severity="low"), acting_user=None)
    work_off()
    fired = RuleFiring.objects.filter(ticket=ticket).order_by("pk")
    assert [each.depth for each in fired] == [0, 1, 2, 3, 4, 5, 6]
    assert fired.last().state == "held" and "层" in fired.last().held["zh"]


def test_a_rule_does_not_flood_one_ticket(make_rule: Any, make_ticket: Any) -> None:
    make_rule("回", "received", {"do": "note", "text": "又来了"})
    ticket = make_ticket()
    for number in range(MOST_OFTEN + 3):
        receive(ticket, Incoming(f"{number}"))
        work_off()
    assert RuleFiring.objects.filter(state="fired").count() == MOST_OFTEN
    assert RuleFiring.objects.filter(state="held").count() == 3


def test_rules_leave_what_rules_did_alone_unless_said(make_rule: Any, make_ticket: Any) -> None:
    make_rule("标", "opened", {"do": "severity", "value": "high"})
    make_rule("不理", "severity", {"do": "note", "text": "x"})
    make_rule("理", "severity", {"do": "note", "text": "y"}, after_rules=True)
    make_ticket()
    work_off()
    assert [each.name for each in RuleFiring.objects.order_by("pk")] == ["标", "理"]


def test_what_fails_is_told_and_holds_up_nothing(
    make_rule: Any, make_ticket: Any, monkeypatch: Any
) -> None:
    from userops.feedback.rules import firing

    def broken(*_args: Any) -> bool:
        raise RuntimeError("secret of the house")

    monkeypatch.setitem(firing.DOING, "area", broken)
    make_rule("一", "opened", {"do": "area", "value": "x"}, {"do": "severity", "value": "high"})
    make_rule("二", "opened", {"do": "status", "value": "spam"}, {"do": "answer", "text": "好"})
    ticket = make_ticket()
    work_off()
    ticket.refresh_from_db()
    assert (ticket.severity, ticket.status) == ("high", "spam")
    first, second = RuleFiring.objects.order_by("pk")
    assert [each["result"] for each in first.done] == ["failed", "done"]
    assert [each["result"] for each in second.done] == ["done", "failed"]
    assert first.state == second.state == "partly"
    assert "secret" not in str(first.done) and "垃圾" in second.done[1]["problem"]["zh"]


def test_a_cause_that_breaks_is_given_up_and_holds_up_nothing(
    make_rule: Any, make_ticket: Any, lead: Any
) -> None:
    broken = make_rule("坏", "received", {"do": "note", "text": "x"})
    make_rule("好", "opened", {"do": "note", "text": "x"})
    Rule.objects.filter(pk=broken.pk).update(document={})
    first, _second = make_ticket(), make_ticket()
    receive(first, Incoming("再"))
    for _try in range(3):
        work_off()
    assert RuleFiring.objects.filter(name="好").count() == 2 and not RuleCause.objects.exists()


def test_the_history_says_which_rule_did_it(make_rule: Any, make_ticket: Any) -> None:
    from userops.feedback.tickets.models import TicketEvent
    from userops.feedback.tickets.narrating import told
    from userops.workspace.models import LogEntry

    rule = make_rule("差评升级", "opened", {"do": "severity", "value": "urgent"})
    ticket = make_ticket()
    work_off()
    event = TicketEvent.objects.get(ticket=ticket, kind="changed")
    firing = RuleFiring.objects.get()
    assert event.data["rule"] == {"id": rule.pk, "name": "差评升级", "firing": firing.pk}
    assert firing.done[0]["events"] == [event.pk]
    assert "（规则“差评升级”）" in told([event])[0].words.zh
    assert LogEntry.objects.get(action="ticket.changed").details["rule"]["id"] == rule.pk


def test_old_words_that_are_brought_in_are_history(make_rule: Any, make_ticket: Any) -> None:
    make_rule("标", "opened", {"do": "severity", "value": "high"})
    make_ticket(at=datetime.now(UTC) - timedelta(days=8))
    assert work_off() == 0


def test_a_firing_names_its_version(make_rule: Any, make_ticket: Any, lead: Any) -> None:
    rule = make_rule("标", "opened", {"do": "note", "text": "一"})
    make_ticket()
    work_off()
    changed = rule.document | {"then": [{"do": "note", "text": "二"}]}
    actions.change_rule(rule, "标", changed, acting_user=lead)
    make_ticket()
    work_off()
    assert list(RuleFiring.objects.order_by("pk").values_list("version", flat=True)) == [1, 2]
    assert [each.document["then"][0]["text"] for each in rule.versions.all()] == ["一", "二"]
    actions.delete_rule(rule, acting_user=lead)
    assert RuleFiring.objects.filter(name="标", rule=None).count() == 2
