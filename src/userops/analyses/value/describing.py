"""The exact definition of a predicted value in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.value.document import CustomerValue
from userops.query.naming import shown
from userops.words import Words

MODELS = {
    "bg_nbd": Words("BG/NBD", "BG/NBD"),
    "mbg_nbd": Words("MBG/NBD", "MBG/NBD"),
}


def weeks(count: int) -> Words:
    return Words(f"{count} 周", f"{count} week{'' if count == 1 else 's'}")


def describe(document: CustomerValue) -> Words:
    step, dates = document.step().describe(), document.range.describe()
    money = shown(document.purchase.property, "event")
    ahead, model = weeks(document.horizon), MODELS[document.model]
    held = weeks(document.holdout) if document.holdout else Words("三分之一", "third")
    parts = [
        Words(
            f"购买：{step.zh}，金额取“{money.zh}”之和，同一天的多次购买计一次；"
            f"客户为首次购买在 {dates.zh} 内的人，观察到范围最后一个已结束的日子",
            f"Purchase: {step.en}, its money the sum of “{money.en}”, several on a day being "
            f"one; customers are those whose first one of all lies in {dates.en}, watched to its last day that "
            "is over",
        ),
        Words(
            f"用 {model.zh} 模型（极大似然）预测其后 {ahead.zh}的购买次数，用 Gamma-Gamma 模型预测每次金额",
            f"purchases of the next {ahead.en} by the {model.en} model (maximum likelihood), the money of each by "
            "the Gamma-Gamma model",
        ),
        Words(
            f"价值 = 各段购买次数 × 每次金额 × 毛利率 {document.margin:g}，按年折现率 {document.discount:g} 折现",
            f"value = purchases × money at each × a margin of {document.margin:g}, discounted at "
            f"{document.discount:g} a year",
        ),
        Words(
            "95% 区间只反映参数的不确定性（似然的正态近似）",
            "the 95% interval tells how unsure the parameters are (normal approximation of the likelihood), and "
            "not chance",
        ),
        Words(
            f"回测：不看最后 {held.zh}重新拟合，再与其间的实际购买比较"
            if document.holdout
            else "回测：不看最后三分之一的时间重新拟合，再与其间的实际购买比较",
            f"back-test: fitted anew without the last {held.en}{'' if document.holdout else ' of the time'}, and "
            "compared with what was bought then",
        ),
        Words(
            "用户按合并后的个人去重；日期按产品时区划分",
            "customers are persons after merging; days are those of the product's time zone",
        ),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")
