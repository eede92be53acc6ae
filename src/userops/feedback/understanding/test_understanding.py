"""Tickets are read when they come; what members decide teaches; sure suggestions sort by themselves."""

from __future__ import annotations

import numpy as np
import pytest
from django.urls import reverse

from userops.errors import NotAllowed, Refused
from userops.events.tasks import queue
from userops.feedback.sorting.models import Category
from userops.feedback.tickets import actions as tickets
from userops.feedback.tickets.actions import Change, Incoming
from userops.feedback.tickets.models import Ticket
from userops.feedback.understanding import actions, learning
from userops.feedback.understanding.batch import go_on
from userops.feedback.understanding.learning import learn_target, learned_of
from userops.feedback.understanding.listing import understanding_of
from userops.feedback.understanding.models import BatchRun, Lesson, Reading
from userops.feedback.understanding.suggesting import suggesting_for
from userops.feedback.understanding.tasks import get_ready
from userops.text.planted import SUBJECTS, planted


@pytest.fixture(autouse=True)
def _learned_anew(at_once):
    learning._held.clear()


@pytest.fixture
def lead(product, make_user):
    return make_user("lead", product)


@pytest.fixture
def categories(product):
    words = {"登录": ["登录", "验证码"], "物流": ["快递", "物流"], "支付": ["退款", "付款"]}
    return {
        name: Category.objects.create(product=product, name=name, path=name, keywords=words[name])
        for name in SUBJECTS
    }


@pytest.fixture
def taught(product, agent, categories):
    """Ninety tickets sorted by a member, before anything was learned."""
    for text, subject in zip(*planted(30), strict=True):
        ticket = tickets.open_ticket(product, Incoming(text), acting_user=None)
        tickets.change_ticket(ticket, Change(category=categories[subject].pk), acting_user=agent)
    return categories


def opened(product, text, callbacks, **fields):
    with callbacks(execute=True):
        ticket = tickets.open_ticket(product, Incoming(text, **fields), acting_user=None)
    ticket.refresh_from_db()
    return ticket


def test_a_new_ticket_is_read(product, categories, django_capture_on_commit_callbacks):
    text = "充值没到账，客服一直不回复，电话13812345678"
    ticket = opened(product, text, django_capture_on_commit_callbacks)
    reading = ticket.reading
    assert (ticket.language, ticket.sentiment, ticket.severity) == ("zh", "negative", "high")
    assert ticket.complaint and reading.personal == {"phone": 1} and reading.reason == "money"
    assert reading.applied == ["complaint", "severity"]
    assert ticket.events.filter(kind="changed", by=None).count() == 2


def test_keywords_suggest_but_do_not_sort(product, categories, django_capture_on_commit_callbacks):
    ticket = opened(product, "快递三天没动", django_capture_on_commit_callbacks)
    assert ticket.reading.category == categories["物流"] and ticket.reading.chance is None
    assert ticket.category is None


def test_what_a_member_chose_stays(product, agent, categories, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        ticket = tickets.open_ticket(
            product,
            Incoming("快递三天没动", category=categories["支付"].pk, severity="low"),
            acting_user=agent,
        )
    ticket.refresh_from_db()
    assert (ticket.category, ticket.severity) == (categories["支付"], "low")
    assert Lesson.objects.get().label == str(categories["支付"].pk)


def test_a_later_word_makes_it_graver_only(product, django_capture_on_commit_callbacks):
    ticket = opened(product, "怎么开发票", django_capture_on_commit_callbacks)
    assert ticket.severity == "low"
    for text, severity in (("账号被盗了", "urgent"), ("谢谢", "urgent")):
        with django_capture_on_commit_callbacks(execute=True):
            tickets.receive(ticket, Incoming(text))
        ticket.refresh_from_db()
        assert ticket.severity == severity


def test_decisions_teach_and_accuracy_is_stated(
    product, taught, django_capture_on_commit_callbacks
):
    row = learn_target(product, "category")
    assert row is not None and row.lessons == 90 and row.measured["accuracy"] > 0.9
    assert (
        60 < row.rules["texts"] == row.measured["texts"] <= 90
        and 0 < row.rules["right"] <= row.rules["said"]
    )
    ticket = opened(product, "验证码收不到，登录不上去", django_capture_on_commit_callbacks)
    assert ticket.reading.method == "model" and ticket.reading.chance > 0.5
    assert ticket.reading.category == taught["登录"]
    sure = ticket.reading.chance >= row.measured["auto"]["threshold"]
    assert (ticket.category == taught["登录"]) is sure


def test_what_says_the_same_is_one_lesson(product, agent, categories):
    """Else a model would be measured on the words it had learned: here labels are noise, and nothing can be right."""
    texts, _subjects = planted(15)
    labels = np.random.default_rng(7).permutation([each.pk for each in categories.values()] * 15)
    for tail in ("", "！", " 谢"):
        for text, label in zip(texts, labels, strict=True):
            ticket = tickets.open_ticket(product, Incoming(text + tail), acting_user=None)
            tickets.change_ticket(ticket, Change(category=int(label)), acting_user=agent)
    row = learn_target(product, "category")
    assert row is not None and row.lessons == 135 and row.measured["texts"] <= 45
    assert row.measured["low"] < 1 / 3 and row.measured["auto"] is None
    assert row.rules["texts"] == row.measured["texts"]


def test_agreement_with_suggestions_is_counted(
    product, agent, lead, taught, django_capture_on_commit_callbacks
):
    learn_target(product, "category")
    actions.set_auto_apply(product, False, acting_user=lead)
    right = opened(product, "快递太慢，包裹丢了", django_capture_on_commit_callbacks)
    wrong = opened(product, "付款失败，退款没到账", django_capture_on_commit_callbacks)
    assert right.category is None
    actions.accept_suggestion(right, acting_user=agent)
    tickets.change_ticket(wrong, Change(category=taught["物流"].pk), acting_user=agent)
    (found,) = understanding_of(product).agreements
    assert (found.agreed, found.decided) == (1, 2)
    assert understanding_of(product).fresh == 2


def test_whoever_just_wrote_is_read_before_the_rows_of_a_file(
    product, categories, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(queue, "enqueue", queued.append)
    for text, channel in (("一行评论", "import"), ("验证码收不到", "widget")):
        with django_capture_on_commit_callbacks(execute=True):
            tickets.open_ticket(product, Incoming(text, channel=channel), acting_user=None)
    row, word = [each.priority or 0 for each in queued if each.name == "read_ticket"]
    assert word > row


def test_a_model_is_at_hand_before_the_first_ticket_comes(product, taught):
    learn_target(product, "category")
    get_ready()
    assert (product.pk, "category") in learning._held


def test_a_model_learned_anew_replaces_the_one_at_hand(product, agent, taught):
    learn_target(product, "category")
    before = learned_of(product, "category")
    assert learned_of(product, "category") is before
    learn_target(product, "category")
    assert learned_of(product, "category") is not before


def test_too_few_lessons_say_so(product, agent, categories):
    assert learn_target(product, "category") is None
    assert "30" in understanding_of(product).problem.zh
    assert suggesting_for(product).learned is None


def test_a_category_that_is_closed_is_not_suggested(product, taught):
    learn_target(product, "category")
    Category.objects.filter(pk=taught["登录"].pk).update(active=False)
    (found,) = suggesting_for(product).suggest(["验证码收不到，登录不上去"])
    assert found.category != taught["登录"].pk


def test_all_tickets_are_read_again_and_it_can_be_cancelled(product, lead, categories, monkeypatch):
    for text in planted(4)[0]:
        tickets.open_ticket(product, Incoming(text), acting_user=None)
    monkeypatch.setattr("userops.feedback.understanding.batch.STEP", 5)
    run = actions.start_batch(product, acting_user=lead)
    run.refresh_from_db()
    assert (run.state, run.done, run.total) == ("done", 12, 12)
    assert Reading.objects.filter(ticket__product=product).count() == 12
    assert not Ticket.objects.filter(product=product, language="").exists()
    waiting = BatchRun.objects.create(product=product, total=12, by=lead)
    with pytest.raises(Refused):
        actions.start_batch(product, acting_user=lead)
    assert actions.cancel_batch(waiting, acting_user=lead).state == "cancelled"
    go_on(waiting)
    waiting.refresh_from_db()
    assert waiting.done == 0


def test_who_may_set_it_up(product, agent):
    with pytest.raises(NotAllowed):
        actions.start_batch(product, acting_user=agent)


def test_pages(client, product, agent, taught, django_capture_on_commit_callbacks):
    client.force_login(agent)
    page = client.get(reverse("understanding:overview", args=[product.slug]))
    assert page.status_code == 200
    learn_target(product, "category")
    page = client.get(reverse("understanding:overview", args=[product.slug])).content.decode()
    assert "登录" in page and "90" in page
    ticket = opened(product, "快递太慢，包裹丢了", django_capture_on_commit_callbacks)
    part = client.get(reverse("tickets:one", args=[product.slug, ticket.number]))
    assert part.status_code == 200 and "快递" in part.content.decode()
