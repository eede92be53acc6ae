"""Documents, sentences, causes of time, alarms and readings, permissions, doors."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.calendars.actions import Wanted as Hours
from userops.calendars.actions import create_calendar
from userops.errors import NotAllowed, NotFound, Refused
from userops.feedback.clocks.actions import Wanted, create_policy
from userops.feedback.clocks.alarming import tell_due
from userops.feedback.inbox.actions import save_macro
from userops.feedback.rules import actions, trying
from userops.feedback.rules.document import read
from userops.feedback.rules.firing import work_off
from userops.feedback.rules.models import DryRun, Rule, RuleCause, RuleFiring
from userops.feedback.rules.options import Options
from userops.feedback.rules.sentences import sentence
from userops.feedback.rules.standard import READY
from userops.feedback.rules.standing import look_for_time
from userops.feedback.rules.trying import go_on
from userops.feedback.rules.vocabulary import CAUSES, DEEDS, FIELDS, TESTS_OF
from userops.feedback.sorting.actions import create_category, create_team
from userops.feedback.tickets.actions import Change, Incoming, answer, change_ticket, receive
from userops.feedback.understanding.tasks import read_ticket
from userops.notices.models import Notice

NOW = datetime.now(UTC)
NOTE = {"do": "note", "text": "看"}
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {
        "when": st.fixed_dictionaries({"cause": st.one_of(st.sampled_from([*CAUSES]), JSON)}),
        "if": st.fixed_dictionaries(
            {},
            optional={
                "all": st.lists(
                    st.fixed_dictionaries(
                        {
                            "field": st.one_of(st.sampled_from([*FIELDS]), JSON),
                            "test": st.one_of(
                                st.sampled_from(["in", "yes", "is", "contains"]), JSON
                            ),
                        },
                        optional={"values": JSON},
                    ),
                    max_size=2,
                )
            },
        ),
        "then": st.lists(
            st.fixed_dictionaries(
                {"do": st.one_of(st.sampled_from([*DEEDS]), JSON)},
                optional={"value": JSON, "text": JSON, "who": JSON, "members": JSON},
            ),
            max_size=2,
        ),
    },
    optional={"after_rules": JSON, "x": JSON},
)


@settings(max_examples=40, deadline=None)
@given(given_=st.one_of(JSON, NEARLY))
def test_a_bad_document_is_refused_and_a_good_one_kept(given_: Any) -> None:
    try:
        found = read(given_)
    except Refused as wrong:
        assert wrong.code == "rule_invalid"
    else:
        kept = json.loads(json.dumps(found.as_json()))
        assert read(kept) == found and read(kept).as_json() == kept


@pytest.fixture
def lead(make_user: Any, product: Any) -> Any:
    return make_user("lead", product)


@pytest.fixture
def make_rule(product: Any, lead: Any) -> Any:
    def make(cause: str, *conditions: dict[str, Any], then: Any = NOTE, **when: Any) -> Rule:
        wanted = {
            "when": {"cause": cause, **when}, "if": {"all": list(conditions)}, "then": [then],
        }  # fmt: skip
        name = f"规则 {Rule.objects.count()}"
        row = actions.create_rule(product, name, wanted, acting_user=lead)
        return actions.switch_rule(row, active=True, acting_user=lead)

    return make


@pytest.fixture
def always(product: Any, lead: Any) -> Any:
    """The standard calendar is open around the clock: no test depends on the day it runs."""
    hours = Hours("全天", week=["00:00-24:00"] * 7, region="")
    return create_calendar(product, hours, acting_user=lead)


def fired() -> list[str]:
    return list(RuleFiring.objects.order_by("pk").values_list("cause", flat=True))


def test_hours_without_an_answer_are_counted_once(make_rule: Any, make_ticket: Any) -> None:
    rule = make_rule("unanswered", hours=2)
    Rule.objects.filter(pk=rule.pk).update(checked=NOW - timedelta(minutes=10))
    old = make_ticket(at=NOW - timedelta(hours=2, minutes=30))  # up before the rule looked
    due = make_ticket(at=NOW - timedelta(hours=2, minutes=5))
    said = make_ticket(at=NOW - timedelta(hours=2, minutes=4))
    receive(said, Incoming("在吗", at=NOW - timedelta(minutes=3)))  # does not begin it anew
    done = make_ticket(at=NOW - timedelta(hours=2, minutes=5))
    answer(done, "好", at=NOW - timedelta(minutes=30), acting_user=None)
    asked = make_ticket(at=NOW - timedelta(hours=2, minutes=5))
    change_ticket(asked, Change(status="waiting"), acting_user=None)
    assert look_for_time(NOW) == 2 and work_off() == 2
    assert set(RuleFiring.objects.values_list("ticket", flat=True)) == {due.pk, said.pk}
    assert look_for_time(NOW + timedelta(minutes=1)) == 0
    # the next word of the user that waits so long is another one
    answer(due, "好", at=NOW, acting_user=None)
    receive(due, Incoming("还有", at=NOW + timedelta(seconds=1)))
    assert RuleFiring.objects.filter(ticket=old).count() == 0


def test_who_answers_while_the_rule_waits_stops_it(make_rule: Any, make_ticket: Any) -> None:
    rule = make_rule("unanswered", hours=1)
    Rule.objects.filter(pk=rule.pk).update(checked=NOW - timedelta(hours=1))
    ticket = make_ticket(at=NOW - timedelta(minutes=61))
    assert look_for_time(NOW) == 1
    answer(ticket, "好", acting_user=None)
    assert work_off() == 1 and fired() == []


def test_working_hours_of_a_calendar(
    make_rule: Any, make_ticket: Any, product: Any, lead: Any
) -> None:
    from userops.calendars.reading import calendar_of
    from userops.worktime.clock import due

    create_calendar(product, Hours("工作日", region=""), acting_user=lead)
    rule = make_rule("unanswered", hours=3, calendar=0)
    since = NOW - timedelta(days=5)
    ticket = make_ticket(at=since)
    moment = due(calendar_of(product), since, timedelta(hours=3))
    Rule.objects.filter(pk=rule.pk).update(checked=moment - timedelta(seconds=1))
    assert look_for_time(moment - timedelta(milliseconds=1)) == 0
    assert look_for_time(moment) == 1 and work_off() == 1
    assert RuleFiring.objects.get(ticket=ticket).happened == moment


def test_a_user_who_says_nothing_more(make_rule: Any, make_ticket: Any) -> None:
    rule = make_rule("waiting", then={"do": "status", "value": "closed"}, hours=24)
    Rule.objects.filter(pk=rule.pk).update(checked=NOW - timedelta(hours=30))
    ticket, back = (
        make_ticket(at=NOW - timedelta(hours=60)),
        make_ticket(at=NOW - timedelta(hours=60)),
    )
    for each in (ticket, back):
        change_ticket(
            each, Change(status="waiting"), at=NOW - timedelta(hours=25), acting_user=None
        )
    receive(back, Incoming("补充", at=NOW - timedelta(hours=20)))
    assert look_for_time(NOW) == 1 and work_off() == 1
    ticket.refresh_from_db()
    assert ticket.status == "closed" and fired() == ["waiting"]


def test_alarms_and_readings_and_ratings(
    make_rule: Any, make_ticket: Any, product: Any, lead: Any, agent: Any, always: Any
) -> None:
    from userops.feedback.telling.actions import rate

    create_policy(product, Wanted("一般", first=60), acting_user=lead)
    make_rule("late", {"field": "clock", "test": "in", "values": ["first"]})
    make_rule("read", {"field": "sentiment", "test": "in", "values": ["negative"]})
    make_rule("rated", {"field": "rating", "test": "at_most", "values": [2]})
    bad = make_ticket("垃圾软件，太差了，再也不用了！", at=NOW - timedelta(days=3))
    good = make_ticket("很好用，谢谢", at=NOW - timedelta(days=3))
    for each in (bad, good):
        read_ticket.call_local(each.pk)
    work_off()
    assert fired() == ["read"]
    answer(good, "谢谢", status="solved", at=NOW - timedelta(days=3), acting_user=agent)
    rate(good, 5)
    rate(good, 1)
    work_off()
    assert fired() == ["read", "rated"]
    for hour in range(0, 96, 6):
        tell_due(NOW - timedelta(days=3) + timedelta(hours=hour))
    work_off()
    assert fired() == ["read", "rated", "late"]


def test_a_dry_run_over_every_cause(
    make_rule: Any, make_ticket: Any, product: Any, lead: Any, agent: Any, always: Any
) -> None:
    """Of each kind of cause a dry run finds what fired while it happened."""
    create_policy(product, Wanted("一般", first=1440), acting_user=lead)
    rules = [make_rule(cause, **({"hours": 1} if CAUSES[cause].timed else {})) for cause in CAUSES]
    start = NOW - timedelta(days=3)
    Rule.objects.filter(checked__isnull=False).update(checked=start - timedelta(hours=1))
    team = create_team(product, name="技术", acting_user=lead)
    ticket = make_ticket("垃圾软件，太差了", at=start)
    read_ticket.call_local(ticket.pk)
    work_off()
    for hour in range(0, 60, 6):
        tell_due(start + timedelta(hours=hour))
        look_for_time(start + timedelta(hours=hour))
        work_off()
    from userops.feedback.telling.actions import rate
    from userops.feedback.tickets.actions import hand_over

    category = create_category(product, name="支付", acting_user=lead)
    at = NOW - timedelta(hours=12)
    change_ticket(
        ticket,
        Change(category=category.pk, severity="low", owner=agent.pk),
        at=at,
        acting_user=lead,
    )
    hand_over(ticket, team, at=at + timedelta(minutes=1), acting_user=lead)
    change_ticket(ticket, Change(status="waiting"), at=at + timedelta(minutes=2), acting_user=agent)
    work_off()
    look_for_time(at + timedelta(hours=2))
    work_off()
    receive(ticket, Incoming("补充", at=at + timedelta(hours=3)))
    answer(ticket, "好", status="solved", at=at + timedelta(hours=3, minutes=5), acting_user=agent)
    rate(ticket, 1, now=at + timedelta(hours=4))
    work_off()
    look_for_time(NOW)
    work_off()
    assert set(fired()) == {*CAUSES}
    for rule in rules:
        days = (start.date() - timedelta(days=1), NOW.date() + timedelta(days=1))
        run = actions.start_dry_run(rule, *days, acting_user=lead)
        go_on(run)
        run.refresh_from_db()
        wanted = RuleFiring.objects.filter(rule=rule).order_by("happened", "pk")
        assert [each["key"] for each in run.found] == [each.key for each in wanted], rule.cause


def test_a_dry_run_that_breaks_ends_with_its_reason(
    make_rule: Any, make_ticket: Any, lead: Any, client: Any, monkeypatch: Any
) -> None:
    make_ticket("退款")
    rule = make_rule("opened")
    days = (NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=1))
    run = actions.start_dry_run(rule, *days, acting_user=lead)
    with monkeypatch.context() as broken:
        broken.setattr(trying, "replay", lambda *_: 1 / 0)
        go_on(run)
    run.refresh_from_db()
    assert (run.state, run.going_on) == (DryRun.State.FAILED, False) and run.ended
    assert "服务器日志" in run.problem["zh"]
    go_on(run)  # it is over
    run.refresh_from_db()
    assert run.state == DryRun.State.FAILED
    client.force_login(lead)
    page = client.get(f"/p/{rule.product.slug}/feedback/rules/{rule.pk}").content.decode()
    assert run.problem["zh"] in page and "data-running" not in page


def test_branches_people_and_hours(
    make_rule: Any, make_ticket: Any, product: Any, lead: Any
) -> None:
    product.timezone = "Asia/Shanghai"
    product.save()
    above = create_category(product, name="支付", acting_user=lead)
    below = create_category(product, name="退款", parent=above.pk, acting_user=lead)
    make_rule(
        "opened",
        {"field": "category", "test": "in", "values": [above.pk]},
        {"field": "contact", "test": "yes"},
        {"field": "text", "test": "contains", "values": ["没到账", "没有到账"]},
        {"field": "known", "test": "no"},
        {"field": "hours", "test": "not_in", "values": [0]},
    )
    night = (NOW - timedelta(days=1)).replace(hour=20, minute=0)  # 04:00 in Shanghai
    make_ticket(at=night, category=below.pk, email="a@b.cn")
    make_ticket(at=night, email="a@b.cn")
    work_off()
    (firing,) = RuleFiring.objects.all()
    assert [each["held"] for each in firing.checks] == [True] * 5
    assert firing.checks[0]["seen"] == below.pk and firing.checks[3]["seen"] is False


def test_members_are_told_and_macros_run(
    make_rule: Any, make_ticket: Any, product: Any, lead: Any, agent: Any
) -> None:
    macro = save_macro(product, name="致歉", reply="{{name}}您好，抱歉。", acting_user=lead)
    make_rule("opened", then={"do": "tell", "who": ["managers"], "members": [agent.pk]})
    make_rule("opened", then={"do": "macro", "value": macro.pk})
    ticket = make_ticket(name="小林", email="x@y.cn")
    work_off()
    assert {each.user for each in Notice.objects.filter(key__startswith="rule:")} == {lead, agent}
    assert ticket.messages.get(direction="out").text == "小林您好，抱歉。"
    assert ticket.messages.get(direction="out").author is None


def test_sentences(product: Any, lead: Any) -> None:
    team = create_team(product, name="技术支持", acting_user=lead)
    wanted = read(
        {
            "when": {"cause": "unanswered", "hours": 4, "calendar": 0},
            "if": {
                "all": [{"field": "severity", "test": "in", "values": ["urgent", "high"]}],
                "any": [
                    {"field": "complaint", "test": "yes"},
                    {"field": "text", "test": "contains", "values": ["退款"]},
                ],
            },
            "then": [{"do": "hand_over", "value": team.pk}, {"do": "tell", "who": ["managers"]}],
        }
    )
    told = sentence(wanted, Options(product))
    assert told.zh == (
        "当用户等待回复满 4 个工作小时（标准工作日历）时，如果严重程度是“紧急”或“高”且（投诉为“是”或"
        "标题与首条内容包含“退款”），转交给“技术支持”，然后通知反馈台管理者。"
    )
    assert told.en.startswith(
        "When the user has had no answer for 4 working hours (the standard calendar), if severity is"
    )


def test_ready_made_rules_can_be_kept(product: Any, lead: Any) -> None:
    for with_rows in (False, True):
        if with_rows:
            create_category(product, name="支付", acting_user=lead)
            create_team(product, name="技术支持", acting_user=lead)
        for ready in READY.values():
            name = f"{ready.name.zh} {with_rows}"
            row = actions.create_rule(product, name, ready.document(product), acting_user=lead)
            assert not row.active and sentence(read(row.document), Options(product)).zh


def test_what_is_refused(
    product: Any, lead: Any, agent: Any, make_user: Any, make_product: Any
) -> None:
    def code(document: Any, name: str = "x") -> str:
        with pytest.raises(Refused) as wrong:
            actions.create_rule(product, name, document, acting_user=lead)
        assert wrong.value.hint is not None  # what to do
        return str(wrong.value.code)

    def deed(**given: Any) -> Any:
        return {"when": {"cause": "opened"}, "then": [given]}

    elsewhere = create_team(make_product(), name="x", acting_user=make_user("admin"))
    assert code(deed(do="team", value=elsewhere.pk)) == "rule_target_unknown"
    assert (
        code(deed(do="owner", value=make_user("leadership", product).pk)) == "rule_target_unknown"
    )
    assert code(deed(do="relate", value=99)) == "rule_target_unknown"
    assert code(deed(do="severity", value="huge")) == "rule_choice_unknown"
    assert code(deed(do="status", value="handed_over")) == "rule_choice_unknown"
    assert code(deed(do="note", text="{{nmae}}")) == "variable_unknown"
    assert code({"when": {"cause": "opened"}, "then": []}) == "rule_invalid"
    unread = [{"field": "sentiment", "test": "in", "values": ["negative"]}]
    assert code({**deed(**NOTE), "if": {"all": unread}}) == "rule_invalid"
    actions.create_rule(product, "同名", deed(**NOTE), acting_user=lead)
    assert code(deed(**NOTE), "同名") == "rule_name_taken"
    for who, wrong in ((agent, NotAllowed), (make_user("lead", make_product()), NotFound)):
        with pytest.raises(wrong):
            actions.create_rule(product, "y", deed(**NOTE), acting_user=who)
        with pytest.raises(wrong):
            actions.switch_rule(Rule.objects.get(), active=True, acting_user=who)


def test_every_field_has_tests_and_every_action_is_done() -> None:
    from userops.feedback.rules.deeds import DOING

    assert {each.kind for each in FIELDS.values()} <= {*TESTS_OF} and {*DOING} == {*DEEDS}


def test_the_api(product: Any, lead: Any, client: Any, make_ticket: Any) -> None:
    client.force_login(lead)
    root = f"/api/products/{product.slug}"

    def call(method: str, path: str, body: Any = None, status: int = 200) -> Any:
        given = (json.dumps(body), "application/json") if body is not None else ()
        found = getattr(client, method)(f"{root}{path}", *given)
        assert found.status_code == status, found.content
        return found.json() if found.content else None

    ticket = make_ticket("退款没到", at=NOW - timedelta(days=1))
    if_ = {"all": [{"field": "text", "test": "contains", "values": ["退款"]}]}
    body = {"name": "a", "when": {"cause": "opened"}, "if": if_, "then": [{"do": "complaint"}]}
    made = call("post", "/ticket-rules", body)
    one = f"/ticket-rules/{made['id']}"
    assert not made["active"] and "退款" in made["sentence"]["zh"]
    bad = call("post", "/ticket-rules", body | {"name": "b", "when": {"cause": "moon"}}, 400)
    assert bad["error"]["code"] == "rule_invalid"
    days = {"first": (NOW - timedelta(days=2)).date().isoformat(), "until": NOW.date().isoformat()}
    run = call("post", f"{one}/dry-runs", days)
    go_on(DryRun.objects.get())
    run = call("get", f"{one}/dry-runs/{run['id']}")
    assert (run["state"], run["fired"], run["found"][0]["ticket"]) == ("done", 1, ticket.number)
    ticket.refresh_from_db()
    assert not ticket.complaint and not RuleFiring.objects.exists()
    assert call("delete", f"{one}/dry-runs/{run['id']}")["state"] == "done"
    assert call("patch", one, {"active": True, "move": "up"})["active"]
    assert call("put", one, body | {"name": "c"})["version"] == 2
    make_ticket("退款")
    work_off()
    log = call("get", f"/ticket-rule-log?rule={made['id']}&state=fired")
    assert log["total"] == 1 and log["items"][0]["done"][0]["result"] == "done"
    assert call("get", "/ticket-rules")["total"] == 1 and call("get", one)["name"] == "c"
    call("delete", one, status=204)
    assert call("get", "/ticket-rule-log")["items"][0]["rule"] is None


def test_nothing_waits_where_no_rule_waits_for_it(make_ticket: Any) -> None:
    make_ticket()
    assert not RuleCause.objects.exists()


FORM = {
    "name": "差评", "cause": "received", "all-0-field": "message", "all-0-test": "contains",
    "all-0-values": "退款，差评", "any-0-field": "severity", "any-0-test": "in",
    "any-0-values": ["normal", "high"], "then-0-do": "severity", "then-0-value": "urgent",
    "then-1-do": "tell", "then-1-who": ["managers"],
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_pages(product: Any, lead: Any, client: Any, make_ticket: Any, language: str) -> None:
    lead.language = language
    lead.save()
    client.force_login(lead)
    root = f"/p/{product.slug}/feedback/rules"
    for key in READY:
        assert READY[key].name.text(language) in client.get(root).content.decode()
        assert client.get(f"{root}/new?ready={key}").status_code == 200
    # buttons answer the form as it is then
    given = FORM | {"act": "add-then", "new-then": "note"}
    part = client.post(f"{root}/new", given, HTTP_HX_REQUEST="true").content.decode()
    assert 'name="then-2-do" value="note"' in part and "<html" not in part
    part = client.post(f"{root}/new", FORM | {"act": "up-then-1"}).content.decode()
    assert 'name="then-0-do" value="tell"' in part
    part = client.post(f"{root}/new", FORM | {"act": "remove-all-0"}).content.decode()
    assert 'value="message"' not in part.split('name="new-all"')[0]
    told = client.post(f"{root}/new", FORM | {"act": "preview"}, HTTP_HX_REQUEST="true")
    assert (
        "包含“退款”或“差评”" if language == "zh-hans" else "contains “退款”"
    ) in told.content.decode()
    # what is not whole says what it lacks, in words
    for name, zh, en in (
        ("all-0-values", "条件“这条留言”还没有值", "the condition “These words” has no value"),
        (
            "then-0-value",
            "动作“严重程度改为”还没有选定内容",
            "the action “Set the severity to” says nothing",
        ),
    ):
        given = FORM | {name: "", "act": "preview"}
        told = client.post(f"{root}/new", given, HTTP_HX_REQUEST="true").content.decode()
        assert (zh if language == "zh-hans" else en) in told
    assert client.post(f"{root}/new", FORM | {"then-0-value": "huge"}).status_code == 200
    made = client.post(f"{root}/new", FORM)
    rule = Rule.objects.get()
    assert made.url == f"{root}/{rule.pk}" and rule.document["if"]["all"][0]["values"] == [
        "退款",
        "差评",
    ]
    assert client.get(f"{root}/{rule.pk}/edit").status_code == 200
    assert client.post(f"{root}/{rule.pk}/edit", FORM | {"name": "差评二"}).status_code == 302
    days = {"from": str((NOW - timedelta(days=2)).date()), "to": str(NOW.date())}
    client.post(f"{root}/{rule.pk}/dry-run", days)
    client.post(f"{root}/{rule.pk}/change", {"do": "on", "back": "one"})
    ticket = make_ticket()
    receive(ticket, Incoming("退款还没到"))
    work_off()
    go_on(DryRun.objects.get())
    page = client.get(f"{root}/{rule.pk}").content.decode()
    assert f"#{ticket.number}" in page and "差评二" in page
    log = client.get(f"{root}/log?rule={rule.pk}&ticket={ticket.number}").content.decode()
    assert "退款还没到" in log
    desk = f"/p/{product.slug}/feedback/inbox/{ticket.number}"
    assert "差评二" in client.get(desk).content.decode()
    for do in ("up", "down", "off", "delete"):
        client.post(f"{root}/{rule.pk}/change", {"do": do})
    assert not Rule.objects.exists() and client.get(f"{root}/log").status_code == 200
