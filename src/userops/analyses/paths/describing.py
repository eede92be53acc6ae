"""The exact definition of paths in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.paths.document import PathsDocument
from userops.query.durations import duration_words
from userops.query.filters import describe_filters
from userops.query.naming import shown
from userops.query.steps import EventStep
from userops.words import Words

_COLLAPSE: dict[str, Words] = {
    "repeats": Words(
        "同一节点连续重复只算一步（取第一次的时间）",
        "a node repeated in a row is one step (at its first time)",
    ),
    "loops": Words(
        "回到已经过的节点时，中间绕的圈略去",
        "where a path comes back to a node, the loop between is left out",
    ),
    "none": Words("重复与回路都保留", "repeats and loops are kept"),
}


def describe(document: PathsDocument) -> Words:
    dates = document.range.describe()
    nodes = _nodes(document)
    parts = [
        Words(f"路径的{nodes.zh}，日期 {dates.zh}", f"The {nodes.en}, {dates.en}"),
        _extent(document),
        _within(document),
        _COLLAPSE[document.collapse],
        _shown(document),
        Words(
            "同一毫秒的事件按节点名称排序；用户按合并后的个人计算",
            "events of one millisecond stand in the order of their nodes' names; users are persons "
            "after merging",
        ),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")


def _joined(steps: tuple[EventStep, ...]) -> Words:
    each = [step.describe() for step in steps]
    return Words("、".join(w.zh for w in each), ", ".join(w.en for w in each))


def _nodes(document: PathsDocument) -> Words:
    named = []
    for node in document.events:
        words = node.describe()
        if node.property:
            name = shown(node.property, "event")
            words = Words(f"{words.zh}的“{name.zh}”", f"“{name.en}” of {words.en}")
        named.append(words)
    zh, en = "、".join(w.zh for w in named), ", ".join(w.en for w in named)
    if document.exclude:
        out = _joined(document.exclude)
        zh, en = f"{zh}（不含{out.zh}）", f"{en} (without {out.en})"
    if document.filters:
        condition = describe_filters(document.filters)
        zh, en = f"{zh}，满足{condition.zh}", f"{en}, where {condition.en}"
    return Words(f"节点为{zh}", f"nodes of a path are {en}")


def _extent(document: PathsDocument) -> Words:
    session = document.within == "session"
    start = document.start.describe() if document.start else None
    end = document.end.describe() if document.end else None
    if start and end:
        return Words(
            f"路径从首个{start.zh}到其后首个{end.zh}，未到达的不计",
            f"a path goes from the first {start.en} to the first {end.en} after it; those that do not "
            "arrive are left out",
        )
    if start:
        return Words(f"路径从首个{start.zh}开始", f"a path begins at the first {start.en}")
    if end:
        return Words(
            f"路径从最后一个{end.zh}往回读，第 1 步即该事件",
            f"a path is read back from the last {end.en}, which is step 1",
        )
    if session:
        return Words("路径从会话的首个节点开始", "a path begins at the first node of a session")
    return Words("路径从用户的首个节点开始", "a path begins at a person's first node")


def _within(document: PathsDocument) -> Words:
    if document.within == "session":
        return Words(
            "一次会话至多一条路径；会话按会话 ID，没有 ID 的以超过 30 分钟无事件为界，并在日期范围两端截断",
            "at most one path in a session; a session is one session id, or, without id, ends after more "
            "than 30 minutes without an event; it is cut at the ends of the range",
        )
    span = duration_words(document.span)
    where = Words("之前", "before") if document.backward else Words("之后", "after")
    return Words(
        f"起点须在日期范围内，路径含起点{where.zh} {span.zh}以内（含边界）的节点，窗口结束后的下一个起点开始新路径",
        f"the first step lies in the range and a path holds the nodes up to {span.en} {where.en} it, "
        "inclusive; the next first step beyond that window begins another path",
    )


def _shown(document: PathsDocument) -> Words:
    steps = document.max_steps
    count = Words("每条路径计一次", "every path counts")
    if document.count == "users":
        last = document.backward
        count = Words(
            f"每位用户只计{'最后' if last else '第'}一条路径",
            f"only the {'last' if last else 'first'} path of each user counts",
        )
    if document.view == "matrix":
        return Words(
            f"{count.zh}；转移矩阵计全部路径的每一次转移，不限步数，"
            f"节点取转移最多的前 {document.top} 个，其余并入“其他”",
            f"{count.en}; the matrix counts every move of all paths, whatever their length; the "
            f"{document.top} nodes with most moves are told apart, the rest are “others”",
        )
    least = Words("", "")
    if document.min_share:
        share = f"{document.min_share * 100:g}%"
        least = Words(f"且占比不低于 {share}", f" with at least {share} of the paths")
    return Words(
        f"显示 {steps} 步；{count.zh}；每步保留最多的前 {document.top} 个节点{least.zh}，其余并入“其他”",
        f"{steps} steps are shown; {count.en}; each step tells its {document.top} largest nodes"
        f"{least.en} apart, the rest are “others”",
    )
