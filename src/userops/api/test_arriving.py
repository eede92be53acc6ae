"""Words of users that programs send."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from userops.feedback.tickets.actions import Change, change_ticket
from userops.feedback.tickets.models import Ticket


@pytest.fixture
def post(client: Any, product: Any, make_user: Any) -> Any:
    from userops.workspace.actions import create_token
    from userops.workspace.models import Scope

    user = make_user("operator", product)
    given = {"name": "shop", "scopes": [Scope.FEEDBACK], "days": None}
    secret = create_token(**given, acting_user=user)[1]

    def send(path: str, body: dict[str, Any]) -> Any:
        headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
        address = f"/api/products/{product.slug}/{path}"
        return client.post(address, body, content_type="application/json", **headers)

    return send


@pytest.fixture
def agent(make_user: Any, product: Any) -> Any:
    return make_user("operator", product)


def test_a_ticket_and_more_words_of_it(post: Any, agent: Any):
    body = {"text": "收不到验证码", "external_id": "a1", "distinct_id": "u9", "language": "zh-hans"}
    made = post("feedback", body).json()
    assert made["fresh"] and "/t/" in made["progress"]
    assert post("feedback", body).json() == {**made, "fresh": False}
    ticket = Ticket.objects.get(number=made["number"])
    assert ticket.channel == "api" and ticket.told.get().moment == "received"
    change_ticket(ticket, Change(status="waiting"), acting_user=agent)
    more = {"text": "手机号是 138…", "external_id": "a2"}
    for fresh in (True, False):
        answer = post(f"tickets/{ticket.number}/messages", more).json()
        assert (answer["status"], answer["fresh"]) == ("open", fresh)
    assert ticket.messages.filter(direction="in").count() == 2


def test_files_and_what_is_refused(post: Any):
    file = {"name": "a.log", "content": base64.b64encode(b"error 42").decode()}
    assert post("feedback", {"text": "x", "files": [file]}).status_code == 200
    assert Ticket.objects.get().messages.get(direction="in").attachments.get().name == "a.log"
    for wrong, code in (
        ({"text": " "}, "ticket_text_invalid"),
        ({"text": "x", "files": [{**file, "content": "?"}]}, "file_not_base64"),
        ({"text": "x", "files": [{**file, "content": "TVqQAAMAAAA="}]}, "file_kind_refused"),
        ({"text": "x", "at": "2026-03-01T09:30:00"}, "time_without_zone"),
        ({"text": "x", "category": 99}, "category_unknown"),
    ):
        answer = post("feedback", wrong)
        assert answer.status_code == 400 and answer.json()["error"]["code"] == code, wrong
    assert Ticket.objects.count() == 1
