"""What users are worth."""

from __future__ import annotations

from userops.reports.kinds.user_analysis import tabulating
from userops.reports.kinds.user_analysis.asking import (
    Question,
    against_before,
    against_last_year,
    amount_of,
    by,
    main_segment,
    over_the_whole,
    purchase_of,
    step_by_step,
    times,
    users,
)
from userops.reports.outline import FigurePlan
from userops.reports.subject import ANY, Subject
from userops.words import Words


def _paid(subject: Subject) -> Question:
    """What was paid."""
    return times(purchase_of(subject), measure="sum", property=amount_of(subject))


def _bought(subject: Subject) -> tuple[Question, ...]:
    """Persons who bought, what they paid, orders: an order of several lines is one."""
    purchase = purchase_of(subject)
    lines = {"measure": "distinct", "property": subject.order} if subject.order else {}
    return users(purchase), _paid(subject), times(purchase, **lines)


def buyers(subject: Subject) -> Question:
    """A: persons who bought, B: what they paid, C: orders; then what one paid and what an order is worth."""
    formulas = [{"formula": "B/A"}, {"formula": "B/C"}]
    return step_by_step(subject, *_bought(subject), formulas=formulas, **against_before(subject))


def buyers_year(subject: Subject) -> Question:
    return step_by_step(subject, *_bought(subject), **against_last_year(subject))


def rfm(subject: Subject) -> Question:
    order = (
        {"frequency": "orders", "order_id": {"property": subject.order}} if subject.order else {}
    )
    return {
        "kind": "rfm", "event": purchase_of(subject), "monetary": {"property": amount_of(subject)}, **order,
    }  # fmt: skip


def spread_of_spending(subject: Subject) -> Question:
    return {
        "kind": "distribution", "event": purchase_of(subject), "measure": "sum",
        "property": amount_of(subject),
    }  # fmt: skip


def value_over_time(subject: Subject) -> Question:
    unit = "week" if subject.period.days <= 100 else "month"
    return {
        "kind": "ltv", "start": ANY, "purchase": _purchase(subject), "unit": unit, "periods": 8,
    }  # fmt: skip


def predicted_value(subject: Subject) -> Question:
    """Of all customers there were up to the end of the period."""
    first = min(subject.first_day or subject.period.first, subject.period.first)
    range_ = {"from": first.isoformat(), "to": subject.period.last.isoformat()}
    return {"kind": "value", "purchase": _purchase(subject), "range": range_}


def _purchase(subject: Subject) -> Question:
    return {"event": purchase_of(subject), "property": amount_of(subject)}


def revenue_by_segment(subject: Subject) -> Question:
    """Of the groups with the most users, as the matrix has them: the first series says which are told apart."""
    series = (users(), _paid(subject), users(purchase_of(subject)))
    return over_the_whole(subject, *series, **by(main_segment(subject)))


FIGURES: tuple[FigurePlan, ...] = (
    FigurePlan(
        "buyers", Words("付费用户与金额", "Buyers and sales"), buyers, table=tabulating.sales,
        draw=tabulating.bars(2, lying=False),
    ),
    # persons and money on one axis would tell nothing: the sentence does
    FigurePlan(
        "buyers_year", Words("付费与金额同比", "Buyers and sales, year on year"), buyers_year, shown="evidence"
    ),
    FigurePlan(
        "rfm", Words("RFM 八群与策略", "Eight RFM groups with strategy"), rfm, money=("value", "monetary")
    ),
    FigurePlan(
        "spread_of_spending", Words("消费金额分布", "How much buyers spend"), spread_of_spending,
        money=("from", "to"),
    ),
    FigurePlan(
        "value_over_time", Words("用户价值随时间", "Value of users over time"), value_over_time, money=("value_",)
    ),
    FigurePlan(
        "predicted_value", Words("预期价值", "Predicted value"), predicted_value, money=("value",),
        table=tabulating.proved,
    ),
    FigurePlan(
        "revenue_by_segment", Words("金额按分群", "Sales by segment"), revenue_by_segment, shown="evidence"
    ),
)  # fmt: skip
