"""Surveys through the API: made, asked, answered, read; and through the errands of the command."""

from __future__ import annotations

import json

from django.test import Client

from userops.experience.surveys.models import Response, Survey


def as_json(answer):
    return json.loads(json.dumps(answer))


def client_of(user):
    from userops.workspace import actions
    from userops.workspace.models import Scope

    secret = actions.create_token(name="t", scopes=list(Scope), days=1, acting_user=user)[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def test_a_survey_by_the_api(product, store, make_user):
    api = client_of(make_user("lead", product))
    base = f"/api/products/{product.slug}/surveys"

    def send(method, path, body=None):
        answer = getattr(api, method)(base + path, data=body, content_type="application/json")
        assert answer.status_code < 300, answer.content
        return answer.json() if answer.content else None

    made = send("post", "", {"name": "NPS", "template": "nps"})
    one = f"/{made['id']}"
    assert (made["state"], made["version"]) == ("draft", None)
    send("put", f"{one}/settings", {"ways": ["link", "in_app"], "sample_percent": 50})
    document = made["draft"]
    document["questions"] = document["questions"][:1]
    send("put", f"{one}/questions", {"document": document})
    assert send("post", f"{one}/publish")["version"] == 1
    row = Survey.objects.get()
    for score in (9, 10, 3):
        Response.objects.create(
            survey=row, version=row.version, anonymous=False, way="link", language="en", state="completed",
            started="2026-11-02T12:00:00Z", completed="2026-11-02T12:00:00Z", answers={"nps": score},
        )  # fmt: skip
    results = send("get", f"{one}/results")
    assert results["scores"][0]["groups"] == {"promoters": 2, "passives": 0, "detractors": 1}
    assert round(results["scores"][0]["value"], 2) == 33.33
    waves = send("get", f"{one}/waves?question=nps")
    assert [(each["way"], each["answered"]) for each in waves] == [("link", 3)]
    assert send("get", f"{one}/why?user=nobody")["reason"] == "unknown_user"
    assert send("get", f"{one}/responses")["total"] == 3
    assert send("patch", one, {"state": "paused"})["state"] == "paused"
    wrong = api.put(base + f"{one}/questions", {"document": {}}, content_type="application/json")
    assert wrong.status_code == 400 and wrong.json()["error"]["code"] == "survey_invalid"
    send("delete", one)
    assert send("get", "")["total"] == 0


def test_parts_drivers_and_weights_by_api_and_command(product, store, make_user):
    from userops.experience.surveys import actions
    from userops.maintenance.errands import ERRANDS

    lead = make_user("lead", product)
    made = actions.create_survey(product, "CSAT", template="aspects", acting_user=lead)
    row = actions.publish(made, acting_user=lead)
    for at in range(60):
        speed, ease = 1 + at % 5, 1 + at * 7 % 3
        aspects = {"speed": speed, "ease": ease, "quality": 4 + at % 2, "service": 1 + at // 5 % 3,
                   "price": 1 + at // 20}  # fmt: skip
        Response.objects.create(
            survey=row, version=row.version, anonymous=False, way="mail" if at < 40 else "link", language="en",
            state="completed", started="2026-11-02T12:00:00Z", completed="2026-11-02T12:00:00Z",
            answers={"csat": speed, "aspects": aspects}, carried={},
        )  # fmt: skip
    api = client_of(make_user("leadership", product))
    room = f"/api/products/{product.slug}/surveys/{row.pk}"
    asked = {"product": product.slug, "survey": row.pk}

    found = api.get(f"{room}/breakdown", {"key": "way", "language": "en"}).json()
    assert [(part["value"], part["answered"]) for part in found["parts"]] == [
        ("mail", 40),
        ("link", 20),
    ]
    assert found["parts"][0]["against_others"]["value"] == 0 and found["parts"][0]["q"] == 1
    assert as_json(ERRANDS["survey-breakdown"](store, **asked, key="way")) == found
    only = api.get(f"{room}/breakdown", {"key": "way", "way": "link"}).json()["parts"]
    assert [part["value"] for part in only] == ["link"]
    wrong = api.get(f"{room}/breakdown", {"key": "of:nothing"}).json()["error"]
    assert wrong["code"] == "breakdown_unknown" and "way, language" in wrong["hint_en"]

    found = api.get(f"{room}/drivers", {"language": "en"}).json()
    assert found["drivers"][0]["key"] == "aspects.speed" and found["r2"] > 0.99
    assert as_json(ERRANDS["survey-drivers"](store, **asked)) == found

    found = api.get(f"{room}/weights").json()
    assert (
        found["compared"] == []
        and found["why"]["en"] == "There are no answers that can be compared."
    )
    assert as_json(ERRANDS["survey-weights"](store, **asked)) == found
    assert api.get(f"{room}/weights?on=zz").json()["error"]["code"] == "attribute_unknown"
    assert api.get(f"{room}/waves?question=why").json()["error"]["code"] == "question_unknown"
    assert as_json(ERRANDS["survey-waves"](store, **asked)) == api.get(f"{room}/waves").json()


def test_errands_of_the_command(product, store, make_user, tmp_path):
    from userops.experience.surveys import actions
    from userops.maintenance.errands import ERRANDS

    lead = make_user("lead", product)
    row = actions.publish(actions.create_survey(product, "NPS", acting_user=lead), acting_user=lead)
    file = tmp_path / "answers.csv"
    file.write_bytes("分数,原因\n9,很好\n12,太高\nNA,\n3,慢\n".encode("gb18030"))
    asked = {"product": product.slug, "survey": row.pk}
    found = ERRANDS["survey-import"](
        store, **asked, file=str(file), answers={"nps": "分数", "why": "原因"}
    )
    assert (found["rows"], found["taken"], found["empty"], found["refused"]) == (4, 2, 1, 1)
    again = ERRANDS["survey-import"](store, **asked, file=str(file), answers={"nps": "分数"})
    assert again["copies"] == 2
    assert ERRANDS["surveys"](store, product=product.slug)[0]["name"] == "NPS"
    results = ERRANDS["survey-results"](store, **asked)
    assert results["scores"][0]["value"] == 0 and results["scores"][0]["answered"] == 2
    assert ERRANDS["survey-facts"](store, product=product.slug)["nps"] == 0


def test_topics_of_open_answers(
    product, store, make_user, django_capture_on_commit_callbacks, at_once
):
    from datetime import UTC, datetime, timedelta

    from userops.experience.surveys import actions
    from userops.maintenance.errands import ERRANDS
    from userops.text.planted import planted

    lead = make_user("lead", product)
    row = actions.publish(actions.create_survey(product, "NPS", acting_user=lead), acting_user=lead)
    for at, text in enumerate(planted(120)[0]):
        Response.objects.create(
            survey=row, version=row.version, anonymous=False, way="link" if at % 2 else "mail",
            language="zh-hans", state="completed", answers={"nps": at % 11, "why": text},
            started=datetime(2026, 11, 2, tzinfo=UTC) + timedelta(minutes=at),
        )  # fmt: skip
    api = client_of(lead)
    room = f"/api/products/{product.slug}/surveys/{row.pk}/topics"

    def ask(errand, **given):
        with django_capture_on_commit_callbacks(execute=True):
            return ERRANDS[errand](store, product=product.slug, survey=row.pk, **given)

    first = api.get(room).json()
    assert first["growing"] | {"state": "idle", "texts": 360, "at_once": False} == first["growing"]
    assert first["items"] == [] and first["growing"]["grown"] is None
    with django_capture_on_commit_callbacks(execute=True):
        assert api.post(f"{room}/growing").json()["state"] == "waiting"
    assert api.get(f"{room}/growing").json()["since"] == 0
    items = api.get(room).json()["items"]
    assert [each["number"] for each in items] == list(range(1, len(items) + 1)) and len(items) > 1
    one = api.get(f"{room}/1", {"limit": 2}).json()
    assert one["total"] == one["answers"] > 2
    assert len(one["said"]) == 2 and one["said"][0]["scores"][0]["kind"] == "NPS"
    assert api.get(f"{room}/999").json()["error"]["code"] == "topic_not_found"
    # by the command, in the other language: the same topics, then those of one way anew
    assert ask("survey-topics")["items"] == items
    assert ask("survey-topic", topic=1, limit=1)["name"] == items[0]["name"]
    assert ask("survey-topics", way="mail")["growing"]["at_once"]
    assert ask("survey-topics-grow", since="2026-11-01")["since"] == 0
    assert ask("survey-topics-growing", cancel=True)["state"] == "idle"
    assert api.delete(f"{room}/growing").json()["state"] == "idle"
    for role, status in (("operator", 200), ("leadership", 403)):
        assert client_of(make_user(role, product)).get(room).status_code == status
