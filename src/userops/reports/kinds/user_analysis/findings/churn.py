"""After how long a silence people are gone, and how many go; what buyers are expected to bring."""

from __future__ import annotations

from collections.abc import Iterator

from userops.reports.book import Book, Finding
from userops.reports.outline import Rule
from userops.words import Words

NEAR = (0.8, 1.25)
"""Predicted over actual in the back-test, within which a forecast is told."""
_BY = {
    "threshold": Words(
        "按回归概率低于门槛的第一天",
        "the first day on which the chance to return is below the threshold",
    ),
    "knee": Words("按回归曲线的拐点", "the knee of the return curve"),
    "given": Words("按报告设置", "as set"),
}


def silence(book: Book) -> Iterator[Finding]:
    """The window of churn as the data suggest it, the rate, and who is gone at the end."""
    figure = book["churn"]
    if figure.result["window"] is None or not figure.result["users"]:
        return
    by = _BY.get(figure.result["suggested"]["by"], _BY["given"])
    window = figure.quote("window", "window")
    gone = figure.quote("gone", "gone_share", "share", k="gone", n="users")
    yield Finding(
        Words(
            f"沉默 {window} 天即视为流失（{by.zh}）；期末 {gone:kn} 的用户已沉默这么久。",
            f"{window} days of silence count as churn ({by.en}); {gone:kn} of the users were silent for as long at "
            "the end.",
        ),
        style="body",
    )
    average = figure.result["average"]
    if average and average["active"] and average["rate"] is not None:
        rate = figure.quote(
            "rate", "average/rate", "share", k="average/churned", n="average/active"
        )
        yield Finding(
            Words(
                f"各完整周期合计，流失率为 {rate:kn}。",
                f"Over the whole periods together the churn rate is {rate:kn}.",
            ),
            style="body",
            key="rate",
        )


def expected(book: Book) -> Iterator[Finding]:
    """What today's buyers are expected to buy again, with the model's own back-test beside it."""
    figure = book["predicted_value"]
    forecast, test = figure.result["expected"], figure.result["backtest"]
    if forecast is None or not test or test["ratio"] is None:
        return
    orders = figure.quote(
        "orders", "expected/purchases", "number", interval="expected/purchases_interval"
    )
    told, came = (
        figure.quote("predicted", "backtest/predicted", "number"),
        figure.quote("actual", "backtest/actual"),
    )
    if not NEAR[0] <= test["ratio"] <= NEAR[1]:
        yield Finding(
            Words(
                f"价值模型的回测偏差大（预测 {told:round} 次，实际 {came} 次），本期不据此预测。",
                f"The value model is far off in its back-test ({told:round} predicted, {came} came): no forecast is "
                "made.",
            ),
            style="note",
        )
        return
    customers = figure.quote("customers", "customers")
    yield Finding(
        Words(
            f"现有 {customers} 名买家未来 12 周预计再买 {orders:round} 次（95% 区间 {orders:interval}）；"
            f"回测：预测 {told:round} 次，实际 {came} 次。",
            f"The {customers} buyers of today are expected to buy {orders:round} times in the next 12 weeks (95% "
            "interval "
            f"{orders:interval}); back-test: {told:round} predicted, {came} came.",
        ),
        style="body",
    )


RULES = (
    Rule("churn", silence, ("churn",)),
    Rule("value", expected, ("predicted_value",)),
)
