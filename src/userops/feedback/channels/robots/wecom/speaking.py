"""Answers in 企业微信: by the session of the message, by the application, or by the webhook of a group robot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from userops.feedback.channels.robots import calling
from userops.feedback.channels.robots.deciphering import deciphered
from userops.feedback.channels.robots.hearing import plain
from userops.feedback.channels.robots.speaking import Said, Saying, fitting, has, silent
from userops.feedback.channels.robots.wecom.hearing import key_of

HOSTS = ("weixin.qq.com", "qpic.cn", "myqcloud.com")
"""Of the platform, and of its pictures."""
BASE = "https://qyapi.weixin.qq.com"
LONGEST_TEXT, LONGEST_MARKDOWN = 2_000, 20_000
"""Bytes, a little below what the platform takes."""


def say(saying: Saying, settings: Mapping[str, str]) -> Said:
    """Raises `Refused`, `StoreFailed`."""
    if saying.session and "/webhook/" in urlsplit(saying.session).path:
        return _by_webhook(saying.session, saying, chat=saying.chat)
    if saying.session:
        text = fitting(saying.text, LONGEST_MARKDOWN)
        body = {"msgtype": "markdown", "markdown": {"content": text}}
        _taken(calling.post(calling.checked(saying.session, HOSTS), body))
        return Said(used_up=True)
    if has(settings, "receive_id", "agent_id", "app_secret") and not saying.group:
        return _by_application(saying, settings)
    if settings.get("webhook"):
        return _by_webhook(settings["webhook"], saying)
    raise silent()


def _by_webhook(address: str, saying: Saying, *, chat: str = "") -> Said:
    text: dict[str, Any] = {"content": fitting(saying.text, LONGEST_TEXT)}
    if saying.group or not chat:
        text["mentioned_list"] = [saying.sender]
    body = {"msgtype": "text", "text": text, **({"chatid": chat} if chat else {})}
    _taken(calling.post(calling.checked(address, HOSTS), body))
    return Said()


def _by_application(saying: Saying, settings: Mapping[str, str]) -> Said:
    body = {
        "touser": saying.sender,
        "msgtype": "text",
        "agentid": int(settings["agent_id"]),
        "text": {"content": fitting(saying.text, LONGEST_TEXT)},
        "enable_duplicate_check": 1,
    }
    query = urlencode({"access_token": token_of(settings)})
    found = _taken(calling.post(f"{BASE}/cgi-bin/message/send?{query}", body))
    if plain(found, "invaliduser"):
        raise calling.not_taken(f"invaliduser {plain(found, 'invaliduser')}")
    return Said(plain(found, "msgid"))


def token_of(settings: Mapping[str, str]) -> str:
    """Raises `Refused`, `StoreFailed`."""
    given = {"corpid": settings["receive_id"], "corpsecret": settings["app_secret"]}
    address = f"{BASE}/cgi-bin/gettoken?{urlencode(given)}"
    return plain(_taken(calling.post(address, {}, harmless=True)), "access_token")


def attempt(settings: Mapping[str, str]) -> bool:
    """Whether the application's credentials are good; False where there are none. Raises `Refused`."""
    if not has(settings, "receive_id", "app_secret"):
        return False
    return bool(token_of(settings))


def picture(named: Mapping[str, str], settings: Mapping[str, str]) -> bytes:
    """Raises `Refused`, `StoreFailed`."""
    data = calling.fetch(calling.checked(named.get("url", ""), HOSTS))
    if not named.get("sealed"):
        return data
    key = key_of(settings.get("aes_key", ""))
    return deciphered(key, key[:16], data, padded_to=32)


def _taken(found: dict[str, Any]) -> dict[str, Any]:
    if plain(found, "errcode") not in ("0", ""):
        raise calling.not_taken(f"{plain(found, 'errcode')} {plain(found, 'errmsg')}")
    return found
