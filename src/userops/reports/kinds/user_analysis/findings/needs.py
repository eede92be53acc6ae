"""What users look for and do not find, and what they say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from userops.analyses.meaning import NO_FEATURES
from userops.reports.book import Book, Finding
from userops.reports.kinds.user_analysis.tables import lines_of
from userops.reports.outline import Rule
from userops.reports.subject import Subject
from userops.words import Words

LEAST = 20
"""Users who must have searched for it in vain."""
NAMED = 5


def searched_in_vain(book: Book) -> Iterator[Finding]:
    """The keywords that most users searched for without any result."""
    figure, all_searches = book["empty_searches"], book["searches"]
    lines = [
        (pointer, line) for value, (pointer, line) in lines_of(figure).items()
        if value not in ("", "$others") and line["total"] >= LEAST
    ]  # fmt: skip
    if not lines:
        return
    series = all_searches.result["series"]
    tried, vain = (
        all_searches.quote("searches", "series/0/total"),
        all_searches.quote("vain", "series/1/total"),
    )
    share = all_searches.derived(
        "share", series[1]["total"] / series[0]["total"], "share", vain, tried,
        k=series[1]["total"], n=series[0]["total"],
    )  # fmt: skip
    rest = all_searches.derived("rest", 1 - share.value, "share", share)
    lines.sort(key=lambda each: each[1]["total"], reverse=True)
    names, counts = [], []
    for number, (pointer, _) in enumerate(lines[:NAMED]):
        names.append(figure.named(f"keyword_{number}", f"{pointer}/breakdown/keyword"))
        counts.append(figure.quote(f"users_{number}", f"{pointer}/total"))
    zh = "、".join(f"“{name}”（{count} 人）" for name, count in zip(names, counts, strict=True))
    en = ", ".join(f"“{name}” ({count} users)" for name, count in zip(names, counts, strict=True))
    yield Finding(
        Words(
            f"搜索无结果占 {share:kn}，最多人搜而不得的是{zh}；相比之下，其余 {rest} 的搜索都有结果。",
            f"{share:kn} of searches found nothing; most users looked in vain for {en}. The other "
            f"{rest} of searches did find something.",
        ),
        weight=3.2,
    )
    yield Finding(
        Words(
            f"与采购和搜索团队逐个决定{zh}是上架、做替代推荐还是说明不提供；以无结果搜索占比下降验收，现为 "
            f"{share:kn}。",
            f"Decide with purchasing and search for each of {en}: stock it, offer an alternative, or say that it is "
            "not "
            f"sold; judged by the share of searches without result, now {share:kn}.",
        ),
        style="action",
        chapter="advice",
        key="meet_needs",
        weight=3.2,
    )


def recommendation(book: Book) -> Iterator[Finding]:
    """NPS, with its counts."""
    figure = book["recommend"]
    series = figure.result["series"]
    if not series[2]["total"] or series[3]["total"] is None:
        return
    for_it, against_it = (
        figure.quote("promoters", "series/0/total"),
        figure.quote("detractors", "series/1/total"),
    )
    answers, nps = (
        figure.quote("answers", "series/2/total"),
        figure.quote("nps", "series/3/total", "number"),
    )
    few = answers.value < 30
    surveyed = (
        Words(
            "；分群矩阵里的 NPS 来自问卷，问的人不同，两者不可直接比较",
            "; the NPS in the segment matrix comes from surveys of other users: the two cannot be compared",
        )
        if "nps_by_segment" in book
        else Words("", "")
    )
    zh = "数据不足，仅供参考：" if few else ""
    en = "Too few answers to conclude: " if few else ""
    yield Finding(
        Words(
            f"{zh}按产品内的评分事件，推荐度 NPS 为 {nps:round}（{answers} 份回答：推荐者 {for_it}，"
            f"贬损者 {against_it}）{surveyed.zh}。",
            f"{en}By ratings given in the product NPS is {nps:round} ({answers} answers: {for_it} promoters, "
            f"{against_it} detractors){surveyed.en}.",
        ),
        style="body",
        tone="weak" if few else "",
    )


def complaints(book: Book) -> Iterator[Finding]:
    """What most feedback is about."""
    figure = book["complaints"]
    lines = [
        (p, line) for value, (p, line) in lines_of(figure).items() if value not in ("", "$others")
    ]
    if len(lines) < 2:
        return
    lines.sort(key=lambda each: each[1]["total"], reverse=True)
    names = [
        figure.named(f"topic_{n}", f"{p}/breakdown/topic") for n, (p, _) in enumerate(lines[:2])
    ]
    counts = [figure.quote(f"count_{n}", f"{p}/total") for n, (p, _) in enumerate(lines[:2])]
    yield Finding(
        Words(
            f"反馈最多的主题是“{names[0]}”（{counts[0]} 条），其次是“{names[1]}”（{counts[1]} 条）。",
            f"The most frequent topic of feedback is “{names[0]}” ({counts[0]}), followed by "
            f"“{names[1]}” ({counts[1]}).",
        ),
        style="body",
    )


def unmet(book: Book) -> Iterator[Finding]:
    """Of exits, failures and gaps: the one that sets most people apart; searches have words of their own."""
    figure = book["needs"]
    for kind, words in _SAID.items():
        found = [
            (at, each) for at, each in enumerate(figure.result["needs"])
            if each["kind"] == kind and each["whole"] and each["users"] >= LEAST
            and (kind != "gap" or _is_feature(each, book.subject))
        ]  # fmt: skip
        if not found:
            continue
        at, need = max(found, key=lambda each: _weight(each[1]))
        under = f"needs/{at}"
        name = figure.quote(
            f"{kind}_name", f"{under}/name", "text", words=_called(need, book.subject)
        )
        share = figure.quote(
            f"{kind}_share", f"{under}/share", "share", k=f"{under}/users", n=f"{under}/whole",
            interval=f"{under}/interval",
        )  # fmt: skip
        values = {"name": name, "share": f"{share:kn}", "between": f"{share:interval}"}
        if need["rest_kn"]:
            rest = figure.quote(
                f"{kind}_rest",
                f"{under}/rest",
                "share",
                k=f"{under}/rest_kn/0",
                n=f"{under}/rest_kn/1",
            )
            values["rest"] = f"{rest:kn}"
        yield Finding(
            Words(words.zh.format(**values), words.en.format(**values)), style="body", key=kind
        )


def _is_feature(need: Mapping[str, Any], subject: Subject) -> bool:
    """Visits, searches and purchases are told elsewhere."""
    return need["name"] not in {*subject.roles.values(), *subject.funnel, *NO_FEATURES}


def _weight(need: Mapping[str, Any]) -> float:
    """Of a gap how far those who stayed are from it; of the others how many met it."""
    apart: float = need["share"] - (need["rest"] or 0) if need["kind"] == "gap" else need["users"]
    return apart


_SAID: Mapping[str, Words] = {
    "exit": Words(
        "按人数看，流程退出最多的是 {name}：到了前一步的人里 {share} 没有走到后一步（95% 区间 {between}）。",
        "By number of people, most drop out from {name}: of those who got to the first step {share} did not reach the "
        "next one (95% interval {between}).",
    ),
    "failure": Words(
        "遇到最多的失败是“{name}”：活跃用户中 {share} 遇到过（95% 区间 {between}）。",
        "The failure that most users met is “{name}”: {share} of active users (95% interval {between}).",
    ),
    "gap": Words(
        "留下来的人与没留下来的人差得最多的功能是“{name}”：没留下来的人里 {share} 没用过（95% 区间 {between}），"
        "留下来的人里为 {rest}；这是伴随关系，不是原因。",
        "What sets those who stayed apart most is “{name}”: {share} of those who did not stay never used it (95% "
        "interval {between}), against {rest} of those who stayed. This is correlation, not cause.",
    ),
}


def _called(need: Mapping[str, Any], subject: Subject) -> Words:
    """What a need is called, by the display names of events."""
    name, more = subject.label(str(need["name"])), str(need["more"] or "")
    if need["kind"] == "exit":
        after = subject.label(more)
        return Words(f"“{name.zh}”到“{after.zh}”", f"“{name.en}” to “{after.en}”")
    return Words(f"{name.zh}：{more}", f"{name.en}: {more}") if more else name


RULES = (
    Rule("churn", unmet, ("needs",)),
    Rule("churn", searched_in_vain, ("empty_searches", "searches")),
    Rule("churn", recommendation, ("recommend",)),
    Rule("churn", complaints, ("complaints",)),
)
