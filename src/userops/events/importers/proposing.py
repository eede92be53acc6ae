"""Proposes a mapping from a file's first rows, and settles what a given mapping leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from userops.events.fields import BY_NAME
from userops.events.importers.cleaning import JSON_NUMBER, clean_frame
from userops.events.importers.formats import FileFormat
from userops.events.importers.mapping import Mapping, replaced
from userops.events.importers.rows import Chunk
from userops.events.importers.timeformats import detect_time_format
from userops.words import Words

USER_NAMES: tuple[str, ...] = (
    "user_id", "userid", "uid", "distinct_id", "distinctid", "customer_id", "customerid",
    "client_id", "clientid", "member_id", "memberid", "visitor_id", "account_id", "device_id",
    "open_id", "openid", "unionid", "user", "customer", "用户id", "用户编号", "用户标识", "用户",
    "会员id", "会员编号", "会员号", "客户id", "客户编号", "客户号", "设备id", "账号",
)  # fmt: skip
TIME_NAMES: tuple[str, ...] = (
    "event_time", "timestamp", "time", "datetime", "created_at", "occurred_at", "date", "ts",
    "invoicedate", "event_timestamp", "action_time", "order_time", "log_time", "server_time",
    "时间", "事件时间", "发生时间", "行为时间", "创建时间", "下单时间", "日期", "时间戳",
)  # fmt: skip
EVENT_NAMES: tuple[str, ...] = (
    "event", "event_name", "eventname", "event_type", "action", "action_type", "behavior",
    "behavior_type", "behaviour", "type", "activity", "事件", "事件名", "事件名称", "行为",
    "行为类型", "动作", "操作", "操作类型", "类型", "事件类型",
)  # fmt: skip
UUID_NAMES: tuple[str, ...] = ("uuid", "event_uuid", "message_id", "messageid", "insert_id")
FIELD_NAMES: dict[str, tuple[str, ...]] = {
    "platform": ("平台", "终端", "终端类型", "$lib", "$os_platform"),
    "os": ("操作系统", "$os"),
    "os_version": ("系统版本", "$os_version"),
    "browser": ("浏览器", "$browser"),
    "device": ("机型", "设备型号", "$model", "device_model"),
    "app_version": ("版本", "应用版本", "app版本", "$app_version", "version"),
    "channel": ("渠道", "来源渠道", "注册渠道", "utm_channel"),
    "utm_source": ("$utm_source",),
    "utm_medium": ("$utm_medium",),
    "utm_campaign": ("$utm_campaign",),
    "country": ("国家", "$country"),
    "province": ("省份", "省", "$province", "state", "region"),
    "city": ("城市", "市", "$city"),
    "language": ("语言", "$language", "lang"),
    "page": ("页面", "url", "page_url", "$url", "$current_url"),
    "referrer": ("来路", "前向页面", "$referrer", "referer"),
    "session": ("会话", "session_id", "sessionid", "会话id", "$session_id"),
    "amount": (
        "金额",
        "支付金额",
        "订单金额",
        "交易金额",
        "dollar_value",
        "revenue",
        "total_amount",
    ),
    "currency": ("币种", "货币"),
}
_WHOLE_ID = r"^\d+\.0+$"
_DIGITS_KEPT_EXACTLY = 15


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a person should know about a proposal. `code` is stable."""

    code: str
    words: Words


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to start from, the columns of the file, and its first rows, cleaned."""

    mapping: Mapping
    columns: tuple[str, ...]
    sample: pl.DataFrame
    notes: tuple[Note, ...]


def propose(file_format: FileFormat, sample: Chunk) -> Proposal:
    """Guess every part of a mapping. What cannot be guessed stays empty."""
    clean = clean_frame(sample.table)
    columns = tuple(clean.columns)
    user = _by_name(columns, USER_NAMES) or _by_content(clean, _looks_like_id)
    time = _time_column(clean, {user})
    event = _by_name([c for c in columns if c not in (user, time)], EVENT_NAMES)
    mapping = Mapping(
        file=file_format,
        user=user,
        time=time,
        event=event,
        uuid=_uuid_column(clean),
        fields=_field_columns(clean, {user, time, event}),
        all_props=True,
        profile=bool(user) and not event and not time,
    )
    settled, notes = settle(mapping, sample)
    return Proposal(settled, columns, clean, notes)


def settle(mapping: Mapping, sample: Chunk) -> tuple[Mapping, tuple[Note, ...]]:
    """Decide from the file's first rows what the mapping leaves open: the time format, which
    property columns are numbers, whether ids are whole. A settled mapping stays as it is."""
    clean = clean_frame(sample.table)
    notes: list[Note] = []
    mapping = _settle_fields(mapping, clean)
    mapping = _settle_time(mapping, clean, notes)
    if mapping.number_columns is None:
        numbers = tuple(
            name
            for name in mapping.property_columns(clean.columns)
            if name in clean.columns and _is_number_column(clean[name])
        )
        mapping = replaced(mapping, number_columns=numbers)
    if mapping.whole_ids is None:
        ids = clean[mapping.user].drop_nulls() if mapping.user in clean.columns else pl.Series([])
        whole = bool(len(ids)) and bool(ids.str.contains(_WHOLE_ID).all())
        mapping = replaced(mapping, whole_ids=whole)
    if mapping.whole_ids:
        notes.append(_WHOLE_IDS_NOTE)
    if mapping.file.confidence < 0.9:
        notes.append(_encoding_note(mapping.file))
    return mapping, tuple(notes)


def _settle_fields(mapping: Mapping, clean: pl.DataFrame) -> Mapping:
    """A property column that bears the very name of a standard field fills that field."""
    fields = dict(mapping.fields)
    for name in mapping.property_columns(clean.columns):
        standard = BY_NAME.get(name)
        if standard is None or name == "source" or name in fields.values() or mapping.profile:
            continue
        if name in clean.columns and (standard.type == "text" or _is_number_column(clean[name])):
            fields[name] = name
    return replaced(mapping, fields=fields)


def _settle_time(mapping: Mapping, clean: pl.DataFrame, notes: list[Note]) -> Mapping:
    if not mapping.time or mapping.time not in clean.columns:
        return mapping
    guess = detect_time_format(clean[mapping.time])
    if not mapping.time_format:
        mapping = replaced(mapping, time_format=guess.time_format if guess else "iso")
        if guess is None:
            notes.append(_TIME_UNREADABLE_NOTE)
        elif guess.alternative:
            notes.append(_two_ways_note(guess.time_format, guess.alternative))
    if guess is not None and not guess.zoned and not mapping.timezone:
        notes.append(_ZONE_NOTE)
    return mapping


def _is_number_column(values: pl.Series) -> bool:
    """Every value of the sample is a JSON number that a double keeps exactly."""
    known = values.drop_nulls()
    if known.is_empty() or not known.str.contains(JSON_NUMBER).all():
        return False
    digits = known.str.replace_all(r"[^0-9]", "").str.strip_chars_start("0").str.len_bytes()
    whole = known.str.contains(r"^-?\d+$")
    return not bool(((digits > _DIGITS_KEPT_EXACTLY) & whole).any())


def _normal(name: str) -> str:
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _by_name(columns: list[str] | tuple[str, ...], names: tuple[str, ...]) -> str:
    """The column whose name stands first in a vocabulary."""
    known = {_normal(column): column for column in reversed(columns)}
    for name in names:
        if name in known:
            return known[name]
    return ""


def _by_content(clean: pl.DataFrame, looks_right: Callable[[str, pl.Series], bool]) -> str:
    return next((name for name in clean.columns if looks_right(name, clean[name])), "")


def _looks_like_id(name: str, values: pl.Series) -> bool:
    return _normal(name).endswith(("id", "编号", "标识")) and values.null_count() < len(values)


def _time_column(clean: pl.DataFrame, taken: set[str]) -> str:
    columns = [name for name in clean.columns if name not in taken]
    named = _by_name(columns, TIME_NAMES)
    if named and detect_time_format(clean[named].head(500)) is not None:
        return named
    for name in columns:
        guess = detect_time_format(clean[name].head(500))
        # a column of plain numbers may be a time only by its name
        if guess is not None and not guess.time_format.startswith(("epoch", "excel")):
            return name
    return ""


def _uuid_column(clean: pl.DataFrame) -> str:
    name = _by_name(tuple(clean.columns), UUID_NAMES)
    if not name:
        return ""
    values = clean[name].drop_nulls()
    pattern = r"(?i)^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$"
    return name if len(values) and bool(values.str.contains(pattern).all()) else ""


def _field_columns(clean: pl.DataFrame, taken: set[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for field, names in FIELD_NAMES.items():
        column = _by_name([c for c in clean.columns if c not in taken], (field, *names))
        if not column or column in fields:
            continue
        if BY_NAME[field].type == "number" and not _is_number_column(clean[column]):
            continue
        fields[column] = field
    return fields


_WHOLE_IDS_NOTE = Note(
    "ids_made_whole",
    Words(
        "用户标识是带小数点的数字（如 266079.0），将按整数 266079 存储。",
        "User ids are numbers with a decimal point, such as 266079.0; they are stored as 266079.",
    ),
)
_ZONE_NOTE = Note(
    "timezone_assumed",
    Words(
        "时间没有时区，将按产品时区理解；如不正确请指定时区。",
        "The times have no zone and are taken in the product's; name another if that is wrong.",
    ),
)
_TIME_UNREADABLE_NOTE = Note(
    "time_unreadable",
    Words(
        "没有一种时间格式能读懂这一列的九成以上，请指定时间格式。",
        "No time format reads nine in ten values of this column; name the format.",
    ),
)


def _two_ways_note(chosen: str, other: str) -> Note:
    return Note(
        "time_two_ways",
        Words(
            f"样本中的日期既可读作 {chosen}，也可读作 {other}；将按前者，请核对。",
            f"The dates of the sample read as {chosen} and as {other}; the first is used: "
            f"check it.",
        ),
    )


def _encoding_note(file_format: FileFormat) -> Note:
    percent = round(file_format.confidence * 100)
    return Note(
        "encoding_uncertain",
        Words(
            f"编码可能是 {file_format.encoding}（把握 {percent}%），请核对预览中的文字。",
            f"The encoding is probably {file_format.encoding} ({percent}% sure): check the text "
            f"in the preview.",
        ),
    )
