"""The exact definition of personas in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.personas.document import Personas
from userops.analyses.personas.wording import FEATURES
from userops.query.filters import describe_filters
from userops.query.naming import event_shown, shown
from userops.words import Words


def _told(document: Personas) -> Words:
    names = [FEATURES[name] for name in document.features]
    return Words("、".join(n.zh for n in names), ", ".join(n.en.lower() for n in names))


def _given(document: Personas) -> list[Words]:
    parts = []
    for words, value in (
        (
            Words("偏好属性为", "taste by"),
            document.taste and shown(document.taste.property, "event"),
        ),
        (
            Words("价格属性为", "price by"),
            document.price and shown(document.price.property, "event"),
        ),
        (Words("购买事件为", "purchase:"), document.purchase and event_shown(document.purchase)),
    ):
        if value:
            parts.append(Words(f"{words.zh}“{value.zh}”", f"{words.en} “{value.en}”"))
    return parts


def describe(document: Personas) -> Words:
    dates, told = document.range.describe(), _told(document)
    parts = [
        Words(
            f"{dates.zh} 内至少活跃 {document.min_days} 天的用户，按{told.zh}分组；"
            "天数更少的，归组把握达到 90% 才归组，其余为“浅尝用户”",
            f"People active on at least {document.min_days} days of {dates.en}, grouped by {told.en}; those "
            "of fewer days join a group where that is 90% certain, else they are “light users”",
        ),
        *_given(document),
        Words(
            "每人每个取值按发生天数计，平台与渠道取天数最多的一个；价位按同类商品的五分位",
            "of each person, days with each value are counted; platform and channel are those of most days; "
            "price levels are fifths among goods of the same kind",
        ),
        Words(
            "分组为混合模型（计数用多项分布，数值用正态分布），"
            f"组数在 {document.min_groups}–{document.max_groups} 之间，"
            "取对数似然与打乱数据之差不再明显增大的最小组数；差距不超过误差的 4 倍、打乱所得的 10%，或对半重做的调整"
            "兰德指数低于 0.6 时不分组",
            "groups are those of a mixture (multinomial counts, normal numbers); of "
            f"{document.min_groups}–{document.max_groups} groups the smallest number beyond which the gap of the "
            "likelihood to shuffled data no longer widens; no groups where the gap is below 4 standard errors or a "
            "tenth of what shuffled data gain, or fits on halves agree below an adjusted Rand index of 0.6",
        ),
        Words(
            "占比为组内这类天数之比，95% 区间按用户聚类计算，全部比较用 Benjamini–Hochberg 法校正",
            "shares are of the group’s days, with 95% intervals over persons; all comparisons are corrected by "
            "Benjamini–Hochberg",
        ),
    ]
    if document.seed:
        parts.append(Words(f"随机种子 {document.seed}", f"random seed {document.seed}"))
    if document.filters:
        condition = describe_filters(document.filters)
        parts.append(Words(f"只看满足{condition.zh}的事件", f"only events with {condition.en}"))
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")
