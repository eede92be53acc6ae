"""What a robot of each platform has to be told: one line a field, with where it stands in the platform's pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from userops.errors import Refused
from userops.feedback.channels.models import Kind
from userops.feedback.channels.options import words_of
from userops.feedback.channels.robots import calling
from userops.feedback.channels.robots.wecom.speaking import HOSTS
from userops.words import Words

NO_HINT = Words("", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """`secret`: kept sealed and never shown; `pattern`: what it looks like."""

    name: str
    words: Words
    hint: Words = NO_HINT
    secret: bool = False
    required: bool = False
    pattern: str = r"[\x21-\x7e]{1,400}"
    choices: tuple[tuple[str, Words], ...] = ()


_NAME = Asked(
    "robot_name",
    Words("机器人名称", "Name of the robot"),
    Words("用于去掉消息开头的 @机器人。", "It is cut off where a message begins with it."),
    pattern=r"[^\x00-\x1f]{1,60}",
)

ASKED: dict[str, tuple[Asked, ...]] = {
    Kind.WECOM: (
        Asked(
            "token",
            Words("Token", "Token"),
            Words("3 到 64 个字母或数字。", "3 to 64 letters or digits."),
            secret=True,
            required=True,
            pattern=r"\w{3,64}",
        ),
        Asked(
            "aes_key",
            Words("EncodingAESKey", "EncodingAESKey"),
            Words("43 个字母或数字。", "43 letters or digits."),
            secret=True,
            required=True,
            pattern=r"[A-Za-z0-9]{43}",
        ),
        _NAME,
        Asked(
            "receive_id",
            Words("企业 ID", "Company ID (CorpID)"),
            Words("仅自建应用需要；机器人留空。", "For applications only; empty for robots."),
        ),
        Asked(
            "agent_id",
            Words("应用 AgentId", "AgentId of the application"),
            Words("用于在会话过期后主动发送。", "To speak when a session is over."),
            pattern=r"\d{1,12}",
        ),
        Asked(
            "app_secret",
            Words("应用 Secret", "Secret of the application"),
            Words("与企业 ID、AgentId 一同填写。", "Together with CorpID and AgentId."),
            secret=True,
        ),
        Asked(
            "webhook",
            Words("群机器人 Webhook 地址", "Webhook of a group robot"),
            Words(
                "可选：其他方式都不可用时，回复发到这个群并 @发送者。",
                "May be left out: where answers go when there is no other way, with the sender mentioned.",
            ),
            secret=True,
        ),
    ),
    Kind.DINGTALK: (
        Asked(
            "app_secret",
            Words("Client Secret（AppSecret）", "Client Secret (AppSecret)"),
            Words("验证签名用。", "Signatures are checked with it."),
            secret=True,
            required=True,
        ),
        Asked(
            "app_key",
            Words("Client ID（AppKey）", "Client ID (AppKey)"),
            Words(
                "用于取回图片，以及会话过期后主动发送。",
                "To fetch pictures, and to speak when a session is over.",
            ),
        ),
        Asked(
            "robot_code",
            Words("RobotCode", "RobotCode"),
            Words("与 Client ID 相同时留空。", "Empty when it is the Client ID."),
        ),
    ),
    Kind.FEISHU: (
        Asked(
            "token",
            Words("Verification Token", "Verification Token"),
            Words("在“加密策略”中复制。", "Copied from “Encryption strategy”."),
            secret=True,
            required=True,
        ),
        Asked(
            "encrypt_key",
            Words("Encrypt Key", "Encrypt Key"),
            Words(
                "建议设置：设置后事件加密并带签名。",
                "Better set: events are then encrypted and signed.",
            ),
            secret=True,
        ),
        Asked(
            "app_id",
            Words("App ID", "App ID"),
            Words("用于回复消息和取回图片。", "To answer, and to fetch pictures."),
        ),
        Asked(
            "app_secret",
            Words("App Secret", "App Secret"),
            Words("与 App ID 一同填写。", "Together with the App ID."),
            secret=True,
        ),
        Asked(
            "site",
            Words("平台", "Platform"),
            Words("海外版选 Lark。", "Lark outside China."),
            choices=(("feishu", Words("飞书", "Feishu")), ("lark", Words("Lark", "Lark"))),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class RobotSetting:
    """Checked: `options` are shown, `secret` is sealed."""

    options: dict[str, Any]
    secret: dict[str, str]


def checked(kind: str, given: dict[str, Any], *, fresh: bool) -> RobotSetting:
    """What a robot is set up with; secrets that are left out stay as they are. Raises `Refused`."""
    options: dict[str, Any] = {
        "links_in_groups": given.get("links_in_groups") is True,
        "blocked": list(words_of(str(given.get("blocked", "")))),
    }
    secret: dict[str, str] = {}
    for each in ASKED[kind]:
        value = " ".join(str(given.get(each.name) or "").split())
        choices = [name for name, _words in each.choices]
        good = value in choices if choices else re.fullmatch(each.pattern, value)
        if (value and not good) or (not value and each.required and fresh):
            raise _wrong(each)
        if each.name == "webhook" and value:
            calling.checked(value, HOSTS)
        if each.secret and value:
            secret[each.name] = value
        elif not each.secret:
            options[each.name] = value
    return RobotSetting(options, secret)


class RobotSettingWrong(Refused):
    code = "robot_setting_wrong"

    def __init__(self, asked: Asked):
        self.field = asked.name
        shape = asked.hint
        super().__init__(
            Words(
                f"{asked.words.zh} 未填写或格式不正确。{shape.zh}",
                f"{asked.words.en} is missing or does not look right. {shape.en}".strip(),
            )
        )


def _wrong(asked: Asked) -> RobotSettingWrong:
    return RobotSettingWrong(asked)
