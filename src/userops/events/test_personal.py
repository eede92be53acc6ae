from __future__ import annotations

import pytest

from userops.events.personal import Personal, holds_personal, looks_personal


@pytest.mark.parametrize(
    "name",
    ["email", "userEmail", "contact.email", "$phone", "PHONE", "手机号", "收货地址", "real_name", "realName",
     "user_id", "source_ip", "login_phone", "ip", "clientIP", "wechat_openid", "id_card"],
)  # fmt: skip
def test_names_that_say_who(name):
    assert looks_personal("event", name) and looks_personal("user", name)


@pytest.mark.parametrize(
    "name",
    ["city", "page", "product_name", "phone_model", "email_verified", "vip", "zip_size", "shipping", "amount",
     "description", "渠道", "页面地址",
      "birthday_month", "手机型号", "生日月份", "是否绑定手机", "hotel", "has_phone", "name_length", "order_id", ""],
)  # fmt: skip
def test_names_that_do_not(name):
    assert not looks_personal("event", name)


def test_a_bare_name_is_that_of_a_user_but_not_of_an_event():
    assert looks_personal("user", "name") and not looks_personal("event", "name")


@pytest.mark.parametrize(
    "value", ["ann@example.com", 13800138000, "+86 138 0013 8000", "11010519491231002X", "10.0.0.8"]
)
def test_values_that_say_who(value):
    assert holds_personal(value)


@pytest.mark.parametrize(
    "value", ["上海", 42, True, "3.5.1", "ann at example", None, ["a@b.co"], "2026-11-28"]
)
def test_values_that_do_not(value):
    assert not holds_personal(value)


def test_what_was_decided_stands_before_the_name_also_for_what_an_object_holds():
    personal = Personal({("user", "email"): False, ("event", "contact"): True})
    assert ("user", "email") not in personal and ("event", "email") in personal
    assert ("event", "contact.city") in personal and ("event", "contacts") not in personal
