"""What users do: the main funnel, coming and going, rhythm, sessions, early habits of those who stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from statistics import fmean, stdev
from typing import Any

from userops.query.durations import span_ms
from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import against, excludes_zero
from userops.reports.kinds.user_analysis.tabulating import days_of_weekdays
from userops.reports.outline import Rule
from userops.words import Words


def funnel(book: Book) -> Iterator[Finding]:
    """The whole conversion, and the step at which most are lost."""
    figure, subject = book["funnel"], book.subject
    steps = figure.result["steps"]
    last = len(steps) - 1
    if not steps[0]["users"]:
        return
    rate = figure.quote(
        "conversion", f"steps/{last}/rate_from_first", "share", k=f"steps/{last}/users", n="steps/0/users",
        interval=f"steps/{last}/interval",
    )  # fmt: skip
    first, end = subject.label(subject.funnel[0]), subject.label(subject.funnel[-1])
    assert figure.answer is not None
    hours = span_ms(figure.answer.document.as_json()["window"]) // span_ms("1h")
    yield Finding(
        Words(
            f"{hours} 小时内从“{first.zh}”到“{end.zh}”的转化为 {rate:kn}，95% 区间 {rate:interval}。",
            f"{rate:kn} of those who did “{first.en}” went on to “{end.en}” within {hours} hours, 95% interval "
            f"{rate:interval}.",
        ),
        style="body",
    )
    if last < 2:
        return
    worst = min(range(1, last + 1), key=lambda at: steps[at]["rate_from_previous"] or 0)
    best = max(range(1, last + 1), key=lambda at: steps[at]["rate_from_previous"] or 0)
    yield from _weakest(figure, book, worst, best)


def _step(figure: Frozen, at: int) -> str:
    return format(
        figure.quote(
            f"step_{at}", f"steps/{at}/rate_from_previous", "share", k=f"steps/{at}/users",
            n=f"steps/{at - 1}/users", interval=f"steps/{at}/interval_from_previous",
        ),
        "kn",
    )  # fmt: skip


def _weakest(figure: Frozen, book: Book, worst: int, best: int) -> Iterator[Finding]:
    names = [book.subject.label(each) for each in book.subject.funnel]
    weak, strong = _step(figure, worst), _step(figure, best)
    lost = figure.quote("lost", f"steps/{worst}/dropped")
    before, after = names[worst - 1], names[worst]
    yield Finding(
        Words(
            f"漏斗最弱的一步是“{before.zh}”到“{after.zh}”：只有 {weak} 走到下一步，{lost} 人在此流失；"
            f"最强的一步“{names[best - 1].zh}”到“{names[best].zh}”为 {strong}。",
            f"The weakest step of the funnel is from “{before.en}” to “{after.en}”: only {weak} go on and {lost} are "
            f"lost; the strongest, “{names[best - 1].en}” to “{names[best].en}”, keeps {strong}.",
        ),
        key="weakest",
        tone="bad",
        weight=2.8,
    )
    yield Finding(
        Words(
            f"在“{before.zh}”到“{after.zh}”之间做一次可用性走查和 A/B 测试，以这一步的转化率提高验收，现为 {weak}。",
            f"Walk through the step from “{before.en}” to “{after.en}” with users and run an A/B test on it; it is "
            f"judged by the conversion of this step, now {weak}.",
        ),
        style="action",
        chapter="advice",
        key="fix_weakest",
        weight=2.8,
    )


def funnel_change(book: Book) -> Iterator[Finding]:
    """The conversion against that of the period before."""
    # who has longer has more chances: only whole periods compare
    if not book.subject.before_is_whole or not book.subject.finished:
        return
    now, before = book["funnel"], book["funnel_before"]
    last = len(now.result["steps"]) - 1
    place = f"steps/{last}/rate_from_first"
    if now.at(place) is None or before.at(place) is None:
        return
    rate = now.quote("conversion", place, "share", k=f"steps/{last}/users", n="steps/0/users")
    was = before.quote("conversion", place, "share", k=f"steps/{last}/users", n="steps/0/users")
    k = (now.at(f"steps/{last}/users"), before.at(f"steps/{last}/users"))
    n = (now.at("steps/0/users"), before.at("steps/0/users"))
    gap = against(now, "gap_before", rate, was, k=k, n=n)
    if gap is None or not excludes_zero(now.values["gap_before"]):
        return
    zh, en = ("升到", "rose") if gap.value > 0 else ("降到", "fell")
    yield Finding(
        Words(
            f"整体转化由上期的 {was:kn} {zh} {rate:kn}（{gap}，95% 区间 {gap:span}）。",
            f"The whole conversion {en} from {was:kn} in the period before to {rate:kn} ({gap}, 95% interval "
            f"{gap:span}).",
        ),
        tone="good" if gap.value > 0 else "bad",
        weight=3 + abs(gap.value),
    )


def coming_and_going(book: Book) -> Iterator[Finding]:
    """New, returning, brought back and gone, on average of the finished periods."""
    figure = book["lifecycle"]
    if figure.result["average"]["active"] in (None, 0):
        return
    new, back = (
        figure.quote("new", "average/new", "number"),
        figure.quote("back", "average/resurrected", "number"),
    )
    stay, gone = (
        figure.quote("stay", "average/returning", "number"),
        figure.quote("gone", "average/dormant", "number"),
    )
    assert figure.answer is not None
    zh, en = _UNITS[figure.answer.document.as_json()["unit"]]
    zh_trend, en_trend, tone = _base(figure, zh, en)
    yield Finding(
        Words(
            f"平均每{zh}有 {stay:round} 人留存、{new:round} 人新增、{back:round} 人回流，{gone:round} 人流失"
            f"{zh_trend}。",
            f"In an average {en}, {stay:round} users stayed, {new:round} were new, {back:round} came back and "
            f"{gone:round} were lost{en_trend}.",
        ),
        tone=tone,
        style="body",
    )


def _base(figure: Frozen, zh: str, en: str) -> tuple[str, str, str]:
    """Whether more come than leave, where that is more than how much the finished periods vary; nothing of few."""
    net = [
        each["new"] + each["resurrected"] - each["dormant"]
        for each in figure.result["points"]
        if not each["unfinished"]
    ]
    if len(net) < LEAST_PERIODS:
        return "", "", ""
    if abs(fmean(net)) < 2 * stdev(net) / len(net) ** 0.5:
        return (
            f"；来的与走的之差不超出各{zh}之间的波动，看不出活跃规模的增减",
            f": those who came and those who left differ no more than {en}s do, so no growth or decline can be told",
            "",
        )
    if fmean(net) > 0:
        return (
            "；来的比走的多，活跃规模在扩大",
            ": more came than left, the active base is growing",
            "",
        )
    return (
        "；来的比走的少，活跃规模在缩小",
        ": fewer came than left, the active base is shrinking",
        "bad",
    )


LEAST_PERIODS = 4


_UNITS = {
    "day": ("天", "day"),
    "week": ("周", "week"),
    "month": ("月", "month"),
    "quarter": ("季度", "quarter"),
    "year": ("年", "year"),
}
_WEEKDAYS = {
    "1": Words("周一", "Mondays"), "2": Words("周二", "Tuesdays"), "3": Words("周三", "Wednesdays"),
    "4": Words("周四", "Thursdays"), "5": Words("周五", "Fridays"), "6": Words("周六", "Saturdays"),
    "7": Words("周日", "Sundays"),
}  # fmt: skip
_HOURS = {f"{hour:02d}": Words(f"{hour} 点", f"{hour}:00") for hour in range(24)}


def rhythm(book: Book) -> Iterator[Finding]:
    """The hour in which most come, and that in which fewest do: of people, as one machine makes many events."""
    figure = book["hours"]
    lines = [
        (place, line) for place, line in enumerate(figure.result["series"])
        if line["index"] == 0 and line["total"] and next(iter(line["breakdown"].values())) in _HOURS
    ]  # fmt: skip
    if len(lines) < 12:
        return
    lines.sort(key=lambda each: next(iter(each[1]["breakdown"].values())))
    high = [each for each in lines if each[1]["total"] == max(e["total"] for _, e in lines)]
    low = [each for each in lines if each[1]["total"] == min(e["total"] for _, e in lines)]
    if len(high) + len(low) > MOST_HOURS:
        return
    hours = _hours(figure, "peak", high)
    most = figure.quote("most", f"series/{high[0][0]}/total")
    alike = Words("各 ", "each ") if len(high) > 1 else Words("", "")
    begins = "hours that begin" if len(high) > 1 else "hour that begins"
    if len(lines) == len(_HOURS):
        quiet = _hours(figure, "quiet", low)
        least = figure.quote("least", f"series/{low[0][0]}/total")
        each = Words("各 ", "each ") if len(low) > 1 else Words("", "")
        fewest = Words(
            f"{quiet.zh.strip()}最少（{each.zh}{least} 人）",
            f"fewest at {quiet.en} ({each.en}{least})",
        )
    else:
        empty = figure.derived("empty", len(_HOURS) - len(lines), "whole", most)
        fewest = Words(f"有 {empty} 个小时没有人来", f"nobody in {empty} hours of the day")
    yield Finding(
        Words(
            f"一天中{hours.zh}来的人最多（本期{alike.zh or ' '}{most} 人），{fewest.zh}；推送与客服排班可据此安排。",
            f"Most users come in the {begins} at {hours.en} ({alike.en}{most} in the period), {fewest.en}: "
            "plan pushes and support shifts accordingly.",
        ),
        style="body",
    )


MOST_HOURS = 6
"""Of more that are the most or fewest alike, the day has no rhythm to tell of."""


def _hours(figure: Frozen, name: str, lines: list[tuple[int, dict[str, Any]]]) -> Words:
    """Those of lines, in order."""
    names = [
        figure.named(f"{name}_{at}" if at else name, f"series/{place}/breakdown/$hour", _HOURS)
        for at, (place, _) in enumerate(lines)
    ]
    told = [str(each) for each in names]
    en = " and ".join(filter(None, [", ".join(told[:-1]), told[-1]]))
    return Words(f" {'、'.join(told)}", en)


def weekdays(book: Book) -> Iterator[Finding]:
    """The busiest weekday, by the events of an average day: a month has more of some weekdays than of others."""
    figure = book["weekdays"]
    lines = [
        (place, line) for place, line in enumerate(figure.result["series"])
        if line["index"] == 1 and next(iter(line["breakdown"].values())) in _WEEKDAYS
    ]  # fmt: skip
    days = days_of_weekdays(book.subject)
    if len(lines) < 7 or len(days) < 7 or book.subject.period.days < 28:
        return
    daily = {place: line["total"] / days[line["breakdown"]["$weekday"]] for place, line in lines}
    high, low = (pick(lines, key=lambda each: daily[each[0]]) for pick in (max, min))
    day = figure.named("peak", f"series/{high[0]}/breakdown/$weekday", _WEEKDAYS)
    quiet = figure.named("quiet", f"series/{low[0]}/breakdown/$weekday", _WEEKDAYS)
    most, least = (
        figure.derived(
            name, round(daily[place]), "whole", figure.quote(f"{name}_all", f"series/{place}/total")
        )
        for name, (place, _) in (("most", high), ("least", low))
    )
    yield Finding(
        Words(
            f"一周中{day}事件最多，平均每天 {most} 个；{quiet}最少，平均每天 {least} 个。",
            f"{day} have the most events, {most} a day; {quiet} the fewest, {least} a day.",
        ),
        style="body",
    )


def visits(book: Book) -> Iterator[Finding]:
    """How many sessions, how long, how deep."""
    figure = book["sessions"]
    if not figure.result["sessions"]:
        return
    count, each = (
        figure.quote("sessions", "sessions"),
        figure.quote("per_user", "per_user", "number"),
    )
    length, depth = (
        figure.quote("length", "median_seconds", "seconds"),
        figure.quote("depth", "depth", "number"),
    )
    zh, en = f"时长中位数 {length}", f"the median lasts {length}"
    if not length.value:
        zh, en = (
            "半数以上的会话起止在同一时刻",
            "more than half of them begin and end in the same moment",
        )
    yield Finding(
        Words(
            f"共 {count} 次会话，人均 {each} 次；{zh}，平均每次 {depth} 个事件。",
            f"{count} sessions, {each} per user; {en}, with {depth} events on average.",
        ),
        style="body",
    )


def stickiness(book: Book) -> Iterator[Finding]:
    """On how many days an average user comes."""
    figure = book["stickiness"]
    if figure.result["average"] is None:
        return
    average = figure.quote("average", "average", "number")
    assert figure.answer is not None
    zh, en = _UNITS[figure.answer.document.as_json()["unit"]]
    sticky = _sticky(figure, book)
    yield Finding(
        Words(
            f"本期活跃用户平均来了 {average} {'个' if zh in ('月', '季度') else ''}{zh}{sticky.zh}。",
            f"An active user came on {average} {en}s on average{sticky.en}.",
        ),
        style="body",
        claim="correlation",
    )


def _sticky(figure: Frozen, book: Book) -> Words:
    """DAU/MAU, where the month before the first day is known: less of it makes the users of a month too few."""
    first, subject = book.subject.first_day, book.subject
    whole = first is not None and first <= subject.period.first - timedelta(days=MONTH - 1)
    if not whole or figure.result["ratio"]["dau_mau"] is None:
        return Words("", "")
    ratio = figure.quote("ratio", "ratio/dau_mau", "share")
    return Words(
        f"；DAU/MAU 为 {ratio}（各日 DAU 之和 ÷ 各日近 30 天活跃用户之和）",
        f"; DAU/MAU is {ratio} (daily users over those of the 30 days up to each day, both summed over days)",
    )


MONTH = 30


def early_habits(book: Book) -> Iterator[Finding]:
    """The early behaviour that goes along most with staying: never called a cause."""
    figure = book["early_habits"]
    for place, each in enumerate(figure.result["candidates"]):
        telling = each["kind"] == "event" and each["significant"] and each["difference"] > 0
        if telling and each["name"] != book.subject.role("visit"):
            yield _habit(figure, book, place, each["name"])
            return


def _habit(figure: Frozen, book: Book, place: int, event: str) -> Finding:
    at = f"candidates/{place}"
    did = figure.quote(
        "did",
        f"{at}/did_rate",
        "share",
        k=f"{at}/did_reached",
        n=f"{at}/did",
        interval=f"{at}/did_interval",
    )
    did_not = figure.quote(
        "did_not",
        f"{at}/not_rate",
        "share",
        k=f"{at}/not_reached",
        n=f"{at}/not",
        interval=f"{at}/not_interval",
    )
    gap = figure.quote("gap", f"{at}/difference", "points", interval=f"{at}/difference_interval")
    times, name = figure.quote("times", f"{at}/times"), book.subject.label(event)
    often = "at least once" if times.value == 1 else f"at least {times} times"
    return Finding(
        Words(
            f"首周“{name.zh}”至少 {times} 次的新用户，第二周有 {did:kn} 回来，其余为 {did_not:kn}，高 {gap:size}"
            f"（95% 区间 {gap:span}）。这是相关，不是因果；值得用实验验证。",
            f"Of new users who did “{name.en}” {often} in their first week, {did:kn} came back in the "
            f"second, against {did_not:kn} of the others, {gap:size} more (95% interval {gap:span}). This is "
            "correlation, not cause: worth an experiment.",
        ),
        weight=2.2,
    )


RULES = (
    Rule("behaviour", funnel, ("funnel",)),
    Rule("behaviour", funnel_change, ("funnel", "funnel_before")),
    Rule("behaviour", coming_and_going, ("lifecycle",)),
    Rule("behaviour", rhythm, ("hours",)),
    Rule("behaviour", weekdays, ("weekdays",)),
    Rule("behaviour", visits, ("sessions",)),
    Rule("behaviour", stickiness, ("stickiness",)),
    Rule("behaviour", early_habits, ("early_habits",)),
)
