"""The pages of segments: built, counted, kept, shown, exported; and the other doors."""

from __future__ import annotations

import html
import io
import json
import re
from datetime import datetime
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from userops.audience.segments import actions, counting
from userops.audience.segments.form import Offers, document_of, form_of, tree_of
from userops.audience.segments.masking import masked
from userops.audience.segments.models import Segment
from userops.audience.segments.test_actions import BUYERS, send
from userops.events import facts
from userops.events.models import EventDefinition
from userops.query.codes import RFM
from userops.segments import parse, sampling
from userops.segments.kept import KEPT
from userops.words import Words
from userops.workspace.models import LogEntry

HTMX = {"HTTP_HX_REQUEST": "true"}
DOCUMENTS = [
    {"and": []},
    {"and": [{"who": "did", "event": "buy", "value": 2.0, "range": {"last": 30}}]},
    {
        "or": [
            {"who": "did", "event": ["buy", "view"], "op": "none"},
            {"who": "segment", "segment": 3},
        ]
    },
    {"not": {"who": "last", "event": "*", "range": {"preset": "this_month"}}},
    {
        "not": {
            "or": [
                {"who": "list", "list": "a"},
                {"who": "first", "event": "x", "range": {"last": 1}},
            ]
        }
    },
    {"and": [{"who": "sequence", "steps": [{"event": "a"}, {"event": "b"}], "window": "1d"}]},
    {
        "and": [
            {"who": "user", "property": "level", "op": "is", "value": ["a", "b"], "of": "user"},
            {
                "or": [
                    {
                        "who": "did",
                        "event": "buy",
                        "measure": "sum",
                        "property": "amount",
                        "value": 3,
                    }
                ]
            },
            {
                "who": "behind",
                "question": {"kind": "funnel", "product": "p", "steps": [{"event": "a"}]},
                "selection": {"step": 1},
            },
        ]
    },
]


@pytest.mark.parametrize("where", DOCUMENTS)
def test_a_document_survives_its_form(product, where):
    tree = tree_of(where)
    document = document_of(tree)
    again = parse({"product": "p", **document}).where
    meant = parse({"product": "p", "where": where}).where
    alone = again.and_[0] if "and" in document["where"] and len(again.and_) == 1 else again
    assert meant in (again, alone)
    assert form_of(tree, Offers(product)).children or where == {"and": []}


def test_what_is_not_filled_in_is_not_applied_yet(product):
    tree = {
        "where": {
            "join": "and",
            "items": [{"event": ""}, {"pick": ""}, {"who": "segment", "segment": ""}],
        }
    }
    assert document_of(tree) == {"where": {"and": []}}
    assert all(each.help for each in form_of(tree, Offers(product)).children)


@pytest.fixture
def analyst(make_user, product, client):
    user = make_user("analyst", product)
    client.force_login(user)
    return user


@pytest.fixture
def uids(store, product):
    return send(
        store, product, ("ann-long-id", "buy"), ("bob-long-id", "view"), ("cat-long-id", "buy")
    )


@pytest.fixture
def buyers(store, product, analyst, uids):
    return actions.create_segment(store, product, BUYERS, name="买家", acting_user=analyst)


def url(name, product, *args):
    return reverse(f"audience:{name}", args=[product.slug, *args])


def test_a_new_sequence_has_the_two_steps_that_it_needs(product):
    tree = {"where": {"join": "and", "items": [{"who": "sequence"}]}}
    (condition,) = form_of(tree, Offers(product)).children
    steps = next(each for each in condition.children if each.path.endswith("steps"))
    assert [each.path for each in steps.children] == [
        "where.items.0.steps.0",
        "where.items.0.steps.1",
    ]


def test_an_empty_list_teaches(product, analyst, client):
    said = client.get(url("segments", product)).content.decode()
    assert url("segment_new", product) in said


def test_the_list(product, buyers, client):
    said = client.get(url("segments", product)).content.decode()
    assert "买家" in said and "66.7%" in said


def test_building_counts_and_shows_some(product, uids, analyst, client):
    asked = {"where.join": "and", "where.items.0.who": "did", "where.items.0.event": "buy"}
    form = client.get(
        url("segment_new", product), asked, headers={"HX-Request": "true", "HX-Target": "builder"}
    )
    assert 'name="where.items.0.event"' in form.content.decode()
    answer = client.get(
        url("segment_new", product), asked, headers={"HX-Request": "true", "HX-Target": "result"}
    )
    said = answer.content.decode()
    assert "ann-long-id" in said and "bob-long-id" not in said
    again = client.get(answer.headers["HX-Replace-Url"]).content.decode()
    assert 'name="where.items.0.event"' in again


@pytest.mark.parametrize("who", ["did", "sequence", "first", "last", "user", "segment", "list"])
def test_every_kind_of_condition_has_its_form(product, analyst, client, who):
    asked = {"where.join": "and", "where.items.0.who": who, "edit": "nest:where.items:event"}
    answer = client.get(url("segment_new", product), asked)
    assert answer.status_code == 200
    assert "where.items.1.join" in answer.content.decode()


def test_what_is_wrong_is_said(product, analyst, client):
    where = {"who": "segment", "segment": 999}
    for q in ("{", "[]", json.dumps({"where": where})):
        answer = client.get(url("segment_new", product) + "?" + urlencode({"q": q, "full": 1}))
        assert answer.status_code in (200, 400)
    assert "segment_not_found" in answer.content.decode()


def test_saving_opens_the_segment(store, product, uids, analyst, client):
    given = {"document": json.dumps(BUYERS), "name": "买家", "description": "买过"}
    answer = client.post(url("segment_save", product), given)
    segment = Segment.objects.get()
    assert answer.url == url("segment", product, segment.pk)
    assert (segment.size, segment.description) == (2, "买过")
    # the same name again: the definition is not lost
    answer = client.post(url("segment_save", product), given)
    assert answer.url.startswith(url("segment_new", product) + "?q=")
    edited = {
        "document": json.dumps({"where": {"who": "did", "event": "view"}}),
        "segment": segment.pk,
    }
    client.post(url("segment_save", product), edited)
    segment.refresh_from_db()
    assert segment.size == 1


def test_one_segment(product, buyers, client):
    answer = client.get(url("segment", product, buyers.pk))
    said = answer.content.decode()
    assert "ann-long-id" in said and buyers.fact in said
    assert "filters.0.pick" in said
    past = client.get(url("segment", product, buyers.pk), {"day": "2020-01-01"}).content.decode()
    assert "ann-long-id" not in past
    for do in ("refresh", "freeze", "thaw"):
        assert client.post(url("segment_change", product, buyers.pk), {"do": do}).status_code == 302
    client.post(url("segment_change", product, buyers.pk), {"do": "rename", "name": "新名"})
    assert "新名" in client.get(url("segments", product)).content.decode()
    client.post(url("segment_change", product, buyers.pk), {"do": "delete"})
    assert not Segment.objects.exists()


@pytest.mark.parametrize("day", ["2020-13-01", "soon", "9999-01-01"])
def test_a_day_that_is_not_past_is_refused_and_not_taken_for_today(
    product, analyst, client, buyers, day
):
    """Neither shown as if nobody were in it, nor exported as if today had been asked for."""
    text = client.get(url("segment", product, buyers.pk), {"day": day}).content.decode()
    people = text.split('id="people"')[1]
    assert "day_invalid" in people and "ann-long-id" not in people
    file = client.get(url("segment_file", product, buyers.pk, "csv"), {"day": day}, follow=True)
    assert file.headers["Content-Type"].startswith("text/html") and day in file.content.decode()
    today = datetime.now(ZoneInfo(product.timezone)).date().isoformat()
    assert (
        "day_invalid"
        not in client.get(url("segment", product, buyers.pk), {"day": today}).content.decode()
    )


def test_ids_are_masked_for_those_who_may_not_see_them(product, buyers, make_user, client):
    client.force_login(make_user("leadership", product))
    said = client.get(url("segment", product, buyers.pk)).content.decode()
    assert "ann-long-id" not in said and masked("ann-long-id") in said
    assert "用户 ID 已脱敏" in said
    assert client.get(url("segment_file", product, buyers.pk, "csv")).status_code == 403


def test_files_are_noted_and_masked_unless_the_role_permits(product, buyers, make_user, client):
    EventDefinition.objects.update_or_create(
        product=product, name="buy", defaults={"label_zh": "下单"}
    )
    whole = client.get(url("segment_file", product, buyers.pk, "csv")).content.decode()
    assert "ann-long-id" in whole and "bob-long-id" not in whole
    client.force_login(make_user("operator", product))
    masked_file = client.get(url("segment_file", product, buyers.pk, "csv")).content.decode()
    assert "ann-long-id" not in masked_file and masked("ann-long-id") in masked_file
    from openpyxl import load_workbook

    sheet = client.get(url("segment_file", product, buyers.pk, "xlsx")).content
    figures, definition = load_workbook(io.BytesIO(sheet)).worksheets
    assert figures.max_row == 3
    # whoever is handed the file knows that these are no ids, and events are called as on the page
    assert figures["A1"].value == "用户 ID（已脱敏）"
    assert "“下单”" in definition["A1"].value
    noted = LogEntry.objects.filter(action="segment.exported").values_list(
        "details__masked", flat=True
    )
    assert sorted(noted) == [False, True, True]


@pytest.mark.parametrize("document", ["[]", '{"where": 5}', "{", '{"where": {"who": "x"}}'])
def test_a_list_beside_a_wrong_definition_is_refused(product, uids, analyst, client, document):
    given = {"document": document, "ids": "ann-long-id", "name": "八月"}
    answer = client.post(url("segment_upload", product), given)
    assert answer.status_code == 302 and not facts.versions(product.pk)


def test_a_list_is_uploaded_into_the_builder(product, uids, analyst, client):
    given = {"document": json.dumps(BUYERS), "ids": "ann-long-id,x\nnobody", "name": "八月"}
    answer = client.post(url("segment_upload", product), given)
    said = client.get(answer.url + "&full=1").content.decode()
    assert "八月" in said and "ann-long-id" in said


def test_a_list_that_is_uploaded_joins_what_was_built_by_then(product, buyers, analyst, client):
    """The dialog stands outside what is drawn anew: the definition of then travels with the answer."""
    where = {"and": [{"who": "did", "event": "buy", "value": 7}]}
    page = url("segment_edit", product, buyers.pk)
    asked = {"q": json.dumps({"where": where})}
    headers = {"HX-Request": "true", "HX-Target": "result"}
    answer = client.get(page, asked, headers=headers).content.decode()
    (field,) = re.findall(r'name="document" value="([^"]*)" form="upload-form"', answer)
    given = {
        "document": html.unescape(field),
        "ids": "ann-long-id",
        "name": "八月",
        "segment": buyers.pk,
    }
    back = client.post(url("segment_upload", product), given)
    assert back.url.startswith(page)
    sent = json.loads(parse_qs(urlsplit(back.url).query)["q"][0])["where"]["and"]
    assert [each["who"] for each in sent] == ["did", "list"] and sent[0]["value"] == 7


def test_people_behind_a_number_become_a_segment(store, product, uids, analyst, client):
    asked = {
        "series.0.event": "buy",
        "series.0.measure": "users",
        "range.when": "last:7:day:current",
    }
    who = reverse("insights:trend_people", args=[product.slug])
    said = client.get(who, {**asked, "who": '{"series":0}'}).content.decode()
    begin = said.index(url("segment_new", product))
    address = said[begin : said.index('"', begin)].replace("&amp;", "&")
    built = client.get(address + "&full=1").content.decode()
    assert "cat-long-id" in built and "bob-long-id" not in built


def test_the_picker_of_other_pages_names_it(product, buyers, client):
    said = client.get(
        reverse("insights:trend", args=[product.slug]) + "?filters.0.pick="
    ).content.decode()
    assert f'value="user:{buyers.fact}"' in said and "买家" in said
    picked = {"series.0.event": "buy", "filters.0.pick": f"user:{buyers.fact}"}
    headers = {"HX-Request": "true", "HX-Target": "builder"}
    form = client.get(reverse("insights:trend", args=[product.slug]), picked, headers=headers)
    assert '<option value="set" selected>' in form.content.decode()
    asked = {
        "series.0.event": "buy",
        "filters.0.pick": f"user:{buyers.fact}",
        "filters.0.op": "set",
        "full": 1,
    }
    answered = client.get(reverse("insights:trend", args=[product.slug]), asked).content.decode()
    assert "用户属于分群“买家”" in answered or "user is in segment “买家”" in answered


def test_an_estimate_is_shown_and_the_exact_number_follows(
    store, product, analyst, client, monkeypatch
):
    monkeypatch.setattr(sampling, "LEAST", 1_024)
    people = [f"u{n}" for n in range(1_200)]
    twice = [(who, "buy") for n, who in enumerate(people) if n % 4]
    send(store, product, *((who, "buy") for who in people), *twice)
    where = {"and": [{"who": "did", "event": "buy", "value": 2}]}
    api = {"where": where}
    whole = counting.count(store, product, api, acting_user=analyst)
    assert (whole.size, whole.interval) == (900, None)
    KEPT.clear()
    headers = {"HX-Request": "true", "HX-Target": "result"}
    asked = f"{url('segment_new', product)}?{urlencode({'q': json.dumps(api)})}"
    first = client.get(asked, headers=headers).content.decode()
    assert "估算" in first and "95%" in first and "正在计算精确值" in first
    begin = first.index('hx-get="') + len('hx-get="')
    address = first[begin : first.index('"', begin)].replace("&amp;", "&")
    then = client.get(address, headers={**headers, "HX-Target": "segment-count"}).content.decode()
    assert "精确值" in then and "900" in then and "估算" not in then
    KEPT.clear()
    told = counting.count(store, product, api, quick=True, acting_user=analyst)
    assert told.interval[0] <= 900 <= told.interval[1]
    assert 0 < told.asked < 1_200


def test_the_form_says_values_in_words(client, make_user, product, store):
    """Codes such as `$key_value` are what a document holds, never what a form shows; what people type stays theirs."""
    client.force_login(make_user("lead"))
    about = facts.About("$rfm", "computed", Words("RFM 分组", "RFM group"), values=RFM)
    facts.write(store, product, about, [1], "$key_keep")
    given = [
        {"who": "user", "property": "$rfm", "op": "is", "value": ["$key_value", "$key_keep"]},
        {"who": "user", "property": "$tag/铁粉", "op": "is", "value": "$yes"},
        {"who": "user", "property": "level", "op": "is", "value": "gold"},
    ]
    path = reverse("audience:segment_new", args=[product.slug])
    query = {"q": json.dumps({"where": {"and": given}})}
    for language, words in (("zh-hans", ("重要价值", "是")), ("en", ("Key · core", "Yes"))):
        client.cookies["language"] = language
        shown = client.get(path, query).content.decode()
        for word in words:
            assert f"selected>{word}</option>" in shown
        form = shown[
            shown.index('id="builder"') : shown.index("</form>", shown.index('id="builder"'))
        ]
        assert not re.search(r">[^<]*\$(key|yes)", form)
        assert not re.search(r'<input[^>]*value="\$', form)
        assert 'value="gold"' in form
