"""After how long a silence people are gone, and how many go; what buyers are expected to bring."""

from __future__ import annotations

from collections.abc import Iterator

from userops.analyses.risk.bands import LABELS
from userops.analyses.risk.table import feature_words
from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import FEW
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


def at_risk(book: Book) -> Iterator[Finding]:
    """Who may be lost next: the highest band with people in it, with what became of users like them."""
    figure = book["risk"]
    if figure.result["reason"] or not figure.result["bands"]:
        why = figure.result["reason"]
        if why:
            yield Finding(Words(**why), style="note", key="none", about=("risk",))
        return
    bands = figure.result["bands"]
    place = next(
        (at for at, each in enumerate(bands) if each["users"] and each["tested"] >= FEW), None
    )
    if place is None:
        return
    under = f"bands/{place}"
    name = figure.quote(
        f"band_{place}", f"{under}/band", "text", words=LABELS[bands[place]["band"]]
    )
    users = figure.quote("at_risk", f"{under}/users")
    low, high = bands[place]["low"], bands[place]["high"]
    left = figure.quote(
        "like_them", f"{under}/share", "share", k=f"{under}/left", n=f"{under}/tested"
    )
    ends = {"left": left}
    between = figure.derived(
        "like_them_between", bands[place]["share"], "share", *ends.values(), low=low, high=high
    )
    everyone, expected = (
        figure.quote("scored", "users"),
        figure.quote("expected", "expected", "number"),
    )
    yield Finding(
        Words(
            f"流失风险{name}的用户有 {users} 人；回测中同样概率的人里有 {left:kn} 流失（95% 区间 {between:interval}）。"
            f"全部 {everyone} 名未流失用户预计再流失 {expected:round} 人。",
            f"{users} users are at a risk of churn that is {name}; of those with the same chances in the test "
            f"{left:kn} were lost (95% interval {between:interval}). Of all {everyone} users not lost yet "
            f"{expected:round} are expected to go.",
        ),
        style="body",
    )
    yield from _strongest_driver(figure)


def _strongest_driver(figure: Frozen) -> Iterator[Finding]:
    """What goes along with leaving most."""
    drivers = [
        (at, each) for at, each in enumerate(figure.result["drivers"])
        if each["difference"] is not None and (each["from"] > 0 or each["to"] < 0)
        and min(each["low_users"], each["high_users"]) >= FEW
    ]  # fmt: skip
    if not drivers:
        return
    at, driver = max(drivers, key=lambda each: abs(each[1]["difference"]))
    under = f"drivers/{at}"
    feature = figure.quote("driver", f"{under}/feature", "text", words=feature_words(driver))
    cut = figure.quote("driver_cut", f"{under}/cut", "number")
    low = figure.quote(
        "driver_low", f"{under}/low_share", "share", k=f"{under}/low_left", n=f"{under}/low_users"
    )
    high = figure.quote(
        "driver_high",
        f"{under}/high_share",
        "share",
        k=f"{under}/high_left",
        n=f"{under}/high_users",
    )
    apart = figure.derived(
        "driver_apart",
        driver["difference"],
        "points",
        low,
        high,
        low=driver["from"],
        high=driver["to"],
    )
    yield Finding(
        Words(
            f"与流失关系最大的是“{feature}”：不高于 {cut} 的人流失 {low:kn}，高于的人 {high:kn}，"
            f"相差 {apart:size}（95% 区间 {apart:interval}）；这是伴随关系，不是原因。",
            f"What goes along with churn most is “{feature}”: up to {cut} {low:kn} were lost, above it {high:kn}, "
            f"{apart:size} apart (95% interval {apart:interval}); they go together, which makes no cause.",
        ),
        style="body",
        key="driver",
    )


RULES = (
    Rule("churn", silence, ("churn",)),
    Rule("churn", at_risk, ("risk",)),
    Rule("value", expected, ("predicted_value",)),
)
