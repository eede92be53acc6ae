"""Pages: building by buttons, answering without a log-in, reading results, and what a stranger learns."""

from __future__ import annotations

import re
from html import unescape

import pytest

from userops.events.models import PropertyDefinition
from userops.experience.surveys import actions
from userops.experience.surveys.answering import Visit, answer
from userops.experience.surveys.invitations import invite, token_of
from userops.experience.surveys.models import (
    Contact,
    DayCount,
    Invitation,
    OptOut,
    Response,
    Survey,
)


@pytest.fixture
def page(client, lead):
    client.force_login(lead)
    return client


@pytest.fixture
def visitor():
    from django.test import Client

    return Client(headers={"Accept-Language": "en"})


def form_of(html):
    """The fields of the main form of a page, as a browser would send them."""
    start = html.find('class="survey-form')
    body = html[start if start > 0 else html.rindex("<form") :]
    body = body[: body.index("</form>")]
    found = {}
    for tag in re.findall(r"<input[^>]*>", body):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if not name or (kind and kind[1] in ("checkbox", "radio") and " checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(
            unescape(value[1]) if value else "on" if kind and kind[1] == "checkbox" else ""
        )
    for name, text in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', body):
        found[name] = unescape(text)
    for name, options in re.findall(
        r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL
    ):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[name] = (chosen[2] if chosen[1] is None else chosen[1]) if chosen else ""
    return found


def at(product, *rest):
    return f"/p/{product.slug}/surveys/" + "/".join(map(str, rest))


def test_a_survey_is_built_by_buttons_and_published(page, product):
    made = page.post(at(product, "new"), {"name": "NPS 十一月", "template": "nps"})
    survey = Survey.objects.get()
    edit = at(product, survey.pk, "edit")
    assert made.url == edit
    given = form_of(page.get(edit).content.decode())
    given["do"] = "add:single"
    html = page.post(edit, given).content.decode()
    given = form_of(html) | {"do": "option:2"}
    given = form_of(page.post(edit, given).content.decode())
    assert given["count"] == ["3"] and given["q2-options"] == ["3"]
    survey.refresh_from_db()
    assert len(survey.draft["questions"]) == 2  # only saving writes
    given = form_of(page.post(edit, given | {"do": "branch:0"}).content.decode())
    given |= {"q0-b0-when": "at_most", "q0-b0-value": "6", "q0-b0-to": "single", "do": "save"}
    assert page.post(edit, given).status_code == 200  # an option has no text yet
    given |= {"q2-o2-zh-hans": "丙", "q2-o2-en": "C"}
    assert page.post(edit, given).status_code == 302
    survey.refresh_from_db()
    assert survey.document["nps"].branches[0].to == "single"
    assert len(survey.document["single"].options) == 3
    given = form_of(page.get(edit).content.decode()) | {"do": "up:2"}
    given = form_of(page.post(edit, given).content.decode())
    assert given["q1-key"] == ["single"]
    assert page.post(edit, given | {"do": "publish"}).url == at(product, survey.pk, "asking")
    survey.refresh_from_db()
    assert survey.state == "running" and survey.version.number == 1
    assert page.get(at(product, survey.pk, "preview")).status_code == 200


def test_a_wrong_draft_is_told_and_kept(page, product):
    page.post(at(product, "new"), {"name": "x", "template": "nps"})
    survey = Survey.objects.get()
    edit = at(product, survey.pk, "edit")
    given = form_of(page.get(edit).content.decode()) | {"q0-title-en": "", "do": "save"}
    html = page.post(edit, given).content.decode()
    assert "notice" in html and "您有多大可能" in html


def test_new_questions_have_their_usual_scale_and_are_come_back_to(page, product):
    page.post(at(product, "new"), {"name": "x", "template": "nps"})
    edit = at(product, Survey.objects.get().pk, "edit")
    for kind in ("csat", "ces", "rating", "matrix"):
        html = page.get(edit).content.decode()
        assert f'value="add:{kind}" formaction="#q{html.count("question-card")}"' in html
        html = page.post(edit, form_of(html) | {"do": f"add:{kind}"}).content.decode()
        html = page.post(edit, form_of(html) | {"do": "save"}, follow=True).content.decode()
    draft = {each["key"]: each.get("points") for each in Survey.objects.get().draft["questions"]}
    assert draft == {"nps": None, "why": None, "csat": 5, "ces": 7, "rating": 5, "matrix": 5}


def test_what_was_chosen_stays_beside_what_is_wrong_with_it(visitor, running):
    options = [{"key": f"o{n}", "text": {"en": f"Option {n}"}} for n in (1, 2)]
    asked = {
        "kind": "multiple",
        "key": "m",
        "title": {"en": "Which?"},
        "options": options,
        "most": 1,
        "other": True,
    }
    survey = running(document={"languages": ["en"], "questions": [asked]})
    html = visitor.get(f"/s/{survey.key}").content.decode()
    assert "Choose at most 1." in html
    given = form_of(html) | {"do": "next", "c": ["o1", "o2"]}
    html = visitor.post(f"/s/{survey.key}", given).content.decode()
    assert (
        "at least 1 and at most 1" in html and "chosen" not in html and html.count("checked") == 2
    )
    # “other” is an answer, whether or not something is written beside it
    visitor.post(f"/s/{survey.key}", given | {"c": ["other"]})
    assert Response.objects.get().answers == {"m": {"chosen": [], "other": "–"}}


def test_somebody_answers_by_the_open_link(visitor, running, page, product):
    survey = running()
    first = visitor.get(f"/s/{survey.key}")
    html = first.content.decode()
    assert "How likely are you to recommend" in html and html.count('type="radio"') == 11
    assert "frame-ancestors *" in first["Content-Security-Policy"] and not visitor.cookies
    going = visitor.post(f"/s/{survey.key}", form_of(html) | {"a": "9", "do": "next"})
    assert going.status_code == 302
    html = visitor.get(going.url).content.decode()
    assert "main reason" in html and "Back" in html
    back = re.search(r'class="back" href="([^"]+)"', html)[1]
    assert re.search(r'value="9" checked', visitor.get(unescape(back)).content.decode())
    done = visitor.post(f"/s/{survey.key}", form_of(html) | {"a": "Fast <b>", "do": "next"})
    assert "Thank you" in visitor.get(done.url).content.decode()
    row = Response.objects.get()
    assert (row.state, row.answers, row.language) == (
        "completed",
        {"nps": 9, "why": "Fast <b>"},
        "en",
    )
    steps = dict(DayCount.objects.values_list("step", "count"))
    assert steps == {"shown": 1, "started": 1, "completed": 1}
    html = page.get(at(product, survey.pk)).content.decode()
    assert "100" in html and "n = 1" in html
    html = page.get(at(product, survey.pk) + "?tab=answers").content.decode()
    assert "Fast &lt;b&gt;" in html


def test_every_open_answer_is_reached_page_by_page(page, product, running):
    survey = running()
    for number in range(51):
        row = answer(Visit(survey, "link", "en"), None, "nps", "9")
        answer(Visit(survey, "link", "en"), row, "why", f"said {number:02}")
    tab = at(product, survey.pk) + "?tab=answers"
    first, second = (page.get(f"{tab}&page={n}").content.decode() for n in (1, 2))
    assert "51 " in first and "1 / 2" in first
    assert len(set(re.findall(r"said [0-9]{2}", first + second))) == 51


def test_a_wrong_answer_is_told_beside_the_question(visitor, running):
    survey = running()
    html = visitor.get(f"/s/{survey.key}").content.decode()
    wrong = visitor.post(f"/s/{survey.key}", form_of(html) | {"a": "11", "do": "next"})
    assert wrong.status_code == 400 and "0 to 10" in wrong.content.decode()
    assert not Response.objects.exists()
    assert visitor.get("/s/nothing").status_code == 404
    assert visitor.post(f"/s/{survey.key}", {"q": "zzz"}).status_code == 200


def test_a_mail_opens_with_the_score_chosen_and_nothing_kept(visitor, running, people):
    (person,) = people(1)
    survey = running(ways=("mail",))
    token = token_of(invite(survey, person, "mail", Invitation.State.SENT))
    html = visitor.get(f"/s/{survey.key}?t={token}&a=7").content.decode()
    assert 'value="7" checked' in html and not Response.objects.exists()
    going = visitor.post(f"/s/{survey.key}", form_of(html) | {"a": "7", "do": "next"})
    assert Response.objects.get().person == person
    # the same mail again: where they left off
    assert "main reason" in visitor.get(f"/s/{survey.key}?t={token}").content.decode()
    assert visitor.get(going.url).status_code == 200
    assert "No more surveys?" in visitor.get(f"/s/{survey.key}/stop?t={token}").content.decode()
    visitor.post(f"/s/{survey.key}/stop", {"t": token})
    assert "not be asked" in visitor.post(f"/s/{survey.key}/stop", {"t": token}).content.decode()


def test_the_app_asks_the_door(visitor, running, people, product, store):
    from userops.events.models import WriteKey

    key = WriteKey.objects.create(product=product, name="web").key
    people(2)
    survey = running(ways=("in_app",), trigger_event="pay")
    assert visitor.get("/s/in-app.js")["Content-Type"].startswith("text/javascript")
    assert visitor.get(f"/s/ask?key={key}&user=u0").json() == {}
    assert visitor.get("/s/ask?key=wrong&user=u0&event=pay").json() == {}
    found = visitor.get(f"/s/ask?key={key}&user=u0&event=pay&lang=en")
    assert found["Access-Control-Allow-Origin"] == "*" and found.json()["survey"] == survey.key
    html = visitor.get(found.json()["frame"]).content.decode()
    assert 'data-frame="1"' in html and "data-close" in html
    token = re.search(r'name="t" value="([^"]+)"', html)[1]
    assert visitor.post(f"/s/{survey.key}/dismiss", {"t": token}).status_code == 204
    assert visitor.get(f"/s/ask?key={key}&user=u0&event=pay").json() == {}
    assert Contact.objects.filter(step="dismissed").count() == 1


def test_why_not_is_answered(page, running, people, product):
    people(1)
    survey = running(ways=("in_app",), sample_percent=0.001)
    html = page.get(at(product, survey.pk, "log") + "?user=u0").content.decode()
    assert "没有被抽中" in html and "decides" in html
    html = page.get(at(product, survey.pk, "log") + "?user=nobody").content.decode()
    assert "不是已知用户" in html


@pytest.mark.parametrize("tab", ["results", "trend", "breakdown", "drivers", "weights", "answers"])
@pytest.mark.parametrize("anonymous", [False, True])
def test_every_tab_with_and_without_answers(tab, anonymous, page, running, product, people):
    survey = running("aspects", anonymous=anonymous, carries=("plan",))
    PropertyDefinition.objects.create(product=product, of="user", name="plan", label_zh="套餐")
    url = f"{at(product, survey.pk)}?tab={tab}&since=2020-01-01&of="
    assert page.get(url).status_code == 200
    rows = [
        Response(
            survey=survey, version=survey.version, anonymous=anonymous, way="import", language="zh-hans",
            state="completed", started="2026-11-02T12:00:00Z", completed="2026-11-02T12:00:00Z",
            answers={"csat": 1 + at % 5, "why": f"t{at}",
                     "aspects": {"ease": 1 + at % 5, "speed": 1 + at % 3, "quality": 1 + (at * 7) % 5,
                                 "service": 1 + (at * 3) % 4, "price": 1 + (at // 3) % 5}},
            carried={"plan": "pro" if at % 4 else "free"},
        )
        for at in range(40)
    ]  # fmt: skip
    Response.objects.bulk_create(rows)
    html = page.get(url).content.decode()
    assert page.get(url).status_code == 200 and "Traceback" not in html
    assert tab not in ("breakdown", "weights") or "套餐" in html
    file = page.get(at(product, survey.pk, "answers.csv"))
    assert file.status_code == 200 and file.content.decode().count("\r\n") == 41
    assert ("用户 ID" in file.content.decode()) != anonymous


def test_settings_round_trip(page, running, product):
    survey = running()
    url = at(product, survey.pk, "asking")
    given = form_of(page.get(url).content.decode().split('<div class="stack">')[0])
    given |= {"ways": ["link", "mail"], "sample_percent": "20", "quotas": "nps, 9, 5", "to_tickets": "on",
              "closes": "2030-01-01T10:00"}  # fmt: skip
    saved = page.post(url, given)
    assert saved.status_code == 302, saved.content.decode()
    survey.refresh_from_db()
    assert (survey.ways, survey.sample_percent, survey.closes.hour) == (["link", "mail"], 20, 2)
    assert survey.quotas.get().most == 5
    assert page.get(at(product, survey.pk, "qr.svg"))["Content-Type"] == "image/svg+xml"


def test_whole_surveys_are_paused_copied_closed_deleted(page, running, product):
    survey = running()
    for do, state in (("pause", "paused"), ("resume", "running"), ("close", "closed")):
        page.post(at(product, survey.pk, "change"), {"do": do})
        survey.refresh_from_db()
        assert survey.state == state
    copied = page.post(at(product, survey.pk, "change"), {"do": "copy"})
    assert copied.url.endswith("/edit") and Survey.objects.count() == 2
    page.post(at(product, survey.pk, "change"), {"do": "delete"})
    assert Survey.objects.count() == 1
    assert page.get(at(product, "")[:-1]).status_code == 200
    page.post(at(product, "budget"), {"most": "2", "days": "30"})
    assert product.survey_budget.most == 2


def test_mails_are_sent_once_each(client, running, people, store, lead, settings, mailoutbox):
    from userops.experience.surveys.inviting import deliver_due

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    people(2)
    survey = running(ways=("mail",))
    found = actions.send_invitations(store, survey, acting_user=lead)
    assert len(found.eligible) == 2
    assert deliver_due() == 2 and deliver_due() == 0
    assert {mail.to[0] for mail in mailoutbox} == {"u0@example.com", "u1@example.com"}
    assert "/s/" in mailoutbox[0].body and "List-Unsubscribe" in mailoutbox[0].extra_headers
    # a mail program leaves the list by itself (RFC 8058)
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"].strip("<>").partition("/s/")[2]
    client.post(f"/s/{address}", {"List-Unsubscribe": "One-Click"})
    assert OptOut.objects.filter(product=survey.product).count() == 1
    again = actions.send_invitations(store, survey, acting_user=lead)
    assert again.eligible == () and dict(again.counts) == {"asked_before": 1, "opted_out": 1}


def test_open_answers_become_tickets(running, people, product):
    from userops.experience.surveys.answering import Visit, answer
    from userops.experience.surveys.tickets import open_tickets
    from userops.feedback.tickets.models import Ticket

    (person,) = people(1)
    survey = running(ways=("mail",), to_tickets=True)
    link = invite(survey, person, "mail", Invitation.State.SENT)
    row = answer(Visit(survey, "mail", "zh-hans", link), None, "nps", "2")
    row = answer(Visit(survey, "mail", "zh-hans"), row, "why", "闪退")
    assert open_tickets(row) == 1
    ticket = Ticket.objects.get(product=product)
    assert ticket.text == "闪退" and ticket.person == person and "NPS 2" in ticket.subject
