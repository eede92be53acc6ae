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
    is 0 when a message was taken; `most`: bytes of a message, beyond which it is refused."""

    words: Words
    schemes: tuple[str, ...]
    form: str
    code: str = ""
    most: int = 0


SERVICES: tuple[Service, ...] = (
    Service(
        Words("飞书", "Feishu"),
        ("feishu",),
        "https://open.feishu.cn/open-apis/bot/v2/hook/…",
        code="code",
    ),
    Service(
        Words("钉钉", "DingTalk"),
        ("dingtalk",),
        "https://oapi.dingtalk.com/robot/send?access_token=… · dingtalk://SECRET@TOKEN",
        code="errcode",
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


def recognise(address: str) -> Recognised:
    """What an address is of. Raises `Refused`."""
    address = address.strip()
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
    # the end of a long secret tells robots apart; of a short one it would give too much away
    end = address.rstrip("/")[-4:] if len(address) >= LONG else ""
    return Recognised(address, scheme, f"{scheme}://…{end}")


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
        return apprise.Apprise.instantiate(address, suppress_exceptions=True)


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
