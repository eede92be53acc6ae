"""What every door is made of: the request that comes in, what was read from it, the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

from userops.events.records import Record, Refusal
from userops.words import Words


@dataclass(frozen=True)
class CaptureRequest:
    """One HTTP request. Header names are in lower case; `query` is the text after the `?`."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    received_ms: int
    """The server's clock when the request came in: UTC milliseconds since 1970."""

    @cached_property
    def params(self) -> dict[str, str]:
        """The query string; of a repeated name the last value counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True, errors="replace"))

    @cached_property
    def content_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def charset(self) -> str:
        """The character set that the content type names, else UTF-8."""
        for part in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = part.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower() or "utf-8"
        return "utf-8"

    @property
    def page_of_path(self) -> str:
        """The path without a final slash."""
        return self.path.rstrip("/") or "/"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a whole request is turned away. `code` is stable."""

    status: int
    code: str
    words: Words


BODY_TOO_LARGE = Problem(
    413,
    "body_too_large",
    Words(
        "请求体解压后超过 20 MiB，请减小批次。",
        "The body is larger than 20 MiB after decompression; send smaller batches.",
    ),
)
BATCH_TOO_LARGE = Problem(
    413,
    "batch_too_large",
    Words(
        "一次请求最多 20000 条消息，请减小批次。",
        "A request may hold at most 20,000 messages; send smaller batches.",
    ),
)
ENCODING_INVALID = Problem(
    400,
    "encoding_invalid",
    Words(
        "无法解开请求体（压缩、Base64 或校验码有误），请检查 SDK 的压缩与加密设置。",
        "The body cannot be unpacked (compression, base64 or checksum); check the SDK's settings.",
    ),
)
JSON_INVALID = Problem(
    400,
    "json_invalid",
    Words("请求体不是合法的 JSON。", "The body is not valid JSON."),
)
KEY_MISSING = Problem(
    401,
    "write_key_missing",
    Words(
        "缺少写入密钥。请在“数据 → 采集来源”复制密钥。",
        "The write key is missing. Copy one from Data → Sources.",
    ),
)
KEY_UNKNOWN = Problem(
    401,
    "write_key_unknown",
    Words(
        "写入密钥不存在或已停用。请在“数据 → 采集来源”核对。",
        "The write key is unknown or revoked. Compare it with Data → Sources.",
    ),
)
RATE_LIMITED = Problem(
    429,
    "rate_limited",
    Words(
        "该写入密钥发送过快，请按 Retry-After 稍后重试。",
        "This write key sends too fast; try again after Retry-After seconds.",
    ),
)
STORE_BUSY = Problem(
    503,
    "store_busy",
    Words("事件库暂时繁忙，请稍后重试。", "The event store is busy; try again in a moment."),
)
METHOD_NOT_ALLOWED = Problem(
    405,
    "method_not_allowed",
    Words("该地址不支持此请求方法。", "This address does not take this method."),
)
PROBLEMS: tuple[Problem, ...] = (
    BODY_TOO_LARGE,
    BATCH_TOO_LARGE,
    ENCODING_INVALID,
    JSON_INVALID,
    KEY_MISSING,
    KEY_UNKNOWN,
    RATE_LIMITED,
    STORE_BUSY,
    METHOD_NOT_ALLOWED,
)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a door read. Each message is in `records` (one or more) or in `refusals` (once)."""

    key: str
    """The write key as sent; "" when there was none."""
    records: list[Record] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    messages: int = 0
    problem: Problem | None = None
    """Set when the body as a whole could not be read."""
    dry_run: bool = False
    """The sender asked to check, not to store."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request: filled by the HTTP side, turned into an answer by the door."""

    stored: int = 0
    duplicates: int = 0
    problem: Problem | None = None
    retry_after: int | None = None
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, without the CORS headers (`cors.py`)."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Door:
    """One wire format: its addresses, how a request is read, how it is answered.

    `parse` and `answer` never raise, whatever comes in. `replay(raw, received_ms)` reads the `raw`
    of one earlier refusal again.
    """

    name: str
    paths: tuple[str, ...]
    parse: Callable[[CaptureRequest], Parsed]
    answer: Callable[[CaptureRequest, Parsed, Outcome], Answer]
    replay: Callable[[str, int], Parsed]
    methods: tuple[str, ...] = ("POST",)


def retry_headers(outcome: Outcome) -> tuple[tuple[str, str], ...]:
    if outcome.retry_after is None:
        return ()
    return (("Retry-After", str(outcome.retry_after)),)
