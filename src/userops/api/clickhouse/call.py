"""A request of a ClickHouse client as a record: text, values, format, settings, who."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from userops.sql.problems import NotPermitted, refused_text
from userops.sql.tables import LOWERED_SETTINGS, OPEN_SETTINGS
from userops.words import Words

IGNORED = frozenset(
    (
        "add_http_cors_header",
        "allow_experimental_analyzer",
        "async_insert",
        "buffer_size",
        "cancel_http_readonly_queries_on_client_close",
        "cast_string_to_dynamic_use_inference",
        "client_protocol_version",
        "database",
        "date_time_input_format",
        "default_format",
        "enable_http_compression",
        "http_headers_progress_interval_ms",
        "http_write_exception_in_output_format",
        "log_comment",
        "log_queries",
        "max_threads",
        "password",
        "query",
        "query_id",
        "quota_key",
        "readonly",
        "role",
        "send_progress_in_http_headers",
        "session_check",
        "session_id",
        "session_timeout",
        "use_uncompressed_cache",
        "user",
        "wait_end_of_query",
    )
)
"""Words of an address that are read elsewhere, or that change nothing here."""
FORMATS = frozenset(
    """
    Native TabSeparated TSV TabSeparatedRaw TSVRaw TabSeparatedWithNames TSVWithNames TabSeparatedRawWithNames
    TabSeparatedWithNamesAndTypes TSVWithNamesAndTypes TabSeparatedRawWithNamesAndTypes CSV CSVWithNames
    CSVWithNamesAndTypes JSON JSONStrings JSONCompact JSONCompactStrings JSONColumns JSONColumnsWithMetadata
    JSONCompactColumns JSONEachRow NDJSON JSONLines JSONStringsEachRow JSONCompactEachRow
    JSONCompactEachRowWithNames JSONCompactEachRowWithNamesAndTypes JSONCompactStringsEachRow
    JSONCompactStringsEachRowWithNames JSONCompactStringsEachRowWithNamesAndTypes JSONObjectEachRow RowBinary
    RowBinaryWithNames RowBinaryWithNamesAndTypes Arrow ArrowStream Parquet ORC MsgPack BSONEachRow Values Vertical
    XML Markdown Null Pretty PrettyCompact PrettySpace PrettyCompactMonoBlock PrettyNoEscapes
    """.split()  # noqa: SIM905 - a list to be read
)
"""Formats that need no file of the server."""
_ENCODINGS = ("zstd", "lz4", "gzip")
_SETTING = re.compile(r"output_format_[a-z0-9_]+")
_QUERY_ID = re.compile(r"[\w.:-]{1,100}")


@dataclass(frozen=True, slots=True)
class Call:
    """What a client asks. `database` may be empty; `encoding` is how the answer is to be compressed."""

    user: str
    password: str
    database: str
    text: str
    values: Mapping[str, str]
    settings: Mapping[str, Any]
    format: str
    query_id: str | None
    encoding: str


def read_call(request: HttpRequest) -> Call:
    """The call of a request. Raises `UserOpsError` for what is not served here."""
    words = {**_form(request), **request.GET.dict()}
    if words.get("compress") in ("1", "true") or words.get("decompress") in ("1", "true"):
        raise _not_served(
            Words(
                "不支持 compress=1，请用 HTTP 压缩。",
                "compress=1 is not served; use HTTP compression.",
            )
        )
    user, password = credentials(request, words)
    headers = request.headers
    return Call(
        user=user,
        password=password,
        database=words.get("database") or headers.get("X-ClickHouse-Database") or "",
        text=_text(request, words),
        values={
            name.removeprefix("param_"): value
            for name, value in words.items()
            if name.startswith("param_")
        },
        settings=_settings(words),
        format=words.get("default_format") or headers.get("X-ClickHouse-Format") or "TabSeparated",
        query_id=query_id if _QUERY_ID.fullmatch(query_id := words.get("query_id", "")) else None,
        encoding=_encoding(request, words),
    )


def credentials(request: HttpRequest, words: Mapping[str, str]) -> tuple[str, str]:
    """User and password, by any of the ways that ClickHouse takes them."""
    headers = request.headers
    scheme, _space, given = headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return "", given.strip()
    if scheme.lower() == "basic":
        try:
            user, _colon, password = base64.b64decode(given).decode("utf-8").partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return "", ""
        return user, password
    if "X-ClickHouse-Key" in headers:
        return headers.get("X-ClickHouse-User", ""), headers["X-ClickHouse-Key"]
    return words.get("user", ""), words.get("password", "")


def _form(request: HttpRequest) -> dict[str, str]:
    """Parameters that a client sends as a form, beside the text."""
    if not request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        return {}
    if request.FILES:
        raise _not_served(Words("不支持外部数据。", "External data is not served."))
    return {name: str(value) for name, value in request.POST.dict().items()}


def _text(request: HttpRequest, words: Mapping[str, str]) -> str:
    """The text stands in the address, in the body, or begins there and ends here."""
    if request.headers.get("Content-Type", "").startswith("multipart/form-data"):
        return words.get("query", "")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise _not_served(Words("不支持压缩的请求体。", "A compressed body is not served."))
    body = request.body.decode("utf-8", "replace") if request.method == "POST" else ""
    return "\n".join(part for part in (words.get("query", ""), body) if part.strip())


def _settings(words: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in words.items():
        chosen = name in OPEN_SETTINGS or (
            _SETTING.fullmatch(name) and name != "output_format_schema"
        )
        if chosen or (name in LOWERED_SETTINGS and value.isdecimal()):
            found[name] = value
        elif name not in IGNORED and not name.startswith("param_"):
            raise NotPermitted(
                Words(f"不能改变设置 {name}。", f"The setting {name} cannot be changed here."),
                engine_code=164,
                engine_name="READONLY",
            )
    return found


def _encoding(request: HttpRequest, words: Mapping[str, str]) -> str:
    if words.get("enable_http_compression", "1") in ("0", "false"):
        return ""
    accepted = {
        part.split(";")[0].strip().lower()
        for part in request.headers.get("Accept-Encoding", "").split(",")
    }
    return next((each for each in _ENCODINGS if each in accepted), "")


def _not_served(words: Words) -> Exception:
    return refused_text(words, code="not_served", engine_code=48, engine_name="NOT_IMPLEMENTED")
