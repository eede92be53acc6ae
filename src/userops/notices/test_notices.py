"""Notices reach members, mail and robots once, again after a failure, and reveal no secret."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email import policy

import pytest

from userops.errors import NotAllowed, NotFound, Refused, StoreFailed
from userops.notices import actions
from userops.notices.delivering import deliver_due
from userops.notices.models import Channel, Delivery, Notice
from userops.notices.outbox import BACK_OFF, LEASE, claim, take_up
from userops.notices.services import recognise
from userops.notices.telling import Message, tell
from userops.words import Words
from userops.workspace.models import LogEntry

NOW = datetime(2030, 1, 1, tzinfo=UTC)
State = Delivery.State


def message(key="alert:1:2026-01-05"):
    return Message(
        key, Words("支付下降", "Payments fell"), Words("120，应为 200", "120, expected 200"), "/p/x"
    )


@pytest.fixture
def lead(make_user, product):
    user = make_user("lead", product)
    user.language = "zh-hans"
    user.save()
    return user


@pytest.fixture
def channel(product, lead, hook, set_config):
    set_config(private_hooks=True, public_url="https://ops.example.com")
    return actions.create_channel(
        product, name="群", address=hook.address, language="en", acting_user=lead
    )


def test_told_once_however_often(product, lead, make_user, make_product, channel):
    stranger = make_user("lead", make_product())
    for _ in range(3):
        tell(product, message(), members=[lead, stranger], channels=[channel])
    assert [each.user for each in Notice.objects.all()] == [lead]
    assert Delivery.objects.count() == 1


def test_a_robot_is_told_in_its_language(product, channel, hook):
    tell(product, message(), channels=[channel])
    assert deliver_due(NOW) == 1
    (got,) = hook.received
    assert got["title"] == f"[{product.name}] Payments fell"
    assert got["message"] == "120, expected 200\nhttps://ops.example.com/p/x"
    assert deliver_due(NOW) == 0 and Delivery.objects.get().state == State.SENT


def test_again_after_a_failure_with_back_off_and_then_given_up(product, channel, hook):
    hook.answers = [500, 503]
    tell(product, message(), channels=[channel])
    assert deliver_due(NOW) == 1
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.due) == (State.WAITING, 1, NOW + BACK_OFF[0])
    assert deliver_due(NOW + BACK_OFF[0] - timedelta(seconds=1)) == 0
    assert deliver_due(NOW + BACK_OFF[0]) == 1
    assert deliver_due(NOW + BACK_OFF[0] + BACK_OFF[1]) == 1
    assert Delivery.objects.get().state == State.SENT and len(hook.received) == 3

    tell(product, message("other"), channels=[channel])
    hook.answers, at = [500] * 20, NOW
    for _ in range(20):
        deliver_due(at)
        at += timedelta(hours=5)
    row = Delivery.objects.get(key__startswith="other")
    assert (row.state, row.tries) == (State.FAILED, len(BACK_OFF) + 1)
    assert row.error_words and "secret" not in str(row.error)


def test_what_a_crash_cut_short_is_sent_again_after_its_lease(product, channel, hook):
    tell(product, message(), channels=[channel])
    row = Delivery.objects.get()
    assert claim(Delivery, row.pk, State.WAITING, NOW)
    assert not claim(Delivery, row.pk, State.WAITING, NOW)  # a second worker gets nothing
    assert deliver_due(NOW + LEASE - timedelta(seconds=1)) == 0
    take_up(Delivery)  # of another process, which is gone
    assert deliver_due(NOW) == 1 and len(hook.received) == 1


def test_one_that_breaks_holds_up_no_other(product, lead, make_user, smtp, monkeypatch):
    from userops.notices import delivering

    other, real = make_user("lead", product), delivering.mail

    def breaks(delivery, user):
        if user == lead:
            raise RuntimeError("secret of the house")
        real(delivery, user)

    monkeypatch.setattr(delivering, "mail", breaks)
    tell(product, message(), members=[lead, other], mail=True)
    assert deliver_due(NOW) == 2 and len(smtp.taken) == 1
    row = Delivery.objects.get(user=lead)
    assert row.state == State.FAILED and "secret" not in str(row.error)


def test_a_private_address_is_not_tried_again(product, channel, hook, set_config):
    tell(product, message(), channels=[channel])
    set_config(private_hooks=False)
    deliver_due(NOW)
    row = Delivery.objects.get()
    assert row.state == State.FAILED and "内网" in row.error["zh"] and hook.received == []


def test_mail_in_the_readers_language(product, lead, make_user, smtp, set_config):
    set_config(public_url="https://ops.example.com")
    other = make_user("analyst", product)
    other.language = "en"
    other.save()
    tell(product, message(), members=[lead, other], mail=True)
    assert deliver_due(NOW) == 2
    mails = {
        envelope.rcpt_tos[0]: email.message_from_bytes(envelope.content, policy=policy.default)
        for envelope in smtp.taken
    }
    assert mails[lead.email]["Subject"].strip() == f"[{product.name}] 支付下降"
    assert "120，应为 200" in mails[lead.email].get_content()
    assert mails[other.email]["Subject"].strip() == f"[{product.name}] Payments fell"
    assert "https://ops.example.com/p/x" in mails[other.email].get_content()
    assert len({each["Message-ID"] for each in mails.values()}) == 2


def test_a_mail_server_that_is_busy_is_asked_again(product, lead, smtp):
    smtp.refuse.append("451 later")
    tell(product, message(), members=[lead], mail=True)
    deliver_due(NOW)
    assert Delivery.objects.get().state == State.WAITING and smtp.taken == []
    deliver_due(NOW + BACK_OFF[0])
    assert Delivery.objects.get().state == State.SENT and len(smtp.taken) == 1


def test_no_mail_server_no_mail(product, lead, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    tell(product, message(), members=[lead], mail=True)
    assert Notice.objects.count() == 1 and not Delivery.objects.exists()


def test_secrets_are_sealed_and_not_told(product, channel, hook, lead, client, caplog):
    hook.answers = [500]
    client.force_login(lead)
    url = f"/p/{product.slug}/channels"
    pages = [
        client.get(url).content.decode(),
        client.post(f"{url}/{channel.pk}", {"do": "test"}, follow=True).content.decode(),
        client.post(
            url, {"name": "", "address": "json://h/secret-token-of-it", "language": "en"}
        ).content.decode(),
    ]
    assert not any("secret-token" in page for page in pages)
    assert "secret-token" not in channel.address and "…obot" in channel.shown
    told = [str(each.details) + each.target for each in LogEntry.objects.all()]
    assert not any("secret-token" in each for each in told)
    assert "secret-token" not in caplog.text


@pytest.mark.parametrize(
    ("address", "service"),
    [
        ("https://open.feishu.cn/open-apis/bot/v2/hook/" + "a1b2-" * 6, "feishu"),
        ("https://oapi.dingtalk.com/robot/send?access_token=" + "ab12" * 16, "dingtalk"),
        ("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=" + "ab12-" * 7, "wecombot"),
        ("https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ", "slack"),
        ("jsons://example.com/x", "jsons"),
        ("json://example.com/x", "json"),
    ],
)
def test_addresses_as_people_copy_them(address, service):
    assert recognise(address).service == service


@pytest.mark.parametrize(
    "address",
    ["", "x", "file:///etc/passwd", "mailto://a:b@c.com", "syslog://", "https://example.com/hook",
     "rsyslog://10.0.0.1", "json://", "javascript:alert(1)", "json://h/" + "x" * 3000],
)  # fmt: skip
def test_what_does_not_speak_http_is_refused(address):
    with pytest.raises(Refused) as refused:
        recognise(address)
    assert refused.value.code == "channel_address_unknown"


def test_who_may(product, make_user, make_product, channel):
    for role in ("analyst", "operator", "partner", "leadership"):
        with pytest.raises(NotAllowed):
            actions.test_channel(channel, acting_user=make_user(role, product))
    with pytest.raises(NotFound):
        actions.delete_channel(channel, acting_user=make_user("lead", make_product()))
    assert Channel.objects.filter(pk=channel.pk).exists()


def test_a_failed_test_says_so(channel, hook, lead):
    hook.answers = [404]
    with pytest.raises(StoreFailed) as failed:
        actions.test_channel(channel, acting_user=lead)
    assert failed.value.code == "channel_failed"


def test_the_bell_counts_and_the_inbox_is_ones_own(product, lead, make_user, client):
    tell(product, message(), members=[lead])
    tell(product, message("second"), members=[lead])
    (second, first) = Notice.objects.filter(user=lead)
    client.force_login(lead)
    page = client.get("/notices").content.decode()
    assert "通知，2 条未读" in page and "支付下降" in page
    assert client.get(f"/notices/{first.pk}").url == "/p/x"
    assert "通知，1 条未读" in client.get("/notices?unread=1").content.decode()
    client.post("/notices/read")
    assert "没有未读通知" in client.get("/notices?unread=1").content.decode()
    client.force_login(make_user("lead", product))
    assert client.get(f"/notices/{second.pk}").status_code == 404
    assert "支付下降" not in client.get("/notices").content.decode()
