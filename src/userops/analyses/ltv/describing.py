"""The exact definition of an LTV in a sentence, in both languages."""

from __future__ import annotations

from userops.analyses.breakdown import describe_breakdown
from userops.analyses.ltv.document import Ltv
from userops.query.dates import UNIT_WORDS
from userops.query.filters import describe_filters
from userops.query.naming import shown
from userops.words import Words

SHOWN: dict[str, Words] = {
    "per_user": Words("人均累计金额（LTV）", "Value per user (LTV)"),
    "per_payer": Words("付费用户人均累计金额（ARPPU）", "Value per payer (ARPPU)"),
    "pay_rate": Words("累计付费率", "Share who have paid"),
    "payers": Words("累计付费人数", "Users who have paid"),
    "total": Words("累计金额", "Total value"),
}
_ROLLING = {
    "day": Words("24 小时", "24 hours"),
    "week": Words("7 × 24 小时", "7 × 24 hours"),
    "month": Words("30 × 24 小时", "30 × 24 hours"),
}


def _clock(document: Ltv) -> Words:
    unit = UNIT_WORDS[document.unit]
    if document.clock == "rolling":
        length = _ROLLING[document.unit]
        return Words(
            f"期数从每个用户自己的起始时刻算起，每期 {length.zh}",
            f"periods of {length.en} run from each user's own start",
        )
    return Words(
        f"每期为产品时区的一个自然{unit.zh}",
        f"periods are calendar {unit.en}s of the product's time zone",
    )


def _money(document: Ltv) -> list[Words]:
    buy, money = document.purchase.describe(), shown(document.purchase.property, "event")
    parts = [
        Words(
            f"金额为{buy.zh}的“{money.zh}”从起始事件到该期末的累计，负数照减，缺失计 0",
            f"value = “{money.en}” of {buy.en} added up from the start event to the end of "
            "the period, negative amounts taken off, 0 where missing",
        )
    ]
    if document.refund is not None:
        back, money = document.refund.describe(), shown(document.refund.property, "event")
        parts.append(
            Words(
                f"再减去{back.zh}的“{money.zh}”",
                f"less “{money.en}” of {back.en}",
            )
        )
    return parts


def _cost(document: Ltv) -> list[Words]:
    if document.cost is None:
        return []
    return [
        Words(
            f"获客成本为每人 {document.cost:g}，回本期为人均累计金额首次达到成本的一期",
            f"a user costs {document.cost:g}; paid back in the first period whose value per user reaches it",
        )
    ]


def describe(document: Ltv) -> Words:
    start, dates = document.start.describe(), document.range.describe()
    unit = UNIT_WORDS[document.unit]
    parts = [
        Words(
            f"全部历史中首次做{start.zh}落在 {dates.zh} 的用户，按其所在{unit.zh}成为一个群组",
            f"Users whose first ever {start.en} falls in {dates.en}, one cohort for each {unit.en}",
        )
    ]
    if document.filters:
        condition = describe_filters(document.filters)
        parts.append(
            Words(f"只看{condition.zh}的事件", f"only events where {condition.en}"),
        )
    parts += [
        _clock(document),
        *_money(document),
        Words(
            "付费用户指累计期内至少一次金额大于 0 者；第 0 期为起始所在的一期",
            "payers have at least one amount above 0 by then; period 0 is that of the start",
        ),
        Words(
            "平均值 = Σ金额 / Σ人数，只用已结束的格子",
            "averages = Σ value / Σ users over finished cells",
        ),
        *_cost(document),
        *describe_breakdown(
            document.breakdown,
            document.limit,
            Words("人数最多", "number of users"),
            Words("", "together"),
        ),
        *_event_values(document),
    ]
    return Words("；".join(p.zh for p in parts) + "。", "; ".join(p.en for p in parts) + ".")


def _event_values(document: Ltv) -> list[Words]:
    if not any(each.of == "event" for each in document.breakdown):
        return []
    return [Words("事件属性取自起始事件", "event properties are taken at the start event")]
