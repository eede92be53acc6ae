"""Personal properties: what each role gets of them by page, file, API and writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pydantic import BaseModel

from userops.analyses import answering
from userops.analyses.registry import ANALYSES
from userops.audience.segments.actions import create_segment
from userops.audience.segments.models import Segment
from userops.audience.tags.actions import create_tag, refresh_tag
from userops.audience.tags.deciding import say_personal
from userops.audience.tags.defining import Wanted
from userops.audience.tags.models import Tag
from userops.events.models import PropertyDefinition
from userops.events.records import Event, ProfileChange
from userops.events.store import current
from userops.insights.actions import add_card, create_dashboard, save_analysis
from userops.query.personal import PersonalProperty, Sight, check_sight, named
from userops.workspace.access import permissions_in
from userops.workspace.actions import create_token
from userops.workspace.models import LogEntry
from userops.workspace.roles import Permission, Role

ADDRESS = "ann@example.com"
RANGE = {"from": "2026-03-01", "to": "2026-03-07"}
SEEING = ("admin", "lead", "operator", "analyst")
OTHERS = ("partner", "leadership")


def trend(product, **more):
    series = [{"event": "buy", "measure": "users"}]
    return {"kind": "trend", "product": product.slug, "range": RANGE, "series": series, **more}


BY_EMAIL = {"breakdown": [{"property": "email", "of": "user"}]}
WITH_EMAIL = {"filters": [{"property": "email", "of": "user", "op": "is", "value": ADDRESS}]}
BY_PHONE = {"breakdown": ["phone"]}


@pytest.fixture
def shop(store, product):
    at = int(datetime(2026, 3, 2, 4, tzinfo=UTC).timestamp() * 1000)
    bought = [
        Event(
            event="buy",
            distinct_id=name,
            ts=at,
            uuid=uuid4(),
            properties={"phone": f"1380013800{n}", "note": note},
        )
        for n, (name, note) in enumerate((("ann", ADDRESS), ("bob", "bob@example.com")))
    ]
    known = ProfileChange(
        distinct_id="ann", operation="set", properties={"email": ADDRESS, "city": "上海"}
    )
    store.ingest.submit(product.pk, "test", [*bought, known])
    return product


def post(client, path, body):
    return client.post(path, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("asked", [BY_EMAIL, WITH_EMAIL, BY_PHONE], ids=["by", "with", "event"])
def test_the_api_refuses_who_may_not_see_people(make_client, shop, asked):
    for role in OTHERS:
        refused = post(make_client(role, shop), "/api/query", trend(shop, **asked))
        error = refused.json()["error"]
        assert (refused.status_code, error["code"]) == (403, "personal_property")
        assert error["hint_zh"] and error["hint_en"] and ADDRESS not in refused.content.decode()
    for role in SEEING:
        assert post(make_client(role, shop), "/api/query", trend(shop, **asked)).status_code == 200
    lesser = make_client("analyst", shop, scopes=["query"])
    assert post(lesser, "/api/query", trend(shop, **asked)).status_code == 403


def test_an_answer_that_an_analyst_was_given_is_not_passed_on(make_client, shop):
    """Answers are remembered by their question, whoever asks it."""
    document = trend(shop, **BY_EMAIL)
    first = post(make_client("analyst", shop), "/api/query", document)
    assert ADDRESS in first.content.decode()
    assert post(make_client("partner", shop), "/api/query", document).status_code == 403


def test_whether_there_is_an_address_says_nothing_of_it(make_client, shop):
    document = trend(shop, filters=[{"property": "email", "of": "user", "op": "set"}])
    answer = post(make_client("leadership", shop), "/api/query", document)
    assert (
        answer.status_code == 200
        and sum(y for _, y in answer.json()["result"]["series"][0]["points"]) == 1
    )


def test_the_page_says_why_not_and_files_take_the_permission_to_export(client, make_user, shop):
    query = {"series.0.event": "buy", "breakdown.0.of": "user", "breakdown.0.property": "email",
             "range.from": RANGE["from"], "range.to": RANGE["to"], "full": "1"}  # fmt: skip
    page = reverse("insights:trend", args=[shop.slug])
    file = reverse("insights:trend_file", args=[shop.slug, "csv"])
    for role in Role.values:
        user = make_user(role, shop)
        client.force_login(user)
        granted = permissions_in(user, shop)
        shown = client.get(page, query).content.decode()
        assert (ADDRESS in shown) == (Permission.SEE_PEOPLE in granted), role
        assert ("personal data" in shown or "个人信息" in shown) == (
            Permission.SEE_PEOPLE not in granted
        )
        taken = client.get(file, query)
        assert (taken.status_code == 200) == (Permission.EXPORT_PEOPLE in granted), role


def test_values_are_offered_to_those_who_may_see_them(client, make_user, shop):
    path = reverse("insights:values", args=[shop.slug])
    for role in Role.values:
        client.force_login(make_user(role, shop))
        offered = client.get(path, {"property": "event:phone"}).json()["values"]
        assert bool(offered) == (role in SEEING)


def test_lists_offer_them_to_those_who_may_use_them(client, make_user, shop):
    pages = [(reverse("insights:trend", args=[shop.slug]), {"breakdown.0.of": "user", "breakdown.0.property": "city"}),
             (reverse("audience:segment_new", args=[shop.slug]),
              {"q": json.dumps({"where": {"who": "user", "property": "city", "op": "set"}})})]  # fmt: skip
    for role in ("partner", "operator"):
        client.force_login(make_user(role, shop))
        for path, given in pages:
            shown = client.get(path, given).content.decode()
            assert 'value="city"' in shown or 'value="user:city"' in shown
            assert ('value="email"' in shown or 'value="user:email"' in shown) == (
                role == "operator"
            )


def test_a_dashboard_shows_figures_of_chosen_people_to_all_and_their_addresses_to_none(
    client, make_user, shop
):
    analyst = make_user("analyst", shop)
    board = create_dashboard(shop, "Board", acting_user=analyst)
    cards = [
        add_card(board, save_analysis(shop, trend(shop, **asked), name, acting_user=analyst), acting_user=analyst)
        for name, asked in (("with", WITH_EMAIL), ("by", BY_EMAIL))
    ]  # fmt: skip
    for role, broken in (("leadership", True), ("operator", False)):
        client.force_login(make_user(role, shop))
        shown = [
            client.get(reverse("insights:card", args=[shop.slug, board.pk, card.pk]))
            for card in cards
        ]
        assert ["failed" in each.context for each in shown] == [False, broken]
        assert (ADDRESS in shown[1].content.decode()) == (not broken)


def test_partners_write_down_no_question_that_they_may_not_ask(make_client, make_user, shop):
    partner = make_user("partner", shop)
    for asked in (BY_EMAIL, WITH_EMAIL):
        with pytest.raises(PersonalProperty):
            save_analysis(shop, trend(shop, **asked), "mine", acting_user=partner)
    where = {"who": "user", "property": "email", "op": "is", "value": ADDRESS}
    path = f"/api/products/{shop.slug}/segments"
    api = make_client("partner", shop)
    behind = {"who": "behind", "question": trend(shop, **BY_EMAIL), "selection": {}}
    for wanted in (where, {"and": [{"not": where}]}, behind):
        assert post(api, f"{path}/count", {"where": wanted}).status_code == 403
        assert post(api, path, {"name": "x", "where": wanted}).status_code == 403
    assert not Segment.objects.exists()
    assert (
        post(make_client("operator", shop), f"{path}/count", {"where": where}).json()["size"] == 1
    )
    assert (
        post(
            make_client("operator", shop, scopes=["query"]), f"{path}/count", {"where": where}
        ).status_code
        == 403
    )


def test_nobody_is_told_values_where_nothing_is_said_of_the_reader(store, shop):
    """Reports, alerts and the like: their figures go to people who are not known while they are made."""
    with pytest.raises(PersonalProperty):
        answering.answer(trend(shop, **BY_EMAIL), store)
    assert answering.answer(trend(shop, **WITH_EMAIL), store).result


def test_what_moves_and_what_sets_apart_leave_them_out(store, make_scope, shop):
    document = {"kind": "change", "question": trend(shop), "range": RANGE}
    told = json.dumps(answering.answer(document, store).result, default=str)
    assert "example.com" not in told and "13800" not in told


def test_administrators_decide_and_the_answer_follows(make_client, shop):
    rows = {(row.of, row.name): row for row in PropertyDefinition.objects.filter(product=shop)}
    assert rows["user", "email"].is_personal and rows["event", "phone"].is_personal
    assert rows["event", "note"].personal is True  # its first value was an address
    assert not rows["user", "city"].is_personal
    city = f"/api/products/{shop.slug}/properties/{rows['user', 'city'].pk}"

    def decide(role, personal):
        body = json.dumps({"personal": personal})
        return make_client(role, shop).patch(city, body, content_type="application/json")

    assert decide("analyst", True).status_code == 403
    assert decide("analyst", False).status_code == 200  # as it is
    by_city = trend(shop, breakdown=[{"property": "city", "of": "user"}])
    assert post(make_client("partner", shop), "/api/query", by_city).status_code == 200
    assert decide("admin", True).json()["personal"] is True
    assert post(make_client("partner", shop), "/api/query", by_city).status_code == 403
    assert decide("admin", False).status_code == 200
    assert post(make_client("partner", shop), "/api/query", by_city).status_code == 200


def test_tags_neither_ask_for_them_nor_tell_them(client, make_client, make_user, shop):
    path = f"/api/products/{shop.slug}/tags"
    partner, analyst = make_client("partner", shop), make_client("analyst", shop)
    where = {"where": {"who": "user", "property": "email", "op": "is", "value": ADDRESS}}
    rule = {
        "name": "r",
        "kind": "rule",
        "definition": {"rules": [{"value": "x", "segment": where}]},
    }
    cuts = {"name": "c", "kind": "computed",
            "definition": {"property": "phone", "by": "cuts", "cuts": [100]}, "values": ["a", "b"]}  # fmt: skip
    for body in (rule, cuts):
        assert post(partner, path, body).json()["error"]["code"] == "personal_property"
    assert post(analyst, path, rule).json()["counts"] == {"x": 1}
    made = post(
        analyst, path, {"name": "手机号", "kind": "imported", "values": ["13800138000"]}
    ).json()
    own = f"{path}/{made['id']}"
    assert post(analyst, f"{own}/users", {"values": {"ann": "13800138000"}}).json()["people"] == 1
    assert analyst.get(own).json()["counts"] == {"13800138000": 1}
    seen = [partner.get(path), partner.get(own), partner.get(f"{own}/history")]
    assert [each.status_code for each in seen] == [200, 200, 403]
    client.force_login(make_user("leadership", shop))
    seen += [client.get(reverse("audience:tags", args=[shop.slug])),
             client.get(reverse("audience:tag", args=[shop.slug, made["id"]]))]  # fmt: skip
    assert all("13800138000" not in each.content.decode() for each in seen)
    assert seen[-1].status_code == 200
    by_tag = trend(shop, breakdown=[{"property": "$tag/手机号", "of": "user"}])
    assert post(partner, "/api/query", by_tag).status_code == 403


@pytest.fixture
def vip(client, make_user, shop):
    """A tag of a name that gives nothing away, of which ann has the value 赵小姐."""
    owner = make_user("operator", shop)
    values, rules = (
        ("赵小姐",),
        [{"value": "赵小姐", "segment": {"where": {"who": "did", "event": "buy"}}}],
    )
    tag = create_tag(
        current(),
        shop,
        Wanted("大客户", "rule", values=values, definition={"rules": rules}),
        acting_user=owner,
    )
    client.force_login(owner)
    return tag


def test_owners_and_administrators_say_whether_a_tag_is_personal(
    client, make_user, make_client, shop, vip
):
    path = f"/api/products/{shop.slug}/tags/{vip.pk}"
    body = {"values": vip.values, "definition": vip.definition}

    def put(who, personal):
        return who.put(path, json.dumps({**body, "personal": personal}), "application/json")

    by_tag = trend(shop, breakdown=[{"property": vip.fact, "of": "user"}])
    with_tag = trend(
        shop, filters=[{"property": vip.fact, "of": "user", "op": "is", "value": "赵小姐"}]
    )
    partner, admin = make_client("partner", shop), make_client("admin", shop)
    assert post(partner, "/api/query", by_tag).status_code == 200
    for role in ("partner", "analyst", "lead"):  # neither the owner nor an administrator
        assert put(make_client(role, shop), True).status_code == 403
    form = reverse("audience:tag-edit", args=[shop.slug, vip.pk])
    given = {"description": "d", "document": json.dumps(vip.definition["rules"])}
    assert client.post(form, {**given, "personal": "on"}).status_code == 302  # the owner's own page
    entry = LogEntry.objects.get(action="tag.personal")
    assert (entry.target, entry.details["personal"]) == ("大客户", True)
    segments = f"/api/products/{shop.slug}/segments"
    segment = {
        "name": "s",
        "where": {"who": "user", "property": vip.fact, "op": "is", "value": "赵小姐"},
    }
    refused = [
        post(partner, "/api/query", by_tag),
        post(partner, "/api/query", with_tag),
        post(partner, segments, segment),
        partner.get(f"{path}/history"),
        put(partner, False),
    ]
    assert [(each.status_code, each.json()["error"]["code"]) for each in refused] == [
        (403, "personal_property")
    ] * 5
    refresh_tag(current(), vip, acting_user=vip.owner)  # from before the decision
    assert post(partner, "/api/query", by_tag).status_code == 403
    seen = [partner.get(path), partner.get(f"/api/products/{shop.slug}/tags")]
    partner_page, leader_page = Client(), Client()
    partner_page.force_login(make_user("partner", shop))
    leader_page.force_login(make_user("leadership", shop))
    for page in (partner_page, leader_page):
        seen += [page.get(reverse("audience:tag", args=[shop.slug, vip.pk])),
                 page.get(reverse("audience:tags", args=[shop.slug]))]  # fmt: skip
    assert {each.status_code for each in seen} == {200}
    seen += [partner_page.get(form)]
    assert seen[-1].status_code == 403
    # in answers Chinese may stand as escapes
    assert all("赵小姐" not in each.content.decode().encode().decode("unicode_escape", "ignore")
               and "赵小姐" not in each.content.decode() for each in seen)  # fmt: skip
    assert post(make_client("analyst", shop), "/api/query", by_tag).status_code == 200
    assert put(admin, False).json()["personal"] is False
    assert post(partner, "/api/query", by_tag).status_code == 200


def test_tags_are_judged_by_their_names_until_somebody_decides(client, make_user, shop):
    """The form of a new tag decides only where its box is ticked."""
    client.force_login(make_user("operator", shop))
    new = reverse("audience:tag-new", args=[shop.slug])
    for name, more, personal in (
        ("手机号", {}, True), ("等级", {}, False), ("称呼", {"personal": "on"}, True),
    ):  # fmt: skip
        client.post(new, {"kind": "manual", "name": name, **more})
        tag = Tag.objects.get(product=shop, name=name)
        assert (tag.is_personal, tag.personal) == (personal, True if more else None)
    say_personal(
        Tag.objects.get(name="手机号"), False, acting_user=Tag.objects.get(name="手机号").owner
    )
    assert not Tag.objects.get(name="手机号").is_personal


NAMES = {"property", "hold_constant", "word", "results"}
OTHER_TEXTS = {
    "product", "value", "event", "name", "formula", "window", "within", "signals", "span", "events", "purchase",
    "steps", "failures", "lookback", "direct", "half_life", "figure", "selection", "question", "other",
}  # fmt: skip


def _texts(model, seen):
    for name, field in model.model_fields.items():
        text = str(field.annotation)
        if "str" in text and "Literal" not in text:
            yield name
        for inner in _models(field.annotation):
            if inner not in seen:
                seen.add(inner)
                yield from _texts(inner, seen)


def _models(kind):
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for each in getattr(kind, "__args__", ()):
        yield from _models(each)


def test_each_text_of_a_document_is_known_to_be_a_property_or_not():
    found = {name for each in ANALYSES for name in _texts(each.document, set())}
    assert {"property", "hold_constant", "word"} <= found
    assert found - NAMES - OTHER_TEXTS == set()


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ({"breakdown": ["email"]}, "email"),
        ({"hold_constant": ["phone"]}, "phone"),
        ({"search": {"event": "s", "word": "phone"}}, "phone"),
        ({"events": [{"event": "*", "property": "email"}]}, "email"),
        ({"question": {"breakdown": ["email"]}}, "email"),
        (
            {
                "and": [
                    {"not": {"property": "email", "of": "event", "op": "contains", "value": "a"}}
                ]
            },
            "email",
        ),
        ({"who": "did", "property": "phone", "op": "gte", "value": 1}, "phone"),
    ],
)
def test_every_way_to_name_a_property(part, name):
    assert [found for (_of, found), _listed in named(part)] == [name]
    from userops.events.personal import Personal

    with pytest.raises(PersonalProperty):
        check_sight(part, Personal(), Sight.NONE)
    check_sight(part, Personal(), Sight.ALL)


TYPED = {
    "and": [
        {"who": "user", "property": "email", "op": "is", "value": [ADDRESS]},
        {"who": "user", "property": "phone", "op": "gt", "value": 13800138000},
        {"who": "did", "event": "buy", "filters": [{"property": "phone", "op": "contains", "value": "0013"}]},
        {"who": "user", "property": "city", "op": "is", "value": "上海"},
    ]
}  # fmt: skip


@pytest.mark.parametrize("role", [*SEEING, *OTHERS])
def test_what_a_colleague_typed_into_a_segment_is_for_those_who_may_see_people(
    client, make_client, make_user, store, shop, role
):
    made = create_segment(
        store, shop, {"where": TYPED}, name="VIP", acting_user=make_user("lead", shop)
    )
    told = make_client(role, shop).get(f"/api/products/{shop.slug}/segments/{made.pk}").json()
    client.force_login(make_user(role, shop))
    base = f"/p/{shop.slug}/segments/{made.pk}"
    paths = (base,) if role == "leadership" else (base, f"{base}/edit")
    pages = [client.get(path).content.decode() for path in paths]
    for text in (json.dumps(told, ensure_ascii=False), *pages):
        assert "上海" in text
        assert all(
            (typed in text) == (role in SEEING) for typed in (ADDRESS, "13800138000", "0013")
        )
        assert ("•••" in text) == (role in OTHERS)


def test_a_token_without_people_reads_no_typed_values(make_user, client, store, shop):
    user = make_user("lead", shop)
    create_segment(store, shop, {"where": TYPED}, name="VIP", acting_user=user)
    for scopes, seen in ((["query"], False), (["query", "people"], True)):
        _row, secret = create_token(name=str(seen), scopes=scopes, days=None, acting_user=user)
        found = client.get(
            f"/api/products/{shop.slug}/segments", headers={"Authorization": f"Bearer {secret}"}
        )
        assert (ADDRESS in found.content.decode()) == seen
