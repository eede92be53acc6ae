"""The exact definition of a churn analysis in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.churn.document import Churn
from userops.query.dates import UNIT_WORDS
from userops.words import Words


def days(count: int) -> Words:
    return Words(f"{count} 天", f"{count} day{'' if count == 1 else 's'}")


def percent(share: float) -> str:
    return f"{share * 100:g}%"


def _window(document: Churn) -> Words:
    horizon, threshold = days(document.horizon), percent(document.threshold)
    if document.window is not None:
        given = days(document.window)
        return Words(
            f"连续 {given.zh}没有回来即为流失（由使用者指定）",
            f"somebody is lost after {given.en} of silence (given by the reader)",
        )
    return Words(
        f"流失天数 W 由数据推定：自该天数起，其后 {horizon.zh}内的回归概率一直低于 {threshold}；"
        "达不到时取曲线的拐点",
        f"the window W comes from the data: from so many days on the chance to return within {horizon.en} "
        f"stays below {threshold}; where it never does, the knee of the curve",
    )


def describe(document: Churn) -> Words:
    step, dates, horizon = (
        document.step().describe(),
        document.range.describe(),
        days(document.horizon),
    )
    unit = UNIT_WORDS[document.unit]
    parts = [
        Words(
            f"核心行为：{step.zh}；沉默指从做过核心行为的一天到下一次的天数，"
            f"取 {dates.zh} 所涉及的完整{unit.zh}内开始的沉默，今天不计",
            f"Core action: {step.en}; a silence runs from a day with it to the next one; those that begin in "
            f"the whole {unit.en}s that {dates.en} touches, without today",
        ),
        Words(
            f"回归概率：沉默 d 天后在其后 {horizon.zh}内回来的比例，按 Kaplan–Meier 估计，"
            f"尚未结束的沉默按删失处理；每点至少 {document.min_support} 段沉默；95% 区间按 Greenwood 方差",
            f"chance to return: the share of silences of d days that end within the next {horizon.en}, by "
            "Kaplan–Meier, those not over yet being censored; at least "
            f"{document.min_support} silences at each point; 95% interval by Greenwood's variance",
        ),
        _window(document),
        Words(
            f"流失率 = 期初活跃（前 W 天内来过）且在该{unit.zh}内沉默满 W 天的人数 ÷ 期初活跃人数，附 Wilson 95% 区间；"
            f"未结束的{unit.zh}、数据尚不足 W 天的{unit.zh}单独标明，不计入平均",
            f"churn rate = those active at the start (there within the W days before) whose silence reaches W "
            f"days in the {unit.en} ÷ those active at the start, with Wilson's 95% interval; an unfinished "
            f"{unit.en}, and one with less than W days of data before it, is marked and left out of averages",
        ),
        *describe_breakdown(
            document.breakdown,
            document.limit,
            Words("人数", "number of users"),
            Words(
                "；事件属性取沉默开始那天的最后一个值",
                " with the last value of the day a silence begins,",
            ),
        ),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分",
            "users are persons after merging; days are those of the product's time zone",
        ),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")
