"""The exact definition of needs in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.needs.document import Needs
from userops.query.durations import duration_words
from userops.query.filters import describe_filters
from userops.query.naming import event_shown, shown
from userops.words import Words


def describe(document: Needs) -> Words:
    dates, window = document.range.describe(), duration_words(document.window)
    group = describe_filters(document.group)
    who = (
        Words(f"满足{group.zh}的用户", f"people with {group.en}")
        if document.group
        else Words("全体用户", "everyone")
    )
    days = document.stayed_days
    steps = _events(document.steps, " → ", Words("主流程", "the main funnel"))
    failures = _events(document.failures, "、", Words("失败事件", "events of failure"))
    parts = [
        Words(
            f"{dates.zh} 内{who.zh}想要而没有得到的",
            f"What {who.en} wanted in {dates.en} and did not get",
        ),
        _search(document),
        Words(
            f"流程退出为在{steps.zh}中到达一步、{window.zh}内没有到达下一步的人，占比以到达者为分母",
            f"exits are people who got to a step of {steps.en} and not to the next one within {window.en} of the "
            "first, as a share of those who got there",
        ),
        Words(
            f"反复失败（{failures.zh}）按原因统计人数，占比以活跃用户为分母",
            f"failures ({failures.en}) by reason, as a share of those active",
        ),
        Words(
            f"功能未用上：留存的人（{2 * days} 天前已有、最近 {days} 天仍在）使用、而这群人中其余的人没有使用，"
            "使用率相差至少 5 个百分点，主流程各步、失败以及更新、注册、登录、点推送不算功能；相关不等于因果",
            f"features not used: used by those who stayed (there {2 * days} days ago and in the last {days} days), at "
            "least 5 points more than by the rest of the group; steps of the funnel, failures, updates, registrations, "
            "log-ins and opened pushes are no features; what goes together need not be the cause",
        ),
        Words(
            f"至少 {document.min_support} 人才列出；占比的 95% 区间为 Wilson 法；与其他人的比较用 Benjamini–Hochberg "
            "法校正",
            f"told from {document.min_support} people on; 95% intervals by Wilson; comparisons with others are "
            "corrected by Benjamini–Hochberg",
        ),
    ]
    if document.filters:
        condition = describe_filters(document.filters)
        parts.append(Words(f"只看满足{condition.zh}的事件", f"only events with {condition.en}"))
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")


def _events(names: tuple[str, ...], between: str, found: Words) -> Words:
    """Those that the document names, or what the data tell of."""
    if not names:
        return Words(f"由数据找出的{found.zh}", f"{found.en} as found in the data")
    each = [f"“{event_shown(name).zh}”" for name in names]
    return Words(between.join(each), between.replace("、", ", ").join(each))


def _search(document: Needs) -> Words:
    search = document.search
    if search is None:
        zh, en = "由数据找出的搜索事件", "the search as found in the data"
    else:
        names = search.event if isinstance(search.event, tuple) else (search.event,)
        events = [event_shown(name).zh for name in names]
        word, results = shown(search.word, "event"), shown(search.results, "event")
        zh = f"“{'、'.join(events)}”，搜索词“{word.zh}”、结果数“{results.zh}”"
        en = f"“{', '.join(events)}”, its word “{word.en}”, its results “{results.en}”"
    return Words(
        f"搜索无结果（{zh}）按搜索词统计人数，占比以搜索过的人为分母",
        f"searches without result ({en}) by word, as a share of those who searched",
    )
