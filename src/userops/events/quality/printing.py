"""The quality report as lines of text, for the command line and for logs."""

from __future__ import annotations

from unicodedata import east_asian_width

from userops.events.quality.fieldstats import share
from userops.events.quality.report import FieldReport, QualityReport
from userops.words import Words

_SIGNS = {"warning": "!", "notice": "-", "info": "·"}
_HEADS = (
    Words("列", "Column"),
    Words("缺失", "Missing"),
    Words("不同值", "Distinct"),
    Words("最小", "Lowest"),
    Words("均值", "Mean"),
    Words("最大", "Highest"),
    Words("最多的值", "Most frequent"),
)


def as_lines(report: QualityReport, language: str) -> list[str]:
    """Counts, time covered, columns, top events, findings."""
    return [
        _counts(report).text(language),
        *([_time(report).text(language)] if report.time.first else []),
        *_events(report, language),
        "",
        *_table(report, language),
        "",
        *[f"{_SIGNS[each.level]} {each.words.text(language)}" for each in report.findings],
    ]


def _counts(report: QualityReport) -> Words:
    users = f"{report.users:,}" if report.users_exact else f"~{report.users:,}"
    return Words(
        f"共 {report.rows:,} 行：写入 {report.stored:,}，拒收 {report.refused:,}，"
        f"重复 {report.duplicates:,}；用户 {users} 个。",
        f"{report.rows:,} rows: {report.stored:,} stored, {report.refused:,} refused, "
        f"{report.duplicates:,} duplicates; {users} users.",
    )


def _time(report: QualityReport) -> Words:
    time = report.time
    return Words(
        f"时间：{time.first} 至 {time.last}（UTC），{len(time.days):,} 天有事件。",
        f"Time: {time.first} to {time.last} (UTC), {len(time.days):,} days with events.",
    )


def _events(report: QualityReport, language: str) -> list[str]:
    if not report.events:
        return []
    listed = " · ".join(f"{name} {count:,}" for name, count in report.events[:10])
    return [Words(f"事件：{listed}", f"Events: {listed}").text(language)]


def _table(report: QualityReport, language: str) -> list[str]:
    lines = [[head.text(language) for head in _HEADS], *[_cells(f) for f in report.fields]]
    widths = [max(_width(line[place]) for line in lines) for place in range(len(_HEADS))]
    return [
        "  ".join(
            _padded(cell, width, right=0 < place < len(_HEADS) - 1)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    ]


def _cells(field: FieldReport) -> list[str]:
    top = f"{field.top[0][0][:24]} ({field.top[0][1]:,})" if field.top else ""
    about = "" if field.distinct_exact else "~"
    return [
        field.name[:30],
        f"{share(field.missing, field.rows):.1%}",
        f"{about}{field.distinct:,}",
        _number(field.low),
        _number(field.mean),
        _number(field.high),
        " ".join(top.split()),
    ]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.7g}"


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _padded(text: str, width: int, *, right: bool) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space
