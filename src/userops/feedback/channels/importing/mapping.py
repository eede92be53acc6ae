"""Which column says what of a ticket: proposed by its name, checked, and applied to a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import polars as pl

from userops.errors import Refused
from userops.events.importers.cleaning import clean_frame
from userops.events.importers.formats import detect_format
from userops.events.importers.mapping import check_zone
from userops.events.importers.reading import read_sample
from userops.events.importers.timeformats import check_time_format, detect_time_format, to_utc
from userops.feedback.channels.importing.refused import BadRow
from userops.feedback.tickets.incoming import LONGEST_TEXT, Incoming
from userops.feedback.tickets.models import Severity, Source
from userops.words import Words

ISO = "iso"
PAST = timedelta(days=7)
"""A file whose newest words are older is proposed as records of the past."""
WORST_SCORE = 2
"""Stars from which a review counts as a complaint."""


@dataclass(frozen=True, slots=True)
class Field:
    """A part of a ticket; `names`: how columns of it are often called, in lower case."""

    name: str
    words: Words
    names: tuple[str, ...]


FIELDS: tuple[Field, ...] = (
    Field(
        "text",
        Words("内容（必选）", "Text (needed)"),
        (
            "text",
            "review",
            "content",
            "comment",
            "body",
            "内容",
            "评论",
            "评论内容",
            "反馈内容",
            "问题描述",
            "描述",
            "正文",
        ),
    ),
    Field("subject", Words("主题", "Subject"), ("title", "subject", "标题", "主题", "评论标题")),
    Field(
        "at",
        Words("时间", "Time"),
        (
            "at",
            "time",
            "date",
            "created",
            "created_at",
            "updated",
            "时间",
            "日期",
            "评论时间",
            "来电时间",
            "创建时间",
            "提交时间",
        ),
    ),
    Field(
        "external_id",
        Words("来源编号（避免重复）", "Its number there (against repeats)"),
        (
            "id",
            "review_id",
            "review id",
            "comment_id",
            "comment id",
            "ticket_id",
            "ticket id",
            "编号",
            "评论id",
            "评论编号",
            "评价编号",
            "反馈编号",
            "投诉编号",
            "工单编号",
            "工单号",
            "流水号",
        ),
    ),
    Field(
        "distinct_id",
        Words("用户标识", "User id"),
        ("user_id", "userid", "uid", "distinct_id", "用户id", "用户标识", "会员号"),
    ),
    Field(
        "name",
        Words("用户称呼", "Name"),
        ("name", "user", "author", "nickname", "姓名", "昵称", "用户", "用户名", "作者", "称呼"),
    ),
    Field("email", Words("邮箱", "E-mail"), ("email", "mail", "e-mail", "邮箱", "电子邮箱")),
    Field(
        "phone",
        Words("电话", "Telephone"),
        ("phone", "mobile", "tel", "电话", "手机", "手机号", "来电号码", "联系方式"),
    ),
    Field("device", Words("设备", "Device"), ("device", "model", "设备", "机型")),
    Field(
        "area",
        Words("模块或页面", "Part of the product"),
        ("area", "page", "module", "模块", "页面"),
    ),
    Field(
        "app_version",
        Words("应用版本", "Version"),
        ("version", "app_version", "版本", "应用版本", "版本号"),
    ),
    Field("category", Words("分类", "Category"), ("category", "type", "分类", "类型", "问题类型")),
    Field(
        "severity", Words("严重程度", "Severity"), ("severity", "priority", "严重程度", "优先级")
    ),
    Field("language", Words("语言", "Language"), ("language", "lang", "locale", "语言")),
    Field(
        "score", Words("星级（1–5）", "Stars (1–5)"), ("score", "rating", "stars", "评分", "星级")
    ),
)
BY_NAME = {field.name: field for field in FIELDS}
_SEVERITIES = {
    **{value: value for value in Severity.values},
    "紧急": "urgent", "高": "high", "中": "normal", "普通": "normal", "一般": "normal", "低": "low",
    "critical": "urgent", "p0": "urgent", "p1": "high", "p2": "normal", "medium": "normal", "p3": "low",
}  # fmt: skip


class TicketMapping(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """`columns`: name of a field → column of the file. `timezone`: of times without an offset."""

    columns: dict[str, str] = {}
    time_format: str = ISO
    timezone: str = "Asia/Shanghai"
    origin: str = ""
    """Where the file comes from, such as “App Store”."""
    closed: bool = False
    """Records of the past: they come in closed, no clock runs, nobody is alarmed."""


def proposed(
    columns: Iterable[str],
    sample: pl.DataFrame,
    timezone: str,
    known: Mapping[str, str] = MappingProxyType({}),
) -> TicketMapping:
    """By the names of the columns; without one of them for the text, the column with the longest texts. What is
    `known` stays."""
    free = {column.strip().lower(): column for column in reversed(list(columns))}
    found = dict(known)
    for taken in known.values():
        free.pop(taken.strip().lower(), None)
    for field in FIELDS:
        if field.name in found:
            continue
        column = next((free.pop(name) for name in field.names if name in free), None)
        if column is not None:
            found[field.name] = column
    if "text" not in found and free:
        longest = {name: sample[name].str.len_chars().mean() or 0 for name in free.values()}
        found["text"] = max(longest, key=lambda name: float(longest[name]))  # type: ignore[arg-type]
    at = found.get("at", "")
    guess = detect_time_format(sample[at]) if at in sample.columns else None
    made = TicketMapping(found, guess.time_format if guess else ISO, timezone)
    return msgspec.structs.replace(made, closed=_past(sample, made))


def _past(sample: pl.DataFrame, mapping: TicketMapping) -> bool:
    if mapping.columns.get("at") not in sample.columns:
        return False
    times = to_utc(sample[mapping.columns["at"]], mapping.time_format, mapping.timezone).us
    newest = max((us for us in times if us is not None), default=None)
    return newest is not None and newest < (datetime.now(UTC) - PAST).timestamp() * 1e6


def sample_of(path: Path) -> pl.DataFrame:
    """The first rows of a file. Raises `Refused`."""
    return clean_frame(read_sample(path, detect_format(path), 500).table)


def mapped(
    path: Path,
    zone: str,
    columns: Mapping[str, str],
    *,
    time_format: str = "",
    timezone: str = "",
    origin: str = "",
    closed: bool | None = None,
) -> TicketMapping:
    """What is given, and for the rest what the file suggests. Raises `Refused`."""
    sample = sample_of(path)
    made = proposed(sample.columns, sample, timezone or zone, columns)
    made = msgspec.structs.replace(made, origin=origin, time_format=time_format or made.time_format)
    check(made, sample.columns)
    past = _past(sample, made) if closed is None else closed
    return msgspec.structs.replace(made, closed=past)


def check(mapping: TicketMapping, columns: Iterable[str]) -> None:
    """Raises `Refused` for the first thing that is wrong."""
    check_time_format(mapping.time_format)
    check_zone(mapping.timezone)
    known = list(columns)
    if not mapping.columns.get("text"):
        raise Refused(
            Words("没有指定内容列。", "The column of the text is not given."),
            code="mapping_incomplete",
            hint=Words("请选择一列作为反馈内容。", "Choose a column that holds what users said."),
        )
    for name, column in mapping.columns.items():
        if name not in BY_NAME or column not in known:
            raise Refused(
                Words(
                    f"文件中没有列 {column!r}，或没有字段 {name!r}。",
                    f"The file has no column {column!r}, or there is no field {name!r}.",
                ),
                code="mapping_invalid",
                hint=Words(
                    "请从文件的列中重新选择；若文件已改动，请重新上传。",
                    "Choose among the columns of the file; if the file has changed, upload it again.",
                ),
            )


@dataclass(frozen=True, slots=True)
class Read:
    """Rows of one block: what becomes tickets, with their row numbers, and what cannot."""

    good: list[tuple[int, Incoming]]
    bad: list[BadRow]


def read(
    frame: pl.DataFrame,
    rows: Iterable[int],
    mapping: TicketMapping,
    categories: dict[str, int | None],
) -> Read:
    """Each row as a ticket's first words, or the reason why not. `categories`: keys by path and name; none of a
    name that several have."""
    columns = mapping.columns
    times = None
    if "at" in columns:
        times = to_utc(frame[columns["at"]], mapping.time_format, mapping.timezone).us
    good: list[tuple[int, Incoming]] = []
    bad: list[BadRow] = []
    for at, (row, values) in enumerate(zip(rows, frame.iter_rows(named=True), strict=True)):
        given = {name: str(values[column] or "").strip() for name, column in columns.items()}
        moment = times[at] if times is not None else None
        wrong = _wrong(given, moment, categories)
        if wrong is not None:
            raw = json.dumps(values, ensure_ascii=False)
            bad.append(BadRow(row, wrong[0], wrong[1], raw[:10_000]))
        else:
            good.append((row, _incoming(given, moment, mapping, categories)))
    return Read(good, bad)


def _wrong(
    given: dict[str, str], moment: int | None, categories: dict[str, int | None]
) -> tuple[str, Words] | None:
    if not given["text"]:
        return "text_missing", Words("内容为空", "The text is empty")
    if len(given["text"]) > LONGEST_TEXT:
        return "text_too_long", Words(
            f"内容超过 {LONGEST_TEXT:,} 个字符",
            f"The text has more than {LONGEST_TEXT:,} characters",
        )
    if given.get("at") and moment is None:
        return "time_unreadable", Words(
            f"无法识别时间 {given['at'][:60]!r}，请核对“时间格式”",
            f"The time {given['at'][:60]!r} cannot be read: check how times are written",
        )
    if moment is not None and not 0 <= moment <= datetime.now(UTC).timestamp() * 1e6:
        return "time_unlikely", Words(
            f"时间 {given['at'][:60]!r} 在 1970 年之前或在未来",
            f"The time {given['at'][:60]!r} is before 1970 or in the future",
        )
    severity = given.get("severity", "").lower()
    if severity and severity not in _SEVERITIES:
        return "severity_unknown", Words(
            f"未知的严重程度 {severity[:40]!r}，应为 紧急、高、中、低 之一",
            f"Unknown severity {severity[:40]!r}: it is one of {', '.join(Severity.values)}",
        )
    return _wrong_category(given.get("category", ""), categories)


def _wrong_category(said: str, categories: dict[str, int | None]) -> tuple[str, Words] | None:
    if not said or categories.get(said.lower()) is not None:
        return None
    if said.lower() in categories:
        return "category_ambiguous", Words(
            f"不止一个分类叫 {said[:60]!r}，请写出完整路径",
            f"Several categories are called {said[:60]!r}: give the whole path",
        )
    return "category_unknown", Words(
        f"没有分类 {said[:60]!r}：请先新建，或不指定分类列",
        f"There is no category {said[:60]!r}: make it first, or choose no column of categories",
    )


def _incoming(
    given: dict[str, str],
    moment: int | None,
    mapping: TicketMapping,
    categories: dict[str, int | None],
) -> Incoming:
    plain = ("subject", "distinct_id", "name", "email", "phone", "device", "area", "app_version")
    score = given.get("score", "")
    words = Incoming(
        text=given["text"],
        channel=Source.IMPORT,
        channel_key=mapping.origin[:100],
        language=_language(given.get("language", "")),
        category=categories.get(given.get("category", "").lower()),
        severity=_SEVERITIES.get(given.get("severity", "").lower(), Severity.NORMAL),
        complaint=bad_score(score),
        at=datetime.fromtimestamp(moment / 1e6, UTC) if moment is not None else None,
        external_id=_name(given, mapping),
        closed=mapping.closed,
    )
    said: dict[str, Any] = {name: given.get(name, "") for name in plain}
    return replace(words, **said)


def bad_score(said: str) -> bool:
    """Whether it is one of the worst of five stars; what is no score of five says nothing."""
    try:
        score = float(said)
    except ValueError:
        return False
    return 1 <= score <= WORST_SCORE


def _language(said: str) -> str:
    lower = said.lower()
    if lower.startswith(("zh", "中", "简体", "cn")):
        return "zh-hans"
    return "en" if lower.startswith(("en", "英")) else ""


def _name(given: dict[str, str], mapping: TicketMapping) -> str:
    """What a row is called: its number there, else its words. The same row is taken once."""
    said = given.get("external_id") or json.dumps(given, ensure_ascii=False, sort_keys=True)
    return "import:" + hashlib.sha256(f"{mapping.origin}\0{said}".encode()).hexdigest()[:40]
