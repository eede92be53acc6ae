"""Surveys through the API: made, asked, answered, read; and through the errands of the command."""

from __future__ import annotations

from django.test import Client

from userops.experience.surveys.models import Response, Survey


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
