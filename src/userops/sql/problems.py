"""What the engine says about a text, as its author may read it: no paths, no SQL of ours, no other's names."""

from __future__ import annotations

import re
from typing import Any

from userops.errors import Refused, StoreFailed, UserOpsError
from userops.events.engine import QueryCancelled, QueryTooLarge
from userops.sql.tables import TABLES
from userops.words import Words


class NotPermitted(UserOpsError):  # noqa: N818
    """The text asks for what SQL may not see or do here."""

    code = "sql_not_permitted"
    status = 403


class SqlInvalid(UserOpsError):  # noqa: N818
    """The engine cannot answer this text; `data["engine_code"]` is its number, `engine_name` its name."""

    code = "sql_invalid"
    status = 400


AVAILABLE = Words(
    "可用的表：" + "、".join(table.name for table in TABLES) + "。",
    "Tables: " + ", ".join(table.name for table in TABLES) + ".",
)

_CODE = re.compile(r"Code: (\d+)\.")
_NAME = re.compile(r"\(([A-Z][A-Z0-9_]+)\)\W*$")
_CANCELLED = (394,)
_TIME = (159, 160)
_MEMORY = (241,)
_TOO_MUCH = (158, 396, 307)
_READONLY = (164, 497, 344)
_UNKNOWN_TABLE = (60, 81)
SYNTAX = 62

_TELLING = frozenset(
    (
        6, 10, 16, 20, 27, 32, 34, 35, 36, 38, 41, 42, 43, 44, 46, 47, 48, 49, 50, 51, 52, 53, 56, 62, 63, 68, 69, 70,
        72, 80, 85, 92, 115, 117, 122, 128, 131, 134, 135, 153, 168, 176, 179, 184, 190, 203, 206, 207, 215, 258, 321,
        352, 386, 395, 403, 407, 417, 427, 432, 456, 457, 467, 691, 706,
    )
)  # fmt: skip
"""Numbers of errors that speak of the text and its values alone."""

_PREFIX = re.compile(r"(?:Code: \d+\. )?DB::Exception: ")
_TAIL = re.compile(
    r"(?:[:.,;] | )?(?:In scope |In query |While processing |while executing |While executing |\(version |: \(at row )"
    r".*$",
    re.DOTALL,
)
_HINTS = re.compile(r"\.? Maybe you meant:? ?[^.]*(?:\.[^.]*)*$")
_PATH = re.compile(r"(?<![\w/])/(?:[\w.@+-]+/)+[\w.@+-]*")
_INNER = re.compile(r"__table\d+\.")


def readable(said: str, slug: str, database: str, home: str) -> UserOpsError:
    """The engine's error as one of ours. `said` is for the log; what is answered is scrubbed."""
    code, name = number_of(said), name_of(said)
    data: dict[str, Any] = {"engine_code": code, "engine_name": name}
    if code in _CANCELLED:
        return QueryCancelled(Words("查询已取消。", "The query was cancelled."), **data)
    if code in (*_TIME, *_MEMORY):
        return _over_limit(code, data)
    if code in _TOO_MUCH:
        return QueryTooLarge(
            Words(
                "结果超出行数或大小上限。", "The result is larger than the limit of rows or bytes."
            ),
            hint=Words("先汇总，或加 LIMIT。", "Aggregate first, or add a LIMIT."),
            **data,
        )
    if code in _READONLY:
        return NotPermitted(Words("SQL 只能读取。", "SQL can only read here."), **data)
    if code in _UNKNOWN_TABLE:
        return _unknown_table(said, data)
    if code not in _TELLING:
        return StoreFailed(
            Words(
                f"引擎无法回答（{name or code}）。",
                f"The engine could not answer ({name or code}).",
            ),
            hint=Words("详情见服务器日志。", "The server's log says more."),
            **data,
        )
    text = scrubbed(said, slug, database, home)
    kind = (
        Words("SQL 语法错误", "Syntax error")
        if code == SYNTAX
        else Words("SQL 有误", "The SQL is wrong")
    )
    return SqlInvalid(Words(f"{kind.zh}：{text}", f"{kind.en}: {text}"), **data)


def _over_limit(code: int, data: dict[str, Any]) -> UserOpsError:
    words = (
        Words("查询超出时间上限。", "The query ran into its time limit.")
        if code in _TIME
        else Words("查询超出内存上限。", "The query ran into its memory limit.")
    )
    hint = Words(
        "缩短时间范围，或先汇总再连接。", "Shorten the time range, or aggregate before joining."
    )
    return QueryTooLarge(words, hint=hint, **data)


def _unknown_table(said: str, data: dict[str, Any]) -> UserOpsError:
    found = re.search(r"identifier '([^']*)'", said)
    name = found[1] if found else "?"
    return SqlInvalid(
        Words(f"没有表 {name}。", f"There is no table {name}."),
        hint=AVAILABLE,
        **data,
    )


def scrubbed(said: str, slug: str, database: str, home: str) -> str:
    """The first sentence of what the engine said, in names that the asker knows."""
    text = _PREFIX.sub("", said[said.find("Code: ") if "Code: " in said else 0 :]).strip()
    text = _NAME.sub("", text).strip()
    if "Syntax error" in text:
        text = text.split(": In scope ")[0].split("Expected one of:")[0].strip()
        text = text.removeprefix("Syntax error").lstrip(": ")
    text = _HINTS.sub("", _TAIL.sub("", text))
    text = text.replace(f"`{database}`.", "").replace(f"{database}.", "").replace(database, slug)
    text = text.replace(f"`{home}`.", "").replace(f"{home}.", "")
    text = _INNER.sub("", _PATH.sub("…", text))
    return text.strip(" .:\n") + "."


def number_of(said: str) -> int:
    found = _CODE.search(said)
    return int(found[1]) if found else 0


def name_of(said: str) -> str:
    found = _NAME.search(said.strip())
    return found[1] if found else ""


def refused_text(words: Words, code: str = "sql_invalid", **data: Any) -> Refused:
    return Refused(words, code=code, **data)
