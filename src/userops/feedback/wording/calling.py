"""One request to an OpenAI-compatible chat-completions address: guarded, with limits of time and size.

Redirects are not followed. The public internet is reached by HTTPS only; a host of the house is reached only where the
server's settings name it (`model_hosts`), whatever the name resolves to.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from userops.config import current
from userops.errors import Refused
from userops.feedback.wording.problems import ModelFailed, failed
from userops.notices.guard import PrivateAddress, guarded
from userops.words import Words

LARGEST_ANSWER = 64_000
"""Bytes."""
CONNECT_SECONDS = 5
LONGEST_WAIT = timedelta(days=1)
_PATH = "/chat/completions"


@dataclass(frozen=True, slots=True)
class Service:
    """Where and what is asked. `key` is sent in a header and stands nowhere else."""

    address: str
    model: str
    key: str
    seconds: int

    def __repr__(self) -> str:
        return f"Service({self.address!r}, {self.model!r})"


def checked_address(address: str) -> str:
    """The full address of chat completions. Raises `Refused`."""
    address = address.strip().rstrip("/")
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = -1
    fits = parts.scheme in ("http", "https") and parts.hostname and port != -1
    if not fits or parts.username or parts.query or parts.fragment or not address.isprintable():
        raise Refused(
            Words(
                "地址应形如 https://api.example.com/v1，不含用户名、密码和参数。",
                "The address looks like https://api.example.com/v1, without user, password or parameters.",
            ),
            code="model_address_invalid",
            hint=Words(
                "请填写到版本号为止的地址，密钥填在单独的栏里。",
                "Give the address up to the version; the key has a field of its own.",
            ),
        )
    if parts.scheme == "http" and not is_named(address):
        raise Refused(
            Words(
                "公网地址必须使用 HTTPS。",
                "An address outside the house must be HTTPS.",
            ),
            code="model_address_plain",
            hint=_NAME_IT,
        )
    return address if parts.path.endswith(_PATH) else address + _PATH


_NAME_IT = Words(
    '如果是自建模型，请在服务器设置 model_hosts 中写明该主机，例如 model_hosts = ["10.0.0.5:11434"]。',
    "If the model is in the house, name its host in the server's setting model_hosts, for example "
    'model_hosts = ["10.0.0.5:11434"].',
)


def is_named(address: str) -> bool:
    """Whether the server's settings name this host, or this host and port."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    port = parts.port or (443 if parts.scheme == "https" else 80)
    named = {each.lower() for each in current().model_hosts}
    return bool({host, f"{host}:{port}", f"[{host}]:{port}"} & named)


def body_of(model: str, system: str, user: str) -> str:
    """The body as it is sent: this text, and nothing else, leaves the house."""
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    asked = {"model": model, "messages": messages, "temperature": 0.2, "max_tokens": 400}
    return json.dumps(asked | {"stream": False}, ensure_ascii=False)


def call(service: Service, body: str) -> str:
    """What the model said. Raises `ModelFailed`."""
    import requests

    ends = time.monotonic() + service.seconds
    try:
        with guarded(allow_private=is_named(service.address)), requests.Session() as session:
            answer = session.post(
                service.address,
                data=body.encode(),
                headers={"Content-Type": "application/json", "Accept": "application/json"},
                auth=_bearing(service.key),
                timeout=(CONNECT_SECONDS, service.seconds),
                allow_redirects=False,
                stream=True,
            )
            with answer:
                _check(answer)
                return _said(_read(answer, ends))
    except PrivateAddress:
        wrong = failed(
            "model_address_private",
            "该地址位于本机或内网，未在服务器设置 model_hosts 中写明，没有发送。",
            "The address is in the house and not named in the server's setting model_hosts: nothing was sent.",
        )
        wrong.hint = _NAME_IT
        raise wrong from None
    except requests.Timeout:
        raise _too_slow() from None
    except requests.RequestException:  # its text may hold what was sent
        raise failed(
            "model_unreachable", "无法连接语言模型服务。", "The model's service cannot be reached."
        ) from None


def _bearing(key: str) -> Any:
    def sign(request: Any) -> Any:
        if key:
            request.headers["Authorization"] = f"Bearer {key}"
        return request

    return sign


def _check(answer: Any) -> None:
    status = int(answer.status_code)
    if status == 429:
        wrong = failed(
            "model_busy", "服务要求稍后再试（429）。", "The service asks for patience (429)."
        )
        wrong.until = datetime.now(UTC) + _patience(answer.headers.get("Retry-After", ""))
        raise wrong
    if status in (401, 403):
        raise failed(
            "model_key_refused",
            f"服务拒绝了密钥（{status}）。",
            f"The service refuses the key ({status}).",
        )
    if 300 <= status < 400:
        raise failed(
            "model_redirected",
            f"服务要求转到别处（{status}），没有跟随。",
            f"The service points elsewhere ({status}), which is not followed.",
        )
    if status != 200:
        raise failed(
            "model_status", f"服务回答了 HTTP {status}。", f"The service answered HTTP {status}."
        )


def _patience(told: str) -> timedelta:
    """By `Retry-After`, in seconds or as a date; a minute where it says nothing."""
    if told.strip().isdecimal():
        return min(timedelta(seconds=int(told.strip()[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return timedelta(minutes=1)
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - datetime.now(UTC), timedelta(0)), LONGEST_WAIT)


def _read(answer: Any, ends: float) -> bytes:
    found = bytearray()
    for chunk in answer.iter_content(4_096):
        found += chunk
        if len(found) > LARGEST_ANSWER:
            raise failed(
                "model_answer_large",
                f"回答超过 {LARGEST_ANSWER // 1000} kB，已丢弃。",
                f"The answer is larger than {LARGEST_ANSWER // 1000} kB and was dropped.",
            )
        if time.monotonic() > ends:
            raise _too_slow()
    return bytes(found)


def _too_slow() -> ModelFailed:
    return failed("model_slow", "服务没有及时回答。", "The service did not answer in time.")


def _said(data: bytes) -> str:
    try:
        said = json.loads(data)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        said = None
    if not isinstance(said, str) or not said.strip():
        raise failed(
            "model_answer_malformed",
            "服务的回答不是聊天补全格式。",
            "The answer is not one of chat completions.",
        )
    return said
