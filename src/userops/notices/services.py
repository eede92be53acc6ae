"""The services that a channel can be of: those of `apprise` that speak HTTP, so that the guard holds."""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from typing import Any

from userops.config import current
from userops.errors import Refused, StoreFailed
from userops.notices.guard import PrivateAddress, guarded
from userops.notices.replies import Refusal, heard, refusal
from userops.words import Words

LONGEST = 2_000
LONG = 32


@dataclass(frozen=True, slots=True)
class Service:
    """`schemes`: how its addresses begin; `form`: what one looks like. `code`: the field of its answers that
    is 0 when a message was taken; `most`: bytes of a message, beyond which it is refused. `signs`: whether
    its robots can ask for signatures."""

    words: Words
    schemes: tuple[str, ...]
    form: str
    code: str = ""
    most: int = 0
    signs: bool = False


SERVICES: tuple[Service, ...] = (
    Service(
        Words("飞书", "Feishu"),
        ("feishu",),
        "https://open.feishu.cn/open-apis/bot/v2/hook/…",
        code="code",
        signs=True,
    ),
    Service(
        Words("钉钉", "DingTalk"),
        ("dingtalk",),
        "https://oapi.dingtalk.com/robot/send?access_token=…",
        code="errcode",
        signs=True,
    ),
    Service(
        Words("企业微信", "WeCom"),
        ("wecombot",),
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
        code="errcode",
        most=2048,
    ),
    Service(
        Words("Lark", "Lark"),
        ("lark",),
        "https://open.larksuite.com/open-apis/bot/v2/hook/…",
        code="code",
        signs=True,
    ),
    Service(Words("Slack", "Slack"), ("slack",), "https://hooks.slack.com/services/…"),
    Service(Words("Discord", "Discord"), ("discord",), "https://discord.com/api/webhooks/…"),
    Service(Words("Telegram", "Telegram"), ("tgram",), "tgram://BOT_TOKEN/CHAT_ID"),
    Service(Words("Google Chat", "Google Chat"), ("gchat",), "https://chat.googleapis.com/…"),
    Service(
        Words("Microsoft Teams", "Microsoft Teams"), ("workflow", "workflows"), "workflows://…"
    ),
    Service(Words("Mattermost", "Mattermost"), ("mmost", "mmosts"), "mmosts://HOST/TOKEN"),
    Service(Words("Rocket.Chat", "Rocket.Chat"), ("rocket", "rockets"), "rockets://HOST/…"),
    Service(Words("Bark", "Bark"), ("bark", "barks"), "barks://HOST/KEY"),
    Service(Words("ntfy", "ntfy"), ("ntfy", "ntfys"), "ntfys://HOST/TOPIC"),
    Service(Words("Gotify", "Gotify"), ("gotify", "gotifys"), "gotifys://HOST/TOKEN"),
    Service(Words("Server 酱", "ServerChan"), ("schan",), "schan://KEY", code="code"),
    Service(Words("PushPlus", "PushPlus"), ("pushplus",), "pushplus://TOKEN"),
    Service(Words("JSON 接口", "JSON hook"), ("json", "jsons"), "jsons://HOST/PATH"),
)
BY_SCHEME = {scheme: service for service in SERVICES for scheme in service.schemes}

_NATIVE = (
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([\w-]+)/?"), "feishu://{}"),
    (re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([\w-]+)/?"), "lark://{}"),
    (
        re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=(\w+)"),
        "dingtalk://{}",
    ),
)
"""Addresses that people copy from a robot's settings, and which apprise does not know as such."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """An address that can be sent to. `shown` tells it from others and reveals nothing."""

    address: str
    service: str
    shown: str


def recognise(address: str, secret: str = "") -> Recognised:
    """What an address is of. `secret`: that which its robot has messages signed with. Raises `Refused`."""
    address, secret = address.strip(), secret.strip()
    for pattern, form in _NATIVE:
        if found := pattern.fullmatch(address):
            address = form.format(found[1])
    plugin = _plugin(address) if len(address) <= LONGEST and address.isprintable() else None
    scheme = _scheme(plugin, address)
    if plugin is None or scheme not in BY_SCHEME:
        raise Refused(
            Words(
                "无法识别这个地址，或该类服务不受支持。",
                "This address is not one of a service that is supported.",
            ),
            code="channel_address_unknown",
            hint=Words(
                "请粘贴群机器人的 Webhook 地址，或按“支持的服务”一栏填写。",
                "Paste the webhook of a robot, or an address as under “Services”.",
            ),
        )
    if secret:
        address = _with_secret(address, secret, BY_SCHEME[scheme])
    # the end of a long secret tells robots apart; of a short one it would give too much away
    end = address.rstrip("/")[-4:] if len(address) >= LONG else ""
    return Recognised(address, scheme, f"{scheme}://…{end}")


def _with_secret(address: str, secret: str, service: Service) -> str:
    """The address of a robot that asks for signatures. Raises `Refused`: only some services can be signed for."""
    scheme, _mark, rest = address.partition("://")
    if not service.signs:
        raise _bad_secret(
            Words(
                "只有飞书、Lark 和钉钉机器人使用签名密钥。",
                "Only robots of Feishu, Lark and DingTalk have a signing secret.",
            ),
            Words("请清空签名密钥后重试。", "Leave the signing secret empty."),
        )
    if not secret.isascii() or not secret.isalnum():
        raise _bad_secret(
            Words("签名密钥应只含字母和数字。", "A signing secret holds letters and digits only."),
            Words(
                "请从机器人的安全设置（飞书“签名校验”、钉钉“加签”）复制。",
                "Copy it from the security settings of the robot.",
            ),
        )
    return f"{scheme}://{secret}@{rest.rpartition('@')[2]}"


def _bad_secret(words: Words, hint: Words) -> Refused:
    return Refused(words, code="channel_secret_invalid", hint=hint)


def _scheme(plugin: Any, address: str) -> str:
    """The scheme that the address itself has; of a copied web address, that of its service."""
    known = [
        name
        for each in (getattr(plugin, "secure_protocol", None), getattr(plugin, "protocol", None))
        for name in ((each,) if isinstance(each, str) else each or ())
        if name in BY_SCHEME
    ]
    own = address.partition("://")[0].lower()
    return own if own in known else next(iter(known), "")


def _plugin(address: str) -> Any:
    # loaded when it is first needed: it brings many services
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import apprise

        # what it logs may hold an address
        logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
        from userops.notices.signing import signed_plugin

        return signed_plugin(address) or apprise.Apprise.instantiate(
            address, suppress_exceptions=True
        )


def send(address: str, title: str, body: str) -> None:
    """Send one message now. Raises `PrivateAddress`, or `StoreFailed` when the service did not take it."""
    plugin = _plugin(address)
    if plugin is None:
        raise _not_taken()
    service = BY_SCHEME.get(_scheme(plugin, address))
    if service is not None and service.most:
        body = _fitting(title, body, service.most)
    refused: Refusal | None = None
    try:
        with guarded(allow_private=current().private_hooks), heard() as answers:
            taken = plugin.notify(title=title, body=body)
        if taken and service is not None and service.code:
            refused = refusal(answers, service.code, address)
    except PrivateAddress:
        raise
    except Exception:  # noqa: BLE001 - whatever it was, its text may hold the address
        taken = False
    if not taken or refused is not None:
        raise _not_taken(refused)


def _fitting(title: str, body: str, most: int) -> str:
    """The body cut so that the message holds at most so many bytes; its last line, the link, stays."""
    left = most - len(f"{title}\r\n".encode())
    if len(body.encode()) <= left:
        return body
    text, _end, last = body.rpartition("\n")
    room = left - len(f"…\n{last}".encode())
    return f"{text.encode()[: max(0, room)].decode(errors='ignore')}…\n{last}"


def _not_taken(refused: Refusal | None = None) -> StoreFailed:
    zh, en = "对方服务没有接受这条消息。", "The service did not take the message."
    if refused is not None:
        said = f"{refused.text} ({refused.code})" if refused.text else refused.code
        zh = f"对方服务没有接受这条消息，它的答复是：{said}。"
        en = f"The service did not take the message, and says: {said}."
    return StoreFailed(
        Words(zh, en),
        code="channel_failed",
        hint=Words(
            "检查地址、机器人的关键词与 IP 白名单，以及服务器能否访问外网。",
            "Check the address, the robot's keywords and allowed addresses, and the way to the internet.",
        ),
    )
