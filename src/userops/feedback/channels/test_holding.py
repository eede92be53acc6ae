"""What is held back, what is refused, and who speaks."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from userops.feedback.channels.holding import (
    HELD_CHANNEL,
    HELD_SENDER,
    REASONS,
    REFUSED_SENDER,
    Before,
    Word,
    alike,
    likeness,
    reasons,
    refused,
    triples,
)
from userops.feedback.channels.options import origins_of, words_of
from userops.feedback.channels.speakers import reachable, signature_of, speaker_of

GOOD = Word("付款后一直没有到账，请帮忙看看", seconds=30)


@pytest.mark.parametrize(
    ("word", "before", "why"),
    [
        (GOOD, Before(), []),
        (Word("x", "http://spam", 30), Before(), ["trap"]),
        (Word("x", "", 1), Before(), ["quick"]),
        (Word("x", "", None), Before(), ["unread"]),
        (Word("a http://a.b http://c.d www.e.f", "", 30), Before(), ["links"]),
        (Word("加我微信 代开发票", "", 30), Before(), ["blocked"]),
        (GOOD, Before(sender_short=HELD_SENDER), ["sender"]),
        (GOOD, Before(sender_short=HELD_SENDER - 1), []),
        (GOOD, Before(channel_short=HELD_CHANNEL), ["flood"]),
        (Word("x", seconds=30, verified=True), Before(channel_short=HELD_CHANNEL), []),
        (Word("x", seconds=30, forged=True), Before(), ["signature"]),
    ],
)
def test_reasons(word: Word, before: Before, why: list[str]):
    assert reasons(word, before, ("代开发票",)) == why


def test_nearly_the_same_text_several_times():
    text = "【官方】恭喜您获得 {} 元红包，点击领取，客服微信 abc{} 备用"
    others = tuple(text.format(number, number) for number in range(3))
    assert alike(text.format(99, 7), others) == 3
    assert reasons(Word(text.format(5, 5), seconds=30), Before(texts=others)) == ["alike"]
    assert alike("闪退", ("闪退",) * 9) == 0  # short complaints are the same by nature
    assert (
        alike(
            "登录之后首页一直空白，刷新也没有用，怎么办",
            ("退款三天了还没有到账，客服也不回复我",) * 9,
        )
        == 0
    )


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_likeness_is_a_share(one: str, other: str):
    first, second = triples(one), triples(other)
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert likeness(first, first) == (1 if first else 0)


def test_a_flood_is_refused_but_for_signed_users():
    assert refused(Before(sender_long=REFUSED_SENDER), verified=True)
    assert refused(Before(channel_long=10_000), verified=False)
    assert not refused(Before(channel_long=10_000), verified=True)
    assert set(REASONS) >= {"trap", "flood", "alike"}


def test_who_speaks():
    said = {"id": "u1", "contact": "a@b.cn", "device": "d", "version": "2.1"}
    plain = speaker_of(json.dumps(said), "", secret="s", signed_only=False)
    assert (plain.id, plain.email, plain.verified) == ("u1", "a@b.cn", False)
    assert speaker_of(json.dumps(said), "", secret="s", signed_only=True).id == ""
    signed = json.dumps({**said, "signature": signature_of("s", "u1")})
    assert speaker_of(signed, "13800138000", secret="s", signed_only=True).verified
    assert speaker_of(signed, "13800138000", secret="s", signed_only=True).phone == "13800138000"
    forged = json.dumps({**said, "id": "u2", "signature": signature_of("s", "u1")})
    found = speaker_of(forged, "", secret="s", signed_only=False)
    assert found.id == "" and found.forged


@settings(max_examples=60)
@given(st.text(max_size=200))
def test_whatever_a_site_says_is_taken_calmly(said: str):
    speaker_of(said, said[:50], secret="s", signed_only=False)
    speaker_of(json.dumps({"id": said, "signature": said}), "", secret="s", signed_only=False)


@pytest.mark.parametrize(
    ("text", "good"),
    [("a@b.cn", True), ("+86 138 0013 8000", True), ("call me", False), ("", False)],
)
def test_reachable(text: str, good: bool):
    assert reachable(text) is good


def test_lists_that_people_write():
    from userops.errors import Refused

    assert origins_of("https://a.example.com/, https://*.b.cn") == (
        "https://a.example.com",
        "https://*.b.cn",
    )
    with pytest.raises(Refused):
        origins_of("https://a.example.com; script-src *, 'self'")
    assert words_of("代开发票\nVX， 代开发票") == ("代开发票", "vx")
