"""The rules that turn figures into sentences: each rule is one function, all are in `RULES`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from userops.events.limits import BY_CODE
from userops.events.quality.profile import DataProfile
from userops.events.quality.report import FieldReport, Finding, QualityReport

MANY_ROWS_SHARE = 0.05
"""One user with a larger share of all rows, over `MANY_ROWS_TIMES` the average, looks wrong."""
MANY_ROWS_TIMES = 50
RARE_SHAPE = 0.05
MISSING_SHARE = 0.2
SHOWN = 5


def find(report: QualityReport, profile: DataProfile) -> tuple[Finding, ...]:
    """All findings, warnings first."""
    found = [finding for rule in RULES for finding in rule(report, profile)]
    return tuple(sorted(found, key=lambda finding: _LEVELS.index(finding.level)))


_LEVELS = ("warning", "notice", "info")


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}%" if whole else "0%"


def _refused(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    for reason in report.reasons:
        known = BY_CODE.get(reason.code)
        zh = known.words.zh if known else reason.code
        en = known.words.en if known else reason.code
        part = _percent(reason.count, report.rows)
        yield Finding(
            code=f"refused:{reason.code}",
            level="warning",
            zh=f"{reason.count:,} 行（{part}）被拒收：{zh}。",
            en=f"{reason.count:,} rows ({part}) were refused: {en}.",
        )


def _repeated(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    if report.repeated:
        part = _percent(report.repeated, report.rows)
        yield Finding(
            code="rows_repeated",
            level="notice",
            zh=f"{report.repeated:,} 行（{part}）与文件中另一行完全相同。",
            en=f"{report.repeated:,} rows ({part}) are exact copies of another row of the file.",
        )


def _missing(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    for field in report.fields:
        if field.rows and field.missing >= MISSING_SHARE * field.rows:
            part = _percent(field.missing, field.rows)
            yield Finding(
                code="values_missing",
                level="notice",
                field=field.name,
                zh=f"{field.name} 有 {field.missing:,} 行（{part}）没有值。",
                en=f"{field.name} has no value in {field.missing:,} rows ({part}).",
            )


def _shapes(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    """A code nearly always of one shape, and now and then of another: `C536379` among `536365`."""
    for field in report.fields:
        if len(field.shapes) < 2 or (field.numeric and field.negative):
            continue
        filled = field.rows - field.missing
        (usual, count), *others = field.shapes
        if usual == "text" or count < (1 - RARE_SHAPE) * filled:
            continue
        for shape, rare in [each for each in others if each[0] != "text"][:SHOWN]:
            yield Finding(
                code="shape_rare",
                level="info",
                field=field.name,
                zh=f"{field.name} 通常形如 {usual}，有 {rare:,} 个值（{_percent(rare, filled)}）"
                f"形如 {shape}。",
                en=f"{field.name} mostly looks like {usual}; {rare:,} values "
                f"({_percent(rare, filled)}) look like {shape}.",
            )


def _numbers(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    for field in report.fields:
        if field.numeric and (field.negative or field.outliers):
            yield from _odd_numbers(field)


def _odd_numbers(field: FieldReport) -> Iterator[Finding]:
    if field.negative:
        yield Finding(
            code="values_negative",
            level="notice",
            field=field.name,
            zh=f"{field.name} 有 {field.negative:,} 个负值，最小 {field.low:,.10g}。",
            en=f"{field.name} has {field.negative:,} negative values, "
            f"the lowest {field.low:,.10g}.",
        )
    if field.outliers:
        yield Finding(
            code="values_outlying",
            level="info",
            field=field.name,
            zh=f"{field.name} 有约 {field.outliers:,} 个值离四分位数超过三倍四分位距"
            f"（取值 {field.low:,.10g} 至 {field.high:,.10g}）。",
            en=f"{field.name} has about {field.outliers:,} values more than three interquartile "
            f"ranges outside the quartiles (all values: {field.low:,.10g} to {field.high:,.10g}).",
        )


def _time(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    if report.time.gaps:
        days = sum((last - first).days + 1 for first, last in report.time.gaps)
        first, last = report.time.gaps[0]
        unusual = any(count == 0 for _, count, _ in report.time.drops)
        yield Finding(
            code="days_without_events",
            level="warning" if unusual else "notice",
            zh=f"共有 {days} 天没有事件，最长的一段是 {first} 至 {last}。",
            en=f"{days} days have no events, the longest run being {first} to {last}.",
        )
    sudden = [drop for drop in report.time.drops if drop[1]]
    if sudden:
        day, count, expected = min(sudden, key=lambda drop: drop[1] / drop[2])
        yield Finding(
            code="days_with_sudden_drop",
            level="warning",
            zh=f"{len(sudden)} 天的事件数骤降，最明显的是 {day}：{count:,} 个，"
            f"前后同一星期几的中位数为 {expected:,.0f}。",
            en=f"{len(sudden)} days have suddenly few events, most clearly {day}: {count:,}, where "
            f"the same weekday around it has a median of {expected:,.0f}.",
        )


def _users(report: QualityReport, profile: DataProfile) -> Iterator[Finding]:
    if report.top_users and report.users >= 20:
        name, count = report.top_users[0]
        average = profile.accepted / report.users
        if count > MANY_ROWS_SHARE * profile.accepted and count > MANY_ROWS_TIMES * average:
            part = _percent(count, profile.accepted)
            yield Finding(
                code="user_implausible",
                level="warning",
                zh=f"用户 {name} 占了 {part} 的行（{count:,} 行），可能是占位标识或机器人。",
                en=f"User {name} has {part} of all rows ({count:,}): a placeholder or a robot?",
            )
    yield from _mixed_case(profile)


def _mixed_case(profile: DataProfile) -> Iterator[Finding]:
    if not profile.users.values.exact:
        return
    folded = Counter(str(value).lower() for value in profile.users.values.counts["value"])
    mixed = sum(1 for count in folded.values() if count > 1)
    if mixed:
        yield Finding(
            code="users_differ_by_case",
            level="warning",
            zh=f"{mixed:,} 个用户标识只有大小写不同，会被当作不同的用户。",
            en=f"{mixed:,} user ids differ only by upper and lower case: they count as several "
            f"users.",
        )


def _conversion(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    for code, (level, zh, en) in _NOTES.items():
        count = report.notes.get(code, 0)
        if count:
            yield Finding(code=code, level=level, zh=zh.format(count), en=en.format(count))
    prefix = "event_not_in_map:"
    for note, count in sorted(report.notes.items()):
        if note.startswith(prefix):
            value = note.removeprefix(prefix)
            yield Finding(
                code="event_not_in_map",
                level="warning",
                zh=f"事件列的值 {value} 不在映射中（{count:,} 行），按原值作为事件名。",
                en=f"The event value {value} is not in the map ({count:,} rows); it is the event's "
                f"name as it stands.",
            )


_NOTES: dict[str, tuple[str, str, str]] = {
    "ids_made_whole": (
        "info",
        "{:,} 行的用户标识带小数点（如 266079.0），已按整数存储。",
        "In {:,} rows the user id has a decimal point (266079.0); it is stored as a whole number.",
    ),
    "time_shifted": (
        "notice",
        "{:,} 行的当地时间因夏令时开始而不存在，已顺延。",
        "{:,} local times did not exist because the clocks went forward; they are moved on.",
    ),
    "time_ambiguous": (
        "notice",
        "{:,} 行的当地时间因夏令时结束而出现两次，取较早的一次。",
        "{:,} local times happened twice because the clocks went back; the earlier is taken.",
    ),
    "text_cut": (
        "notice",
        "{:,} 个文本值过长，已截断到 8,192 个字符。",
        "{:,} text values are too long and were cut to 8,192 characters.",
    ),
}


def _encoding(report: QualityReport, _: DataProfile) -> Iterator[Finding]:
    if report.bad_bytes:
        yield Finding(
            code="bytes_invalid",
            level="warning",
            zh=f"{report.bad_bytes:,} 个字节不属于编码 {report.encoding}，已替换为 \ufffd。",
            en=f"{report.bad_bytes:,} bytes are not valid {report.encoding}; each became \ufffd.",
        )
    if report.suspect_characters:
        yield Finding(
            code="encoding_mixed",
            level="warning",
            zh=f"有 {report.suspect_characters:,} 处单词中间出现了标点，文件可能混用了两种编码。",
            en=f"{report.suspect_characters:,} signs stand in the middle of words: the file seems "
            f"to mix two encodings.",
        )


RULES: tuple[Callable[[QualityReport, DataProfile], Iterator[Finding]], ...] = (
    _refused,
    _repeated,
    _missing,
    _shapes,
    _numbers,
    _time,
    _users,
    _conversion,
    _encoding,
)
