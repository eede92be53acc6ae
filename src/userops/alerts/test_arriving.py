"""An alert that fires arrives: in the workbench, by mail, and at the robots of chats; over real sockets."""

from __future__ import annotations

import email
from datetime import timedelta
from email import policy

import pytest

from userops.alerts.conftest import TODAY
from userops.alerts.evaluating import evaluate
from userops.notices import actions
from userops.notices.conftest import hook, robots, set_config, smtp  # noqa: F401
from userops.notices.delivering import deliver_due
from userops.notices.models import Delivery, Notice

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def fallen(pay_days):
    """Four weeks of payments in two cities; yesterday hardly any in one of them."""
    usual = {TODAY - timedelta(days=back): 60 + back % 3 for back in range(2, 30)}
    pay_days({**usual, YESTERDAY: 61})
    pay_days({**usual, YESTERDAY: 4}, city="北京")


@pytest.mark.usefixtures("fallen")
@pytest.mark.parametrize("kind", ["threshold", "anomaly"])
def test_what_fires_arrives_everywhere(kind, make, store, at, lead, product, robots, hook, smtp):  # noqa: F811
    hook.says = {"errcode": 0, "code": 0}
    channels = [
        actions.create_channel(
            product, name="群", address=address, language="zh-hans", acting_user=lead
        )
        for address in robots
    ]
    given = {"rule": "fall", "limit": 0.2, "base": "season"} if kind == "threshold" else {}
    alert = make(kind=kind, mail=True, channels=[each.pk for each in channels], **given)
    (check,) = evaluate(alert, store, at(TODAY))
    assert check.event == "fired"
    assert deliver_due() == len(channels) + 1
    assert Delivery.objects.exclude(state=Delivery.State.SENT).count() == 0
    notice = Notice.objects.get(user=lead)
    mail = email.message_from_bytes(smtp.taken[0].content, policy=policy.default).get_content()
    robots_got = [got.get("text", got.get("content")) for got in hook.received]
    texts = [text for got in robots_got for text in got.values()]
    assert len(texts) == len(channels)
    for text in (notice.body["zh"], mail, *texts):
        assert "“支付”为 65" in text or "为 65" in text  # what
        assert ("上周同期为" if kind == "threshold" else "预期区间") in text  # compared with what
        assert "北京" in text and "位置" in text  # where
        assert "原因" not in text  # never why
    for text in (mail, *texts):
        assert f"https://ops.example.com/p/{product.slug}/alerts/{alert.pk}" in text
    # once, however often it is looked at
    evaluate(alert, store, at(TODAY))
    assert deliver_due() == 0 and len(hook.received) == len(channels)
