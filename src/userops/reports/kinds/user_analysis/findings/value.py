"""What users are worth: sales against before, and the groups of RFM."""

from __future__ import annotations

from collections.abc import Iterator

from userops.analyses.rfm.groups import LABELS
from userops.reports.book import Book, Finding, Frozen
from userops.reports.outline import Rule
from userops.reports.quoting import Quote
from userops.words import Words


def sales(book: Book) -> Iterator[Finding]:
    """Buyers, what they paid, per buyer and per order."""
    figure = book["buyers"]
    series = figure.result["series"]
    if not series[0]["total"]:
        return
    buyers, money = (
        figure.quote("buyers", "series/0/total"),
        figure.quote("money", "series/1/total", book.subject.money),
    )
    each, order = (
        figure.quote("each", "series/3/total", book.subject.money),
        figure.quote("order", "series/4/total", book.subject.money),
    )
    yield Finding(
        Words(
            f"本期 {buyers} 人付费，合计 {money}；每位付费用户 {each}，每单 {order}。",
            f"{buyers} users bought for {money} in all: {each} per buyer, {order} per order.",
        ),
        style="body",
    )


def best_group(book: Book) -> Iterator[Finding]:
    """How much of the value the best group brings."""
    figure = book["rfm"]
    place = _place(figure, "key_value")
    if place is None or not figure.result["users"]:
        return
    under = f"groups/{place}"
    share, value = _shares(figure, under, "best")
    if value.value is None or share.value <= 0:
        return
    name = figure.named("best", f"{under}/group", LABELS)
    yield Finding(
        Words(
            f"“{name}”用户占买家的 {share:kn}，却带来 {value} 的金额；同样流失一人，损失远高于其他买家，"
            "先守住这群人。",
            f"“{name}” users are {share:kn} of the buyers but bring {value} of the value: losing them costs far more "
            "than "
            "losing as many others, so keep them first.",
        ),
        weight=2.6,
        key="best",
    )


def win_back(book: Book) -> Iterator[Finding]:
    """The group that spent much and has gone: how many, and what to do."""
    figure = book["rfm"]
    place = _place(figure, "key_win_back")
    if place is None or not figure.result["groups"][place]["users"]:
        return
    under = f"groups/{place}"
    share, value = _shares(figure, under, "gone")
    name = figure.named("gone", f"{under}/group", LABELS)
    days = figure.quote("gone_days", f"{under}/recency", "number")
    all_days = _average_recency(figure)
    yield Finding(
        Words(
            f"“{name}”用户占买家的 {share:kn}，贡献了 {value} 的金额，平均已 {days:round} 天没有购买，"
            f"全体买家平均 {all_days:round} 天。",
            f"{share:kn} of the buyers are “{name}”: they brought {value} of the value and have not bought for "
            f"{days:round} days on average, against {all_days:round} for all buyers.",
        ),
        weight=2.1,
        key="win_back",
    )
    yield Finding(
        Words(
            f"对“{name}”人群做一次有对照组的唤回，他们占买家的 {share:kn}：一半发券、一半不发，"
            "以 14 天内复购率之差验收。",
            f"Reach out to “{name}”, {share:kn} of the buyers, with a control group: half get a coupon, half do not; "
            "judged by the difference in purchases within 14 days.",
        ),
        style="action",
        chapter="advice",
        key="win_back_action",
        weight=2.5,
    )


def _place(figure: Frozen, group: str) -> int | None:
    names = [each["group"] for each in figure.result["groups"]]
    return names.index(group) if group in names else None


def _shares(figure: Frozen, under: str, name: str) -> tuple[Quote, Quote]:
    share = figure.quote(f"{name}_share", f"{under}/share", "share", k=f"{under}/users", n="users")
    return share, figure.quote(f"{name}_value", f"{under}/value_share", "share")


def _average_recency(figure: Frozen) -> Quote:
    groups = [each for each in figure.result["groups"] if each["users"]]
    users = sum(each["users"] for each in groups)
    mean = sum(each["users"] * each["recency"] for each in groups) / users
    return figure.derived("recency", mean, "number")


def last_year(book: Book) -> Iterator[Finding]:
    """Sales and buyers against the same period a year ago, once this one is over."""
    figure = book["buyers_year"]
    series = figure.result["series"]
    if not all(each["comparison"]["total"] for each in series[:2]) or not book.subject.finished:
        return
    buyers, money = (
        figure.quote("buyers", "series/0/total"),
        figure.quote("money", "series/1/total", book.subject.money),
    )
    buyers_then = figure.quote("buyers_year", "series/0/comparison/total")
    money_then = figure.quote("money_year", "series/1/comparison/total", book.subject.money)
    more_buyers = figure.derived(
        "buyers_change",
        buyers.value / buyers_then.value - 1,
        "change",
        buyers,
        buyers_then,
        base="year",
    )
    more_money = figure.derived(
        "money_change", money.value / money_then.value - 1, "change", money, money_then, base="year"
    )
    yield Finding(
        Words(
            f"与去年同期相比：付费用户 {buyers_then} 人变为 {buyers} 人（同比 {more_buyers}），"
            f"金额 {money_then} 变为 {money}（同比 {more_money}）。",
            f"Against the same period last year: buyers from {buyers_then} to {buyers} (year on year {more_buyers}), "
            f"sales from {money_then} to {money} ({more_money}).",
        ),
        style="body",
    )


RULES = (
    Rule("value", last_year, ("buyers_year",)),
    Rule("value", sales, ("buyers",)),
    Rule("value", best_group, ("rfm",)),
    Rule("value", win_back, ("rfm",)),
)
