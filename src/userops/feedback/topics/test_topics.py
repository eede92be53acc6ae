"""Topics are found, live on, move, burst once, and become categories."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from django.urls import reverse

from userops.errors import NotAllowed, Refused
from userops.feedback.channels.mail.conftest import smtp  # noqa: F401
from userops.feedback.tickets import actions as tickets
from userops.feedback.tickets.actions import Incoming
from userops.feedback.topics import actions
from userops.feedback.topics.growing import grow, state_of
from userops.feedback.topics.models import Topic, TopicTicket
from userops.feedback.topics.moving import moving_topics, tell_bursts
from userops.feedback.understanding.models import Lesson
from userops.notices.delivering import deliver_due
from userops.notices.models import Notice
from userops.text.planted import SUBJECTS, planted

pytestmark = pytest.mark.usefixtures("at_once")
NOW = datetime.now(UTC)


@pytest.fixture
def lead(product, make_user):
    return make_user("lead", product)


@pytest.fixture
def spoken(product):
    """Sixty tickets over 30 days, twenty of each subject."""
    texts, subjects = planted(20)
    for number, text in enumerate(texts):
        at = NOW - timedelta(days=2 + number % 20 * 1.4)
        who = f"u{number % 15}"
        tickets.open_ticket(product, Incoming(text, at=at, distinct_id=who), acting_user=None)
    return dict(zip(texts, subjects, strict=True))


@pytest.fixture
def grown(product, spoken):
    state = state_of(product)
    state.count = 3
    state.save()
    return grow(product)


def test_topics_are_the_planted_subjects(product, spoken, grown):
    assert (grown.state, grown.tickets, grown.unclear) == ("idle", 60, 0)
    found = {}
    for member in TopicTicket.objects.select_related("ticket"):
        found.setdefault(member.topic_id, set()).add(spoken[member.ticket.text])
    assert sorted(map(len, found.values())) == [1, 1, 1]
    rows = moving_topics(product)
    assert [row.tickets for row in rows] == [20, 20, 20]
    assert all(sum(row.days) == 20 and not row.bursts for row in rows)
    assert all(0 < row.users <= 15 for row in rows)


def test_no_list_of_tickets_shows_personal_data(client, product, agent, grown):
    client.force_login(agent)
    topic = Topic.objects.first()
    ticket = TopicTicket.objects.filter(topic=topic).first().ticket
    ticket.text = "充值" * 25 + "我的电话是13812345678"
    ticket.subject = ticket.text[:60] + "…"  # cut amid the number
    ticket.save()
    Topic.objects.filter(pk=topic.pk).update(quotes=[ticket.pk])
    page = client.get(reverse("topics:one", args=[product.slug, topic.pk])).content.decode()
    told = client.get(f"/api/products/{product.slug}/topics/{topic.pk}").content.decode()
    assert "1381" not in page + told and "138*" in page and "138*" in told


def test_a_topic_lives_on_with_its_name(product, lead, grown):
    first = Topic.objects.first()
    actions.rename(first, "我们的叫法", acting_user=lead)
    before = set(Topic.objects.values_list("pk", flat=True))
    grow(product)
    assert set(Topic.objects.filter(place__isnull=False).values_list("pk", flat=True)) == before
    first.refresh_from_db()
    assert first.name == "我们的叫法"


def test_new_is_what_a_later_growing_found(product, grown):
    assert not any(row.is_new for row in moving_topics(product)), "nothing, where all is new"
    Topic.objects.create(
        product=product, name="发票", place=3, stability=1, found=datetime.now(UTC)
    )
    assert [row.topic.name for row in moving_topics(product) if row.is_new] == ["发票"]
    later = datetime.now(UTC) + timedelta(days=15)
    assert not any(row.is_new for row in moving_topics(product, later))


@pytest.fixture
def bursting(product, grown, django_capture_on_commit_callbacks):
    """Nine tickets of one topic just now."""
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(9):
            text = f"登录不上去，验证码收不到，密码忘记了 {number}"
            tickets.open_ticket(product, Incoming(text), acting_user=None)
    return datetime.now(UTC)


def test_a_burst_is_told_once(product, agent, bursting):
    (row,) = tell_bursts(product, bursting)
    assert row.burst.now == 9 and row.burst.chance < 0.001
    # it goes on, also after midnight
    for hours in (0, 6, 12, 18, 23):
        assert tell_bursts(product, bursting + timedelta(hours=hours))
    assert Notice.objects.filter(user=agent, key__startswith="topic-burst").count() == 1


def test_a_burst_goes_out_by_mail_once(product, agent, bursting, smtp):  # noqa: F811
    tell_bursts(product, bursting)
    deliver_due()
    tell_bursts(product, bursting + timedelta(hours=20))
    deliver_due()
    mine = [each for each in smtp.mails if each.rcpt_tos == [agent.email]]
    (mail,) = (message_from_bytes(each.content, policy=policy.default) for each in mine)
    assert "话题激增" in mail["Subject"] or "A topic bursts" in mail["Subject"]
    assert "/feedback/topics/" in mail.get_body(("plain",)).get_content()


def test_an_accepted_topic_is_a_category_with_lessons(product, lead, agent, grown):
    topic = Topic.objects.first()
    with pytest.raises(NotAllowed):
        actions.accept(topic, name="新分类", acting_user=agent)
    category = actions.accept(topic, name="新分类", acting_user=lead)
    assert category.keywords == topic.terms[:8]
    assert Lesson.objects.filter(label=str(category.pk)).count() == 20
    with pytest.raises(Refused):
        actions.accept(topic, name="又一次", acting_user=lead)


def test_too_few_tickets_and_cancelling(product, lead, make_ticket):
    make_ticket()
    state = grow(product)
    assert "40" in state.problem["en"] and state.state == "idle"
    actions.cancel_growing(product, acting_user=lead)
    assert state_of(product).state == "idle"


def test_pages(client, product, agent, grown):
    client.force_login(agent)
    page = client.get(reverse("topics:list", args=[product.slug])).content.decode()
    topic = Topic.objects.first()
    assert topic.name in page and len(SUBJECTS) == page.count("/topics/") - page.count(
        "/topics/grow"
    )
    page = client.get(reverse("topics:one", args=[product.slug, topic.pk]))
    assert page.status_code == 200
