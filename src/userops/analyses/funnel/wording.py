"""The definition of a funnel in a sentence, all its options included."""

from __future__ import annotations

from userops.analyses.funnel.document import SAME_DAY, FunnelDocument
from userops.query.dates import UNIT_WORDS
from userops.query.durations import duration_words
from userops.query.filters import describe_filters
from userops.query.naming import shown
from userops.words import Words

_ORDER = {
    "ordered": Words(
        "后一步须不早于前一步，其间可有其他事件",
        "each step at or after the one before it, other events may stand between",
    ),
    "strict": Words(
        "后一步须紧跟前一步，其间不得有其他事件",
        "each step right after the one before it, with no other event between",
    ),
    "any_order": Words(
        "各步骤可按任意顺序完成，第 n 步指完成其中任意 n 个",
        "steps in any order; the n-th figure is for any n of them done",
    ),
}
_AT = {
    "first": Words("第一步", "the first step"),
    "last": Words("到达的最后一步", "the last step reached"),
}


def describe(document: FunnelDocument) -> Words:
    """What is counted, and how."""
    parts = [_head(document), _window(document), _ORDER[document.order], _entry(document)]
    parts += _options(document)
    parts.append(
        Words(
            "同一毫秒的事件按对用户有利的顺序处理，一个事件只算一步；日期范围之后、窗口期之内的转化计入",
            "events of the same millisecond are read in the user's favour and none serves two steps;"
            " conversions after the range but inside the window count",
        )
    )
    return Words(
        "；".join(each.zh for each in parts) + "。", "; ".join(each.en for each in parts) + "."
    )


def _head(document: FunnelDocument) -> Words:
    who = Words("会话数", "Sessions") if document.count == "sessions" else Words("用户数", "Users")
    steps = [
        Words(
            step.describe().zh + ("（可选）" if step.optional else ""),
            step.describe().en + (" (optional)" if step.optional else ""),
        )
        for step in document.steps
    ]
    dates = document.range.describe()
    every = document.order == "any_order"
    way = Words("、", ", ") if every else Words(" → ", " → ")
    zh_steps, en_steps = (
        way.zh.join(each.zh for each in steps),
        way.en.join(each.en for each in steps),
    )
    zh = f"{dates.zh} 开始、{'完成' if every else '依次完成'}{zh_steps}的{who.zh}"
    en = f"{who.en} {'doing' if every else 'going'} {en_steps}, starting in {dates.en}"
    if document.filters:
        condition = describe_filters(document.filters)
        zh, en = f"{zh}（只看{condition.zh}的事件）", f"{en} (only events where {condition.en})"
    return Words(zh, en)


def _window(document: FunnelDocument) -> Words:
    if document.window == SAME_DAY:
        return Words(
            "须在第一步当天（产品时区）完成", "all on the day of the first step (product time zone)"
        )
    length = duration_words(document.window)
    return Words(
        f"窗口期为第一步之后 {length.zh}，含边界",
        f"within {length.en} of the first step, inclusive",
    )


def _entry(document: FunnelDocument) -> Words:
    if document.first_entry:
        return Words(
            "只从范围内首次进入开始计算", "only the first entry in the range starts an attempt"
        )
    return Words(
        "每次进入都可开始一次尝试，取走得最远的一次（同样远时取最先完成、最晚开始的）",
        "every entry may start an attempt and the furthest counts (then the first to finish, the last to start)",
    )


def _options(document: FunnelDocument) -> list[Words]:
    parts = []
    if document.optional:
        parts.append(
            Words(
                "可选步骤可以跳过，做了则计入", "optional steps may be skipped and count when done"
            )
        )
    if document.hold_constant:
        names = [shown(name, "event") for name in document.hold_constant]
        parts.append(
            Words(
                f"各步骤的{'、'.join(f'“{name.zh}”' for name in names)}须相同，没有该属性的事件不参与",
                f"all steps carry the same {', '.join(f'“{name.en}”' for name in names)}; events without it "
                "take no part",
            )
        )
    parts += [_exclusion(document, at) for at in range(len(document.exclusions))]
    if document.count == "sessions":
        parts.append(
            Words(
                "按会话计：同一会话 ID，或相邻事件间隔不超过 30 分钟；所有步骤须在同一会话内",
                "counted by session: one session id, or events at most 30 minutes apart; all steps in one session",
            )
        )
    if document.breakdown:
        parts.append(_breakdown(document))
    if not document.counts_only:
        unit = UNIT_WORDS[document.unit]
        parts.append(
            Words(
                f"趋势按开始所在的{unit.zh}分别计算",
                f"the trend asks the same of the attempts that start in each {unit.en}",
            )
        )
    return parts


def _exclusion(document: FunnelDocument, at: int) -> Words:
    exclusion = document.exclusions[at]
    what = exclusion.describe()
    begin, end = document.span(exclusion)
    zh_where, en_where = (
        f"第 {begin + 1} 步与第 {end + 1} 步之间",
        f"between steps {begin + 1} and {end + 1}",
    )
    if document.exclusion_mode == "stop":
        return Words(
            f"{zh_where}出现{what.zh}则尝试到此为止", f"{what.en} {en_where} ends the attempt there"
        )
    return Words(
        f"{zh_where}出现{what.zh}的用户整个剔除",
        f"those with {what.en} {en_where} are left out altogether",
    )


def _breakdown(document: FunnelDocument) -> Words:
    inner = [each.describe() for each in document.breakdown]
    zh, en = "、".join(each.zh for each in inner), ", ".join(each.en for each in inner)
    told = Words(
        f"，取进入第一步最多的前 {document.breakdown_limit} 组，其余合并为“其他”",
        f": the {document.breakdown_limit} groups that enter most, the rest together as “others”",
    )
    if all(each.of == "user" for each in document.breakdown):
        return Words(f"按{zh}拆分{told.zh}", f"broken down by {en}{told.en}")
    place = document.breakdown_at
    where = Words(f"第 {place} 步", f"step {place}") if isinstance(place, int) else _AT[place]
    return Words(
        f"按{zh}拆分（事件属性取自{where.zh}）{told.zh}",
        f"broken down by {en} (event properties taken at {where.en}){told.en}",
    )
