"""The exact definition of a churn risk in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.risk.document import Risk
from userops.words import Words

CAUTION = Words(
    "风险与原因均为相关性：说明什么样的人更常流失，不说明做什么能留住他们。",
    "Risk and reasons are associations: they tell who leaves more often, not what would keep them.",
)


def _days(count: int) -> Words:
    return Words(f"{count} 天", f"{count} day{'' if count == 1 else 's'}")


def describe(document: Risk) -> Words:
    core, dates = document.core().describe(), document.range.describe()
    window, back, step = (
        _days(each) for each in (document.window, document.lookback, document.step)
    )
    first = document.gap + 1
    signals = _signals(document)
    parts = [
        Words(
            f"流失：预测日之后第 {first} 天至第 {document.gap + document.window} 天内没有{core.zh}；"
            f"预测对象为预测日及之前 {window.zh}内有过{core.zh}的人",
            f"Lost: no {core.en} from the {_ordinal(first)} to the {_ordinal(document.gap + document.window)} day "
            f"after the prediction; predicted for those with {core.en} in the {window.en} up to it",
        ),
        Words(
            f"预测日为 {dates.zh} 中最后一个已结束的日子；特征只取预测日及之前 {back.zh}的事件{signals.zh}",
            f"predicted at the last day of {dates.en} that is over, from the events of the {back.en} up to it "
            f"alone{signals.en}",
        ),
        Words(
            f"在此前每隔 {step.zh}的若干日期上训练，在其后的一个日期上选模型并校准，在结果已知的最近日期上检验；"
            "任何预测只用到当日已知的结果",
            f"learnt on earlier days {step.en} apart, chosen and calibrated on a later one, tested on the latest "
            "with a known outcome; no prediction uses what was not known on its day",
        ),
        Words(
            "模型为逻辑回归与梯度提升树中校准日对数损失较小者，基线为 RFM 规则；"
            "每 100 个同类人中流失多少，取自检验日，附 Wilson 95% 区间",
            "the model is the better of logistic regression and gradient boosting by log loss on the day of "
            "calibration, the baseline an RFM rule; how many of 100 like them left is from the test, with Wilson's "
            "95% interval",
        ),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分",
            "users are persons after merging; days are those of the product's time zone",
        ),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")


def _signals(document: Risk) -> Words:
    if not document.signals:
        return Words("", "")
    names = [f"“{name}”" for name in document.signals]
    return Words(
        f"，其中{'、'.join(names)}的次数各为一个特征",
        f", among them how often {', '.join(names)} happened",
    )


def _ordinal(number: int) -> str:
    tail = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else tail}"
