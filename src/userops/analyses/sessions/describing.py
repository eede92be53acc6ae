"""The exact definition of sessions in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.sessions.document import Sessions
from userops.query.comparison import describe_comparison
from userops.query.dates import UNIT_WORDS
from userops.words import Words


def describe(document: Sessions) -> Words:
    parts = [
        _session(document),
        _range(document),
        _figures(document),
        *_groups(document),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分",
            "users are persons after merging; days are those of the product's time zone",
        ),
    ]
    return Words(
        "；".join(part.zh for part in parts) + "。", "; ".join(part.en for part in parts) + "."
    )


def _session(document: Sessions) -> Words:
    step, minutes = document.step().describe(), document.timeout
    plural = "" if minutes == 1 else "s"
    gap = Words(
        f"相邻事件间隔不超过 {minutes} 分钟", f"events at most {minutes} minute{plural} apart"
    )
    if document.split == "gap":
        return Words(
            f"会话由同一用户发生的{step.zh}组成，{gap.zh}（不看会话 ID）",
            f"A session is a user's {step.en}, {gap.en}, whatever their session ids",
        )
    return Words(
        f"会话由同一用户发生的{step.zh}组成，按会话 ID 划分，没有 ID 时{gap.zh}",
        f"A session is a user's {step.en} with one session id, or, without an id, {gap.en}",
    )


def _range(document: Sessions) -> Words:
    dates, unit = document.range.describe(), UNIT_WORDS[document.unit]
    by = Words("", "")
    if document.view == "figures":
        by = Words(f"，按{unit.zh}统计", f", by {unit.en}")
    return Words(
        f"统计在 {dates.zh} 内开始的会话{by.zh}，连同其在范围之后 24 小时内的事件；范围之前 24 小时内"
        "已开始的会话不计入",
        f"sessions that begin in {dates.en}{by.en} count, with their events up to 24 hours after it; one that "
        "had begun in the 24 hours before does not",
    )


def _figures(document: Sessions) -> Words:
    most = document.bounce_events
    bounce = (
        Words("只有 1 个事件", "one event")
        if most == 1
        else Words(f"至多 {most} 个事件", f"at most {most} events")
    )
    return Words(
        f"时长 = 最后一个事件与第一个事件的时间差，深度 = 事件数，跳出 = {bounce.zh}；仍可能继续的会话（最后"
        f"一个事件距今不超过 {document.timeout} 分钟）计入会话数与用户数，不计入时长、深度与跳出率",
        f"length = time from the first to the last event, depth = number of events, bounced = {bounce.en}; a "
        f"session that may still go on (last event at most {document.timeout} minutes ago) counts as a session, "
        "but not for length, depth and bounce rate",
    )


def _groups(document: Sessions) -> list[Words]:
    largest, rest = Words("会话数最多", "number of sessions"), Words("", "together")
    parts = describe_breakdown(document.breakdown, document.limit, largest, rest)
    if document.breakdown:
        parts.append(
            Words(
                "事件属性取自会话的第一个事件",
                "event properties are those of the session's first event",
            )
        )
    if document.at_places:
        where = {"entry": Words("第一个", "first"), "exit": Words("最后一个", "last")}[
            document.view
        ]
        what = {"page": Words("页面", "page"), "event": Words("名称", "name")}[document.place]
        parts.append(
            Words(
                f"按会话{where.zh}事件的{what.zh}区分，取会话数最多的前 {document.limit} 个，其余合并为“其他”",
                f"by the {what.en} of the session's {where.en} event: the {document.limit} with the most "
                "sessions, the rest together as “others”",
            )
        )
    if document.compare is not None:
        parts.append(describe_comparison(document.range, document.unit, document.compare))
    return parts
