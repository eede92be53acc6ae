"""Whether promises were kept, by whom they were not, why, and how users liked it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from userops.feedback.figures.deadlines import reason_words
from userops.feedback.figures.selecting import NO_TEAM, UNSORTED
from userops.reports.book import Book, Finding, FindingStyle
from userops.reports.judging import each_against_rest
from userops.reports.kinds.feedback import kpis
from userops.reports.outline import Rule
from userops.reports.targets import STATES, TONES
from userops.words import Words


def in_time(book: Book) -> Iterator[Finding]:
    """The KPI: due, kept, target, status."""
    kpi = kpis.on_time(book)
    if kpi is None:
        return
    figure = book["on_time"]
    due = figure.quote("due", f"promises/{kpis.RESOLUTION}/n")
    target = figure.derived("target", kpi.target, "share", due)
    zh, en, side = _side(kpi)
    yield Finding(
        Words(
            f"反馈及时处理率{zh}：到期 {due} 条，按时处理的占 {kpi.value:kn}，95% 区间 {kpi.value:interval}，"
            f"{side}目标 {target}。",
            f"Handling in time {en}: {due} tickets fell due and {kpi.value:kn} were handled in time, 95% "
            f"interval {kpi.value:interval}, against the target of {target}.",
        ),
        tone=TONES[kpi.state],
        weight=3.5,
    )


def _side(kpi: kpis.Kpi) -> tuple[str, str, str]:
    """The status as a clause in both languages, and on which side of the target the value is."""
    state = STATES[kpi.state]
    en = f"has {state.en}" if kpi.state == "too_few" else f"{state.en.partition(' ')[0]} its target"
    en += " (weak evidence)" if kpi.state.endswith("weak") else ""
    above = kpi.measured.value >= kpi.target
    return state.zh, en, "不低于" if above else "低于"


def behind(book: Book) -> Iterator[Finding]:
    """Teams and categories that keep fewer deadlines than the others together, beyond chance (Holm). A category that is
    all that a team is late with (the same tickets kept of as many) is not told a second time."""
    figure = book["on_time"]
    told: set[tuple[int, int]] = set()
    for by in ("team", "category"):
        lines = {
            str(at): each
            for at, each in enumerate(figure.result["groups"])
            if each["by"] == by and each["n"]
        }
        if len(lines) < 2:
            continue
        apart = each_against_rest({at: (each["k"], each["n"]) for at, each in lines.items()})
        late = [each for each in apart if each.sure and each.difference < 0]
        if late:
            worst = min(late, key=lambda each: each.difference)
            line = lines[worst.key]
            if (line["k"], line["n"]) not in told:
                yield from _behind(book, by, worst, line)
            told.add((line["k"], line["n"]))


def _behind(book: Book, by: str, worst: Any, line: dict[str, Any]) -> Iterator[Finding]:
    figure, under = book["on_time"], f"groups/{worst.key}"
    words = _group(by, line["name"])
    name = figure.quote(f"{by}_name", f"{under}/name", "text", words=words)
    k, n = figure.quote(f"{by}_kept", f"{under}/k"), figure.quote(f"{by}_due", f"{under}/n")
    rate = figure.derived(f"{by}_rate", k.value / n.value, "share", k, n, k=k.value, n=n.value)
    rest = figure.derived(
        f"{by}_rest", worst.rest_k / worst.rest_n, "share", k, n, k=worst.rest_k, n=worst.rest_n
    )
    apart = figure.derived(
        f"{by}_apart", worst.difference, "points", rate, rest, low=worst.low, high=worst.high
    )
    zh, en = ("团队", "The team") if by == "team" else ("分类", "The category")
    yield Finding(
        Words(
            f"{zh}“{name}”按时率 {rate:kn}，低于其余的 {rest:kn}，相差 {apart:size}（95% 区间 {apart:span}）。",
            f"{en} “{name}” handled {rate:kn} in time, {apart:size} less than the others with {rest:kn} (95% interval "
            f"{apart:span}).",
        ),
        key=by,
        tone="bad",
        weight=3.0,
    )
    yield Finding(
        Words(
            f"与“{name}”的负责人核对排班、转交规则和时限，先清掉已超时的工单；以其按时率达到目标验收，"
            f"现为 {rate:kn}。",
            f"Go through shifts, hand-over and deadlines with who is in charge of “{name}”, and clear what is overdue "
            f"first; accepted when its share in time, now {rate:kn}, reaches the target.",
        ),
        style="action",
        chapter="advice",
        key=f"catch_up_{by}",
        weight=3.0,
    )


def _group(by: str, name: str) -> Words:
    if name:
        return Words(name, name)
    return NO_TEAM if by == "team" else UNSORTED


def reasons(book: Book) -> Iterator[Finding]:
    """What most of the overdue have in common."""
    figure = book["overdue"]
    if not figure.result["missed"]:
        return
    missed, n = figure.quote("missed", "missed"), figure.quote("most", "reasons/0/n")
    reason = figure.quote(
        "reason",
        "reasons/0/reason",
        "text",
        words=reason_words(figure.result["reasons"][0]["reason"]),
    )
    yield Finding(
        Words(
            f"超时 {missed} 项（首次答复、再次答复与解决的时限各计一项）中，{n} 项是“{reason}”，为各情形中最多。",
            f"Of {missed} deadlines missed (first reply, next replies and solution each count) {n} have in "
            f"common: “{reason}”, more than any other.",
        ),
        style="body",
    )


def satisfied(book: Book) -> Iterator[Finding]:
    """The KPI of satisfaction, with how many answered."""
    kpi = kpis.satisfaction(book)
    if kpi is None:
        return
    figure = book["satisfaction"]
    n = figure.quote("n", "n")
    response = figure.quote("response", "response", "share", k="n", n="asked")
    target = figure.derived("target", kpi.target, "number", n)
    zh, en, side = _side(kpi)
    style: FindingStyle = "body" if kpi.measured.low is None else "finding"
    zh_between = f"，95% 区间 {kpi.value:interval}" if style == "finding" else ""
    en_between = f", 95% interval {kpi.value:interval}" if style == "finding" else ""
    yield Finding(
        Words(
            f"处理满意度{zh}：{kpi.value}，{side}目标 {target}；{n} 份评价，回复率 {response:kn}{zh_between}。",
            f"Satisfaction {en}: {kpi.value} from {n} ratings, against the target of {target}; response rate "
            f"{response:kn}{en_between}.",
        ),
        style=style,
        tone=TONES[kpi.state],
        weight=3.4,
    )


RULES = (
    Rule("due", in_time, ("on_time",)),
    Rule("due", behind, ("on_time",)),
    Rule("due", reasons, ("overdue",)),
    Rule("due", satisfied, ("satisfaction",)),
)
