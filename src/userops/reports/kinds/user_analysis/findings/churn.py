"""After how long a silence people are gone, and how many go; what buyers are expected to bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from userops.analyses.risk.bands import LABELS
from userops.analyses.risk.table import feature_words
from userops.reports.book import Book, Finding, Frozen
from userops.reports.judging import FEW
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words

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
    knee = _knee(figure)
    if knee is not None and knee[1]["chance"] > MOST_BACK:
        yield _no_silence(figure, knee[0])
        return
    by = _BY.get(figure.result["suggested"]["by"], _BY["given"])
    window = figure.quote("window", "window")
    gone = figure.quote("gone", "gone_share", "share", k="gone", n="users")
    back, each = _back(figure), _each(figure)
    yield Finding(
        Words(
            f"沉默 {window} 天记为流失（{by.zh}{back.zh}）；本期所涉各整{each.zh}的用户中，"
            f"{gone:kn} 到期末已沉默这么久。",
            f"{window} days of silence count as churn ({by.en}{back.en}); of the users of the whole {each.en}s that "
            f"the period touches, {gone:kn} were silent for as long at the end.",
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
                f"按{each.zh}计，流失率平均为 {rate:kn}，只计已能判断的{each.zh}。",
                f"{rate:kn} of active users were lost in an average {each.en}; only {each.en}s that can be "
                "judged count.",
            ),
            style="body",
            key="rate",
        )


def _back(figure: Frozen) -> Words:
    """How many come back all the same after so long a silence, where the window is the knee of the curve."""
    knee = _knee(figure)
    if knee is None:
        return Words("", "")
    chance, days = _chance(figure, knee[0])
    return Words(
        f"，其中仍有 {chance} 会在其后 {days.zh}内回来",
        f", though {chance} still come back in the {days.en} that follow",
    )


def _knee(figure: Frozen) -> tuple[int, dict[str, Any]] | None:
    """The point of the curve that is the window, where that is its knee."""
    points = (
        (at, each) for at, each in enumerate(figure.result["curve"])
        if each["days"] == figure.result["window"] and each["chance"] is not None
    )  # fmt: skip
    return next(points, None) if figure.result["suggested"]["by"] == "knee" else None


def _chance(figure: Frozen, at: int) -> tuple[Quote, Words]:
    """The chance to return at a point, and within how long."""
    assert figure.answer is not None
    ahead = figure.answer.document.as_json()["horizon"]
    days = Words(f"{ahead} 天", "day" if ahead == 1 else f"{ahead} days")
    return figure.quote("back", f"curve/{at}/chance", "share"), days


MOST_BACK = 0.25
"""Where more than one of four return all the same, a silence is no sign that somebody is gone."""


def _no_silence(figure: Frozen, at: int) -> Finding:
    window = figure.quote("window", "window")
    chance, days = _chance(figure, at)
    return Finding(
        Words(
            f"本期定不出流失的天数：回归曲线的拐点在沉默 {window} 天，但沉默这么久的用户仍有 {chance} "
            f"会在其后 {days.zh}内回来，因此不报流失率。请换更长的周期再看。",
            f"No silence tells of churn in this period: the return curve bends at {window} days, but {chance} of those "
            f"silent for so long still come back in the {days.en} that follow, so no churn rate is given. Look at a "
            "longer period.",
        ),
        style="body",
        tone="weak",
        key="none",
    )


def _each(figure: Frozen) -> Words:
    assert figure.answer is not None
    return {"day": Words("日", "day"), "week": Words("周", "week")}.get(
        figure.answer.document.as_json()["unit"], Words("月", "month")
    )


def expected(book: Book) -> Iterator[Finding]:
    """What today's buyers are expected to buy again, with the model's own back-test beside it."""
    figure = book["predicted_value"]
    forecast, test = figure.result["expected"], figure.result["backtest"]
    if forecast is None or not test or test["ratio"] is None:
        return
    orders = figure.quote(
        "orders", "expected/purchases", "whole", interval="expected/purchases_interval"
    )
    told, came = (
        figure.quote("predicted", "backtest/predicted", "number"),
        figure.quote("actual", "backtest/actual"),
    )
    customers = figure.quote("customers", "customers")
    off = figure.derived("off", told.value / came.value - 1, "change", told, came)
    side = Words("偏高", "too many") if off.value > 0 else Words("偏低", "too few")
    apart = Words(f"预测{side.zh} {off:size}", f"{off:size} {side.en}")
    yield Finding(
        Words(
            f"现有 {customers} 名买家未来 12 周预计再买 {orders:round} 次（95% 区间 {orders:interval}）；"
            f"回测：预测 {told:round} 次，实际 {came} 次，{apart.zh}。",
            f"The {customers} buyers so far are expected to buy {orders:round} times in the next 12 weeks (95% "
            "interval "
            f"{orders:interval}); back-test: {told:round} predicted, {came} came, {apart.en}.",
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
    assert figure.answer is not None
    # a shorter silence than that which counts as churn in the report: the sentence says which
    days = figure.answer.document.as_json()["window"]
    yield Finding(
        Words(
            f"流失风险为“{name}”的用户有 {users} 人；回测中同样概率的人里有 {left:kn} 此后 {days} 天没有再来"
            f"（95% 区间 {between:interval}）。最近 {days} 天来过的 {everyone} 名用户中，预计 {expected:round} 人"
            f"此后 {days} 天不再来。",
            f"{users} users are in the risk band “{name}”; of those with the same chances in the back-test "
            f"{left:kn} stayed away for {days} days (95% interval {between:interval}). Of the {everyone} users of "
            f"the last {days} days, {expected:round} are expected to stay away for as long.",
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
            f"相差 {apart:size}（95% 区间 {apart:span}）；这是伴随关系，不是原因。",
            f"What goes along with churn most is “{feature}”: of those with at most {cut}, {low:kn} were lost, of the "
            f"others {high:kn}, "
            f"{apart:size} apart (95% interval {apart:span}). This is correlation, not cause.",
        ),
        style="body",
        key="driver",
    )


RULES = (
    Rule("churn", silence, ("churn",)),
    Rule("churn", at_risk, ("risk",)),
    Rule("value", expected, ("predicted_value",)),
)
