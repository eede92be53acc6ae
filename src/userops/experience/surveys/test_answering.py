"""Answers as they come in: partial ones kept, links used once, anonymity that the database holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from userops.errors import NotAllowed, Refused
from userops.events import facts
from userops.events.records import ProfileChange
from userops.experience.surveys import actions, answering
from userops.experience.surveys.actions import QuotaWanted, Settings
from userops.experience.surveys.answering import Visit, answer
from userops.experience.surveys.asking import ask, verdict_of
from userops.experience.surveys.gates import Occasion
from userops.experience.surveys.invitations import found, invite, is_used, token_of
from userops.experience.surveys.models import (
    Contact,
    DayCount,
    Invitation,
    Response,
    SpentLink,
    Step,
    Survey,
)
from userops.experience.surveys.recording import record
from userops.experience.surveys.results.dataset import Wanted
from userops.experience.surveys.satisfaction import latest, refresh
from userops.experience.surveys.standing import rules_of


def visit(survey, invitation=None, way="link"):
    return Visit(survey, way, "zh-hans", invitation)


def invited(survey, person, way="mail"):
    return invite(survey, person, way, Invitation.State.SENT)


def counts(survey):
    return dict(DayCount.objects.filter(survey=survey).values_list("step", "count"))


def test_what_was_begun_is_kept_and_completes(running):
    survey = running()
    row = answer(visit(survey), None, "nps", "9")
    assert (row.state, row.answers) == (Response.State.STARTED, {"nps": 9})
    row = answer(visit(survey), row, "nps", "4")
    assert row.answers == {"nps": 4}
    row = answer(visit(survey), row, "why", "太慢")
    assert row.state == Response.State.COMPLETED and row.answers == {"nps": 4, "why": "太慢"}
    assert counts(survey) == {"started": 1, "completed": 1}
    with pytest.raises(Refused):
        answer(visit(survey), row, "nps", "10")


def test_a_question_may_be_skipped_unless_it_is_required(running):
    survey = running()
    row = answer(visit(survey), None, "nps", None)
    assert row.answers == {} and answer(visit(survey), row, "why", "").state == "completed"
    document = survey.document.model_dump(mode="json")
    document["questions"][0]["required"] = True
    with pytest.raises(Refused):
        answer(visit(running(document=document)), None, "nps", None)


def test_answers_belong_to_the_version_that_was_asked(running, lead):
    survey = running()
    row = answer(visit(survey), None, "nps", "9")
    changed = survey.document.model_dump(mode="json")
    changed["questions"] = changed["questions"][:1]
    actions.change_questions(survey, changed, acting_user=lead)
    assert survey.changed
    actions.publish(survey, acting_user=lead)
    assert survey.version.number == 2 and not survey.changed
    row.refresh_from_db()
    assert answer(visit(survey), row, "why", "x").state == "completed" and row.version.number == 1
    assert answer(visit(survey), None, "nps", "3").version.number == 2
    actions.publish(survey, acting_user=lead)
    assert survey.version.number == 2


def test_a_link_is_used_once_and_its_person_known(running, people):
    (person,) = people(1)
    survey = running(ways=("mail",))
    row = invited(survey, person)
    first = answer(visit(survey, row, "mail"), None, "nps", "9")
    assert first.person == person
    row.refresh_from_db()
    assert answering.begun_by(visit(survey, row, "mail")) == first
    with pytest.raises(Refused) as wrong:
        answer(visit(survey, row, "mail"), None, "nps", "1")
    assert wrong.value.code == "invitation_used"
    assert found(survey, "no such") is None


def test_the_open_link_is_shut_where_it_is_no_way_of_asking(running, people, client):
    """Every mail shows the key of its survey: whoever cuts off their own token must not answer without end."""
    (person,) = people(1)
    survey = running(ways=("mail",))
    with pytest.raises(Refused) as wrong:
        answer(visit(survey), None, "nps", "9")
    assert wrong.value.data["reason"] == "other_way"
    address = reverse("survey_public:open", args=[survey.key])
    assert b'name="a"' not in client.get(address).content
    assert client.post(address, {"q": "nps", "a": "9"}).status_code == 200
    assert not Response.objects.filter(survey=survey).exists()
    assert answer(visit(survey, invited(survey, person), "mail"), None, "nps", "9").person == person


def test_anonymous_answers_name_nobody(running, people):
    (person,) = people(1)
    survey = running(ways=("mail",), anonymous=True)
    row = invited(survey, person)
    made = answer(visit(survey, row, "mail"), None, "nps", "9")
    made = answer(visit(survey, row, "mail"), made, "why", "x")
    assert made.person is None and made.started == made.completed and made.started.hour == 12
    steps = set(Contact.objects.filter(person=person).values_list("step", flat=True))
    assert not steps & {Step.STARTED, Step.COMPLETED}
    assert counts(survey)["completed"] == 1
    assert answering.begun_by(visit(survey, row, "mail")) is None
    with pytest.raises(Refused) as wrong:
        answer(visit(survey, row, "mail"), None, "nps", "1")
    assert wrong.value.code == "invitation_used"
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.filter(pk=made.pk).update(person=person)


def test_no_table_says_who_answered_an_anonymous_survey(store, product, running, people):
    """Of three who were asked one answers and one closes it; the rows of all three are the same, also afterwards."""
    persons = people(3)
    survey = running(ways=("in_app",), anonymous=True, again="always", again_days=0, own_clock=True)
    for person, user in zip(persons, ("u0", "u1", "u2"), strict=True):
        row = found(survey, ask(store, product, user).token)
        answering.shown(visit(survey, row, "in_app"))
        if person == persons[0]:
            answer(visit(survey, row, "in_app"), None, "nps", "9")
        if person == persons[1]:
            answering.dismissed(visit(survey, row, "in_app"))
    assert SpentLink.objects.count() == 1
    assert all(ask(store, product, user) for user in ("u0", "u1", "u2"))
    seen = [_rows_of(survey, person) for person in persons]
    assert seen[0] == seen[1] == seen[2] != []
    assert not set(SpentLink.objects.values_list("pk", flat=True)) & _texts(Invitation, survey)


def _rows_of(survey, person):
    """All that the database holds of a person, but what differs between any two persons."""
    contacts = Contact.objects.filter(survey=survey, person=person).order_by("pk")
    links = Invitation.objects.filter(survey=survey, person=person).order_by("pk")
    return [
        *contacts.values_list("step", "reason", "way", "day"),
        *links.values_list("way", "round", "used", "state", "made"),
    ]


def _texts(model, survey):
    return {str(cell) for row in model.objects.filter(survey=survey).values_list() for cell in row}


def test_who_answered_an_anonymous_survey_is_no_reason(store, product, running, people, lead):
    (person,) = people(1)
    survey = running(ways=("mail",), anonymous=True, again="always", again_days=0, own_clock=True)
    answer(visit(survey, invited(survey, person), "mail"), None, "nps", "9")
    occasion = Occasion("mail", datetime.now(UTC))
    verdict = verdict_of(store, survey, person, occasion)
    gate = next(each for each in verdict.gates if each.reason == "answered")
    assert gate.open and "not known" in gate.told.en
    with pytest.raises(Refused):
        actions.set_survey(
            survey, Settings(anonymous=True, again="until_answered"), acting_user=lead
        )
    Survey.objects.filter(pk=survey.pk).update(again="until_answered")  # of an older version
    survey.refresh_from_db()
    assert rules_of(survey).again == "once"


def test_no_answer_carries_who_somebody_is(running, people, product, client, make_user):
    from userops.events.models import PropertyDefinition
    from userops.experience.surveys.results.telling import breakdown_line

    with pytest.raises(Refused) as wrong:
        running(carries=("email",))
    assert "personal data" in wrong.value.words.en
    (person,) = people(1, plan="pro", seat="3F")
    survey = running(ways=("mail",), carries=("seat", "plan"))
    answer(visit(survey, invited(survey, person), "mail"), None, "nps", "9")
    # decided later: what is there is not told, and no more comes
    PropertyDefinition.objects.update_or_create(
        product=product, of="user", name="seat", defaults={"personal": True}
    )
    asked = {"question": "", "key": "", "convention": ""}
    assert breakdown_line(survey, Wanted(), "en", **asked)["keys"] == ["way", "language", "of:plan"]
    again = answer(visit(survey, invited(survey, person, "in_app"), "in_app"), None, "nps", "9")
    assert again.carried == {"plan": "pro"}


def test_an_anonymous_answer_carries_only_what_ten_users_share(store, product, running, people):
    persons = people(10, plan="pro")
    mine = ProfileChange(
        distinct_id="u0", operation="set", properties={"nick": "Kim", "plan": "pro"}
    )
    store.ingest.submit(product.pk, "test", [mine])
    secret = running(ways=("mail",), anonymous=True, carries=("plan", "nick"))
    named = running(ways=("mail",), carries=("plan", "nick"))
    made = answer(visit(named, invited(named, persons[0]), "mail"), None, "nps", "9")
    assert made.carried == {"plan": "pro", "nick": "Kim"}
    made = answer(visit(secret, invited(secret, persons[0]), "mail"), None, "nps", "9")
    assert made.carried == {"plan": "pro"}
    people(9, plan="pro")
    moved = ProfileChange(distinct_id="u9", operation="set", properties={"plan": "free"})
    store.ingest.submit(product.pk, "test", [moved])
    made = answer(visit(secret, invited(secret, persons[1]), "mail"), None, "nps", "9")
    assert made.carried == {}, "nine users are too few"


def test_no_address_holds_both_the_link_and_an_anonymous_answer(client, running, people):
    (person,) = people(1)
    survey = running(ways=("mail",), anonymous=True)
    token = token_of(invited(survey, person))
    place = reverse("survey_public:open", args=[survey.key])
    first = client.get(f"{place}?t={token}")
    assert token in first.content.decode()
    given = {"q": "nps", "a": "9", "t": token, "lang": "zh-hans", "do": "next"}
    address = client.post(place, given)["Location"]
    assert "/r/" in address and token not in address
    page = client.get(address).content.decode()
    assert token not in page
    key = str(Response.objects.get().pk)
    client.post(place, {"q": "why", "a": "x", "r": key, "lang": "zh-hans", "do": "next"})
    done = DayCount.objects.get(survey=survey, step="completed")
    assert (done.way, done.count) == ("mail", 1)


def test_the_order_of_anonymous_answers_says_nothing(running):
    if connection.vendor != "sqlite":
        pytest.skip("hidden row numbers are SQLite's")
    survey = running(anonymous=True)
    made = [answer(visit(survey), None, "nps", "9").pk.hex for _ in range(12)]
    with connection.cursor() as cursor:
        cursor.execute("select id from surveys_response order by rowid")
        assert [row[0] for row in cursor.fetchall()] != made


def test_anonymity_is_fixed_once_published(running, lead):
    survey = running(anonymous=True)
    with pytest.raises(Refused):
        actions.set_survey(survey, Settings(anonymous=False), acting_user=lead)
    with pytest.raises(Refused):
        actions.set_survey(survey, Settings(anonymous=True, to_tickets=True), acting_user=lead)


def test_quotas_and_the_last_answer_close_the_door(running):
    quota = QuotaWanted("nps", "9", 1)
    survey = running(quotas=[quota], most=2)
    first = answer(visit(survey), None, "nps", "9")
    answer(visit(survey), first, "why", "")
    over = answer(visit(survey), None, "nps", "9")
    assert over.state == Response.State.OVER_QUOTA
    row = answer(visit(survey), None, "nps", "3")
    late = answer(visit(survey), None, "nps", "4")
    answer(visit(survey), row, "why", "")
    assert answering.closed_reason(survey) == "full"
    with pytest.raises(Refused):
        answer(visit(survey), None, "nps", "1")
    # who has begun may end
    assert answer(visit(survey), late, "why", "x").state == "completed"


def test_a_quota_that_no_answer_can_meet_is_refused(running):
    for quota in (
        QuotaWanted("nps", "11", 1),
        QuotaWanted("nobody", "1", 1),
        QuotaWanted("nps", "9", 0),
    ):
        with pytest.raises(Refused, match=quota.question):
            running(quotas=[quota])


def test_dates_and_states_close_it(running, lead):
    past = datetime.now(UTC) - timedelta(days=1)
    survey = running(opens=past - timedelta(days=1), closes=past)
    assert answering.closed_reason(survey) == "not_open"
    survey = running()
    actions.set_state(survey, Survey.State.PAUSED, acting_user=lead)
    assert answering.closed_reason(survey) == "not_running"


def test_a_survey_that_waits_for_the_event_goes_before_older_ones(store, product, running, people):
    people(1)
    older = running(ways=("in_app",))
    waiting = running(ways=("in_app",), trigger_event="pay")
    assert ask(store, product, "u0").survey == older
    assert ask(store, product, "u0", event="pay").survey == waiting
    assert ask(store, product, "u0", event="open").survey == older


def test_asked_in_the_app_once_and_the_log_says_why_not(store, product, running, people):
    one, two = people(2)
    survey = running(ways=("in_app",), trigger_event="pay")
    assert ask(store, product, "u0") is None
    assert ask(store, product, "nobody", event="pay") is None
    asked = ask(store, product, "u0", event="pay")
    assert asked is not None and asked.survey == survey
    row = found(survey, asked.token)
    answering.shown(visit(survey, row, "in_app"))
    answering.dismissed(visit(survey, row, "in_app"))
    assert ask(store, product, "u0", event="pay") is None
    log = list(Contact.objects.filter(person=one).values_list("step", "reason"))
    assert ("not_shown", "asked_before") in log and ("dismissed", "") in log
    # the budget: another survey waits for this user, not for that one
    other = running(ways=("in_app",))
    assert ask(store, product, "u0") is None
    verdict = verdict_of(store, other, one, Occasion("in_app", datetime.now(UTC)))
    assert verdict.reason == "budget"
    assert ask(store, product, "u1") is not None and two != one


def test_what_was_dismissed_is_no_answer(running, people):
    (person,) = people(1)
    survey = running(ways=("in_app",))
    answering.dismissed(visit(survey, invited(survey, person, "in_app"), "in_app"))
    assert not survey.responses.exists() and counts(survey) == {"dismissed": 1}


def test_who_wants_no_more_is_not_asked(store, product, running, people):
    (person,) = people(1)
    survey = running(ways=("in_app",))
    answering.opt_out(invited(survey, person, "in_app"))
    assert ask(store, product, "u0") is None


def test_answers_become_facts_of_persons(store, product, running, people):
    one, two = people(2)
    survey = running(ways=("mail",))
    for person, score in ((one, "9"), (two, "3")):
        row = answer(visit(survey, invited(survey, person), "mail"), None, "nps", score)
        answer(visit(survey, None, "mail"), row, "why", "")
    secret = running(ways=("mail",), anonymous=True)
    row = answer(visit(secret, invited(secret, one), "mail"), None, "nps", "0")
    answer(visit(secret, None, "mail"), row, "why", "")
    assert latest(product)["nps"] == {one: 9.0, two: 3.0}
    assert refresh(store, product) == {"nps": 2, "csat": 0, "ces": 0}
    assert facts.read(store, product, "$nps") == {one: "9", two: "3"}


def test_only_who_may_runs_surveys(product, make_user, running):
    survey = running()
    for role in ("partner", "leadership"):
        with pytest.raises(NotAllowed):
            actions.publish(survey, acting_user=make_user(role, product))


def test_properties_are_carried_as_they_were(running, people):
    (person,) = people(1, plan="pro")
    survey = running(ways=("mail",), carries=("plan", "none"))
    made = answer(visit(survey, invited(survey, person), "mail"), None, "nps", "9")
    assert made.carried == {"plan": "pro"}


def test_who_is_erased_is_gone_from_answers_and_log(store, product, running, people):
    from userops.events.erasure import erase

    one, two = people(2)
    survey = running(ways=("mail",))
    for person in (one, two):
        row = invited(survey, person)
        answering.shown(visit(survey, row, "mail"))
        answer(visit(survey, row, "mail"), None, "nps", "9")
        answering.opt_out(row)
    erase(store, product, one, asked_by="test")
    for table in (Response, Contact, Invitation):
        assert set(table.objects.values_list("person", flat=True)) == {two}
    assert counts(survey)["started"] == 2  # figures of a day name nobody


def test_what_older_versions_noted_of_anonymous_answers_goes(running, people):
    from importlib import import_module

    from django.apps import apps

    one, two = people(2)
    survey = running(ways=("mail",), anonymous=True, carries=("nick",))
    named = running(ways=("mail",))
    rows = [invited(survey, one), invited(survey, two), invited(named, one)]
    Invitation.objects.filter(pk__in=[rows[0].pk, rows[2].pk]).update(used=True)
    record(survey, Step.NOT_SHOWN, "mail", person=one, reason="answered")
    record(survey, Step.NOT_SHOWN, "mail", person=two, reason="budget")
    for number in range(11):
        made = answer(visit(survey, way="mail"), None, "nps", "9")
        Response.objects.filter(pk=made.pk).update(carried={"nick": "Kim" if number else "Lee"})
    import_module("userops.experience.surveys.migrations.0004_anonymous_links").forget(apps, None)
    for row in rows:
        row.refresh_from_db()
    assert [row.used for row in rows] == [False, False, True]
    assert [is_used(row) for row in rows] == [True, False, True]
    kept = Contact.objects.filter(survey=survey).values_list("person", "reason")
    assert list(kept) == [(two, "budget")]
    carried = list(Response.objects.filter(survey=survey).values_list("carried", flat=True))
    assert carried.count({"nick": "Kim"}) == 10 and carried.count({}) == 1
