"""The platforms whose robots are heard: one line each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from userops.feedback.channels.actions import secrets_of
from userops.feedback.channels.models import Channel, Kind
from userops.feedback.channels.robots.dingtalk import hearing as dingtalk_in
from userops.feedback.channels.robots.dingtalk import speaking as dingtalk_out
from userops.feedback.channels.robots.feishu import hearing as feishu_in
from userops.feedback.channels.robots.feishu import speaking as feishu_out
from userops.feedback.channels.robots.hearing import Call, Heard, Reply
from userops.feedback.channels.robots.speaking import Said, Saying
from userops.feedback.channels.robots.wecom import hearing as wecom_in
from userops.feedback.channels.robots.wecom import speaking as wecom_out

Settings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Platform:
    """What a platform's own files do. `attempt`: whether the credentials to speak are good; False for none."""

    hear: Callable[[Call, Settings], Heard | Reply]
    say: Callable[[Saying, Settings], Said]
    picture: Callable[[Mapping[str, str], Settings], bytes]
    attempt: Callable[[Settings], bool]


PLATFORMS: dict[str, Platform] = {
    Kind.WECOM: Platform(wecom_in.hear, wecom_out.say, wecom_out.picture, wecom_out.attempt),
    Kind.DINGTALK: Platform(
        dingtalk_in.hear, dingtalk_out.say, dingtalk_out.picture, dingtalk_out.attempt
    ),
    Kind.FEISHU: Platform(feishu_in.hear, feishu_out.say, feishu_out.picture, feishu_out.attempt),
}


def settings_of(channel: Channel) -> dict[str, str]:
    """What is open and what is sealed, together. Raises `StoreFailed`."""
    opened = {name: each for name, each in channel.options.items() if isinstance(each, str)}
    return {**opened, **secrets_of(channel)}
