"""Reads times in the forms that files hold, a column at once, into UTC microseconds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from userops.errors import Refused
from userops.events.importers.usualtimes import read_usual
from userops.words import Words

NAMED: dict[str, Words] = {
    "iso": Words(
        "年-月-日 时：分：秒，可带时区偏移（ISO 8601）",
        "Year-month-day hour:minute:second, with or without an offset (ISO 8601)",
    ),
    "epoch_s": Words("Unix 时间戳（秒）", "Unix time in seconds"),
    "epoch_ms": Words("Unix 时间戳（毫秒）", "Unix time in milliseconds"),
    "epoch_us": Words("Unix 时间戳（微秒）", "Unix time in microseconds"),
    "epoch_ns": Words("Unix 时间戳（纳秒）", "Unix time in nanoseconds"),
    "yyyymmdd": Words(
        "连写数字：20240131 或 20240131235959", "Digits only: 20240131 or 20240131235959"
    ),
    "excel_serial": Words("Excel 日期序号", "Excel serial day number"),
}
_ISO = (
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?"
    r"\s*([Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$"
)
_FAST = "%Y-%m-%d %H:%M:%S"
_FRACTION_DOT = re.compile(r"(?<!%)\.%f")
_HAS_CLOCK = re.compile(r"%[-_0]?[HIklTRcXsr]")
_DAY_US = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Instants:
    """`us` is UTC microseconds since 1970, null where the text could not be read. `shifted` local
    times did not exist (clocks went forward) and moved an hour on; `ambiguous` ones happened twice
    (clocks went back) and count as the earlier."""

    us: pl.Series
    shifted: int = 0
    ambiguous: int = 0


@dataclass(frozen=True, slots=True)
class _Parsed:
    """Local or UTC microseconds, and per row whether the text had its own offset."""

    us: pl.Series
    zoned: pl.Series | bool


def check_time_format(name: str) -> None:
    """Raises `Refused` (`time_format_invalid`) for a name or pattern that cannot be used."""
    if name in NAMED:
        return
    if re.search(r"%[-_]?[YyDFcs+]", name):
        try:
            _pattern(pl.Series(["2024-01-31 00:00:00"]), name)
        except (pl.exceptions.PolarsError, ValueError):
            pass
        else:
            return
    known = ", ".join(NAMED)
    raise Refused(
        Words(
            f"时间格式 {name} 无法使用。可用：{known}，或如 %d/%m/%Y %H:%M 的格式串。",
            f"The time format {name} cannot be used. Use one of {known}, or a pattern such as "
            f"%d/%m/%Y %H:%M.",
        ),
        code="time_format_invalid",
    )


def to_utc(texts: pl.Series, time_format: str, timezone: str) -> Instants:
    """Convert a text column. `timezone` (IANA) is that of times without an offset of their own."""
    parse = _PARSERS.get(time_format)
    parsed = parse(texts) if parse else _pattern(texts, time_format)
    if parsed.zoned is True or timezone == "UTC":
        return Instants(parsed.us)
    if parsed.zoned is False:
        return _from_zone(parsed.us, timezone)
    naive = ~parsed.zoned
    local = _from_zone(parsed.us.filter(naive), timezone)
    us = parsed.us.scatter(naive.arg_true(), local.us)
    return Instants(us, local.shifted, local.ambiguous)


def _from_zone(local_us: pl.Series, timezone: str) -> Instants:
    naive = local_us.cast(pl.Datetime("us"))
    early = _zoned(naive, timezone, "earliest")
    missing = early.is_null() & naive.is_not_null()
    shifted = int(missing.sum())
    if shifted:
        # a day earlier the clock ran on the old offset: that offset moves the time forward
        day_before = (local_us - _DAY_US).cast(pl.Datetime("us"))
        before = _zoned(day_before, timezone, "earliest")
        early = early.zip_with(~missing, before + _DAY_US)
    late = _zoned(naive, timezone, "latest")
    twice = (late != early) & ~missing
    return Instants(early, shifted, int(twice.fill_null(False).sum()))


def _zoned(naive: pl.Series, timezone: str, ambiguous: str) -> pl.Series:
    frame = pl.DataFrame({"t": naive})
    return frame.select(
        pl.col("t")
        .dt.replace_time_zone(timezone, ambiguous=ambiguous, non_existent="null")  # type: ignore[arg-type]
        .dt.epoch("us")
    ).to_series()


def _iso(texts: pl.Series) -> _Parsed:
    """Times in the usual layout at once, all others by `_iso_any`, which reads the usual ones alike."""
    usual = read_usual(texts)
    if usual.read.all():
        return _Parsed(usual.us, usual.zoned if usual.zoned.any() else False)
    rest = ~usual.read
    other = _iso_any(texts.filter(rest))
    if not usual.read.any():
        return other
    places = rest.arg_true()
    zoned = other.zoned
    if isinstance(zoned, bool):
        zoned = pl.repeat(zoned, len(places), eager=True)
    return _Parsed(usual.us.scatter(places, other.us), usual.zoned.scatter(places, zoned))


def _iso_any(texts: pl.Series) -> _Parsed:
    frame = pl.DataFrame({"t": texts})
    fast = frame.select(
        us=pl.when(pl.col("t").str.len_bytes() == 19)
        .then(pl.col("t").str.replace("T", " ", literal=True))
        .str.to_datetime(_FAST, time_unit="us", strict=False)
        .dt.epoch("us")
    ).to_series()
    rest = fast.is_null() & texts.is_not_null()
    if not rest.any():
        return _Parsed(fast, False)
    slow = _iso_parts(texts.filter(rest))
    places = rest.arg_true()
    us = fast.scatter(places, slow["us"])
    zoned = pl.repeat(False, len(texts), eager=True).scatter(places, slow["zoned"])
    return _Parsed(us, zoned)


def _iso_parts(texts: pl.Series) -> pl.DataFrame:
    """Columns `us` (Int64) and `zoned` (Boolean) of times that are not plainly 19 characters."""
    parts = texts.str.extract_groups(_ISO).struct.unnest()
    parts.columns = ["year", "month", "day", "hour", "minute", "second", "fraction", "offset"]
    two = [
        pl.coalesce(pl.col(name), pl.lit("0")).str.zfill(2) for name in ("hour", "minute", "second")
    ]
    date = [pl.col("year"), pl.col("month").str.zfill(2), pl.col("day").str.zfill(2)]
    digits = pl.col("offset").str.replace_all(r"[^0-9]", "")
    minutes = (
        digits.str.slice(0, 2).cast(pl.Int64, strict=False).fill_null(0) * 60
        + digits.str.slice(2, 2).cast(pl.Int64, strict=False).fill_null(0)
    ) * pl.when(pl.col("offset").str.starts_with("-")).then(-1).otherwise(1)
    fraction = pl.col("fraction").fill_null("").str.pad_end(6, "0").str.slice(0, 6)
    local = pl.concat_str([*date, *two]).str.to_datetime(
        "%Y%m%d%H%M%S", time_unit="us", strict=False
    )
    return parts.select(
        us=local.dt.epoch("us")
        + fraction.cast(pl.Int64, strict=False)
        - minutes.fill_null(0) * 60_000_000,
        zoned=pl.col("offset").is_not_null(),
    )


def _epoch(per_second: int) -> Callable[[pl.Series], _Parsed]:
    def parse(texts: pl.Series) -> _Parsed:
        whole = texts.cast(pl.Int64, strict=False)
        if per_second > 1_000_000:
            whole_us = whole // (per_second // 1_000_000)
        else:
            whole_us = whole * (1_000_000 // per_second)
        number = texts.cast(pl.Float64, strict=False) * (1_000_000 / per_second)
        near = number.is_finite() & (number.abs() < 9e18)
        rounded = number.zip_with(near, pl.Series([None], dtype=pl.Float64)).round()
        return _Parsed(whole_us.zip_with(whole.is_not_null(), rounded.cast(pl.Int64)), True)

    return parse


def _digits(texts: pl.Series) -> _Parsed:
    digits = texts.str.replace(r"\.0+$", "")
    good = digits.str.contains(r"^(\d{8}|\d{12}|\d{14})$")
    padded = digits.str.pad_end(14, "0").zip_with(good, pl.Series([None], dtype=pl.String))
    local = padded.str.to_datetime("%Y%m%d%H%M%S", time_unit="us", strict=False)
    return _Parsed(local.dt.epoch("us"), False)


def _excel_serial(texts: pl.Series) -> _Parsed:
    days = texts.cast(pl.Float64, strict=False)
    good = (days > 0) & (days < 2_958_466)
    days = days.zip_with(good.fill_null(False), pl.Series([None], dtype=pl.Float64))
    # 25,569 days from 1899-12-30 to 1970-01-01; a serial number is exact to about a millisecond
    milliseconds = ((days - 25_569) * 86_400_000).round().cast(pl.Int64)
    return _Parsed(milliseconds * 1_000, False)


def _pattern(texts: pl.Series, pattern: str) -> _Parsed:
    if not _HAS_CLOCK.search(pattern):
        days = texts.str.to_date(pattern, strict=False)
        return _Parsed(days.cast(pl.Datetime("us")).dt.epoch("us"), False)
    # Python writes a fraction as ".%f", the parser here as "%.f"
    chrono = _FRACTION_DOT.sub("%.f", pattern)
    times = texts.str.to_datetime(chrono, time_unit="us", strict=False)
    zoned = getattr(times.dtype, "time_zone", None) is not None
    return _Parsed(times.dt.epoch("us"), zoned)


_PARSERS: dict[str, Callable[[pl.Series], _Parsed]] = {
    "iso": _iso,
    "epoch_s": _epoch(1),
    "epoch_ms": _epoch(1_000),
    "epoch_us": _epoch(1_000_000),
    "epoch_ns": _epoch(1_000_000_000),
    "yyyymmdd": _digits,
    "excel_serial": _excel_serial,
}

_SEPARATORS = ("/", "-", ".")
_CLOCKS = (" %H:%M:%S", " %H:%M", "", " %H:%M:%S.%f", " %I:%M:%S %p", " %I:%M %p")
_ORDERS = ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%d{0}%m{0}%y", "%m{0}%d{0}%y", "%d{0}%b{0}%Y")
PATTERNS: tuple[str, ...] = (
    *(
        order.format(separator) + clock
        for order in _ORDERS
        for separator in _SEPARATORS
        for clock in _CLOCKS
    ),
    "%d %b %Y %H:%M:%S",
    "%d %b %Y",
    "%b %d, %Y",
    "%a %b %d %H:%M:%S %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%d/%b/%Y:%H:%M:%S %z",
)
_PLAUSIBLE_US = (0, 4_102_444_800_000_000)
"""1970 to 2100."""


@dataclass(frozen=True, slots=True)
class TimeGuess:
    """`share` of the sample that this format reads. `zoned`: every time has its own offset, so no
    time zone is needed. `alternative` reads the sample as well (day and month may be swapped)."""

    time_format: str
    share: float
    zoned: bool
    alternative: str = ""


def detect_time_format(texts: pl.Series) -> TimeGuess | None:
    """The format that reads most of a text column, or None when none reads nine in ten."""
    texts = texts.drop_nulls()
    if texts.is_empty():
        return None
    guesses = [_guess(texts, name) for name in (*_numeric_names(texts), "iso")]
    best = max(guesses, key=lambda guess: guess.share)
    if best.share < 0.9:
        tried = [_guess(texts, name) for name in PATTERNS]
        best = max([best, *tried], key=lambda guess: guess.share)
        equal = [g.time_format for g in tried if g.share == best.share and g != best]
        best = TimeGuess(best.time_format, best.share, best.zoned, equal[0] if equal else "")
    return best if best.share >= 0.9 else None


def _numeric_names(texts: pl.Series) -> tuple[str, ...]:
    """Only the format whose size fits: 20240131 is a day, not a second of 1970."""
    numbers = texts.cast(pl.Float64, strict=False)
    if numbers.null_count() > 0.1 * len(texts):
        return ()
    middle = float(numbers.median() or 0)  # type: ignore[arg-type]
    if 19_000_000 <= middle <= 21_010_000 or (middle > 1.9e13 and 12 <= _width(texts) <= 14):
        return ("yyyymmdd",)
    for name, low, high in _SIZES:
        if low <= middle < high:
            return (name,)
    return ()


def _width(texts: pl.Series) -> int:
    return int(texts.str.len_bytes().median() or 0)  # type: ignore[arg-type]


_SIZES: tuple[tuple[str, float, float], ...] = (
    ("excel_serial", 20_000, 80_000),
    ("epoch_s", 3e8, 4.2e9),
    ("epoch_ms", 3e11, 4.2e12),
    ("epoch_us", 3e14, 4.2e15),
    ("epoch_ns", 3e17, 4.2e18),
)


def _guess(texts: pl.Series, name: str) -> TimeGuess:
    try:
        parse = _PARSERS.get(name)
        parsed = parse(texts) if parse else _pattern(texts, name)
    except pl.exceptions.PolarsError:
        return TimeGuess(name, 0.0, False)
    low, high = _PLAUSIBLE_US
    good = ((parsed.us >= low) & (parsed.us < high)).fill_null(False)
    zoned = parsed.zoned if isinstance(parsed.zoned, bool) else bool(parsed.zoned.all())
    return TimeGuess(name, float(good.mean() or 0), zoned)  # type: ignore[arg-type]
