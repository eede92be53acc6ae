"""Saved analyses and a dashboard of the demo company, so that the first look is not at empty pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from userops.demo.load import DemoOrder
from userops.demo.plan import make_plan
from userops.events.models import Product
from userops.insights.actions import add_card, create_dashboard, resize_card, save_analysis
from userops.insights.models import Dashboard
from userops.words import Words
from userops.workspace.models import User

ACTIVE = Words("活跃用户：日活、周活、月活", "Active users: DAU, WAU, MAU")
REVENUE = Words("支付金额", "Revenue")
DASHBOARD = Words("拾光集经营看板", "Shiguang Market at a glance")


@dataclass(frozen=True, slots=True)
class Showpiece:
    """One saved analysis; `width` is that of its card, in columns of 12."""

    words: Words
    description: Words
    document: dict[str, Any]
    width: int


def make_showcase(product: Product, order: DemoOrder, owner: User, language: str) -> None:
    """Save the analyses and the dashboard, unless the product has a dashboard already."""
    if Dashboard.objects.filter(product=product).exists():
        return
    with transaction.atomic():
        dashboard = create_dashboard(product, DASHBOARD.text(language), acting_user=owner)
        for piece in showpieces(order, language):
            saved = save_analysis(
                product,
                piece.document,
                piece.words.text(language),
                description=piece.description.text(language),
                acting_user=owner,
            )
            card = add_card(dashboard, saved, acting_user=owner)
            resize_card(card, piece.width, acting_user=owner)


def showpieces(order: DemoOrder, language: str) -> list[Showpiece]:
    """What a user-operations team would keep on its wall."""
    last = date.fromisoformat(order.end)
    plan = make_plan(last, order.days)
    # absolute days: the company's data ends with the day before it was made
    month = _range(last - timedelta(29), last)
    whole = _range(plan.first, last)
    release = _range(plan.date_of(plan.bad_release_day), plan.date_of(plan.fix_day - 1))
    incident = _range(plan.date_of(plan.incident_day - 1), plan.date_of(plan.incident_day + 1))
    wall = [*_growth(whole), *_loyalty(whole), *_trade(month), *_trouble(whole, release, incident)]
    return [_named(piece, language) for piece in wall]


def _range(first: date, last: date) -> dict[str, str]:
    return {"from": first.isoformat(), "to": last.isoformat()}


def _document(kind: str, days: dict[str, str], **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "product": "demo", "range": days, **fields}


def _series(event: str, measure: str, name: Words, **fields: Any) -> dict[str, Any]:
    return {"event": event, "measure": measure, "name": name, **fields}


def _named(piece: Showpiece, language: str) -> Showpiece:
    """The series called in one language."""
    if "series" not in piece.document:
        return piece
    series = [{**each, "name": each["name"].text(language)} for each in piece.document["series"]]
    return replace(piece, document={**piece.document, "series": series})


def _growth(whole: dict[str, str]) -> list[Showpiece]:
    return [
        Showpiece(
            ACTIVE,
            Words("以打开应用为活跃", "Active means opening the app"),
            _document(
                "trend",
                whole,
                unit="day",
                series=[
                    _series("app_open", "users", Words("DAU", "DAU")),
                    _series("app_open", "wau", Words("WAU", "WAU")),
                    _series("app_open", "mau", Words("MAU", "MAU")),
                ],
            ),
            12,
        ),
        Showpiece(
            Words("新增用户（按渠道）", "New users by channel"),
            Words("首次访问的用户数", "Users with their first visit"),
            _document(
                "trend",
                whole,
                unit="day",
                series=[_series("first_visit", "users", Words("新增用户", "New users"))],
                breakdown=["channel"],
            ),
            6,
        ),
        Showpiece(
            Words("邀请有礼：发出与接受", "Referral: invitations sent and accepted"),
            Words("每日发出与接受邀请的用户数", "Users who send and who accept an invitation"),
            _document(
                "trend",
                whole,
                unit="day",
                series=[
                    _series("invite_sent", "users", Words("发出邀请", "Invitations sent")),
                    _series("invite_accept", "users", Words("接受邀请", "Invitations accepted")),
                ],
            ),
            6,
        ),
    ]


def _loyalty(whole: dict[str, str]) -> list[Showpiece]:
    return [
        Showpiece(
            Words("新用户留存（按渠道）", "Retention of new users by channel"),
            Words("首次访问后再次打开应用", "Opening the app again after the first visit"),
            _document(
                "retention",
                whole,
                unit="day",
                start={"event": "first_visit"},
                **{"return": {"event": "app_open"}},
                periods=14,
                breakdown=["channel"],
            ),
            12,
        ),
        Showpiece(
            Words("用户生命周期（按周）", "Lifecycle by week"),
            Words("新增、持续、回流与沉默的用户", "New, returning, resurrected and dormant users"),
            _document("lifecycle", whole, unit="week", event="*"),
            6,
        ),
    ]


def _trade(month: dict[str, str]) -> list[Showpiece]:
    chain = ("view_product", "add_to_cart", "checkout_start", "pay_success")
    return [
        Showpiece(
            Words("购买转化漏斗", "Purchase funnel"),
            Words("从浏览商品到支付成功，24 小时内", "From viewing to paying within 24 hours"),
            _document("funnel", month, window="24h", steps=[{"event": event} for event in chain]),
            6,
        ),
        Showpiece(
            REVENUE,
            Words("每日支付成功的金额合计", "Sum of paid orders a day"),
            _document(
                "trend",
                month,
                unit="day",
                series=[
                    _series("pay_success", "sum", Words("支付金额", "Revenue"), property="amount")
                ],
            ),
            6,
        ),
        Showpiece(
            Words("客单价", "Average order value"),
            Words("每笔支付成功订单的平均金额", "Mean amount of a paid order"),
            _document(
                "trend",
                month,
                unit="day",
                series=[
                    _series(
                        "pay_success",
                        "avg",
                        Words("客单价", "Average order value"),
                        property="amount",
                    )
                ],
            ),
            6,
        ),
    ]


def _trouble(
    whole: dict[str, str], release: dict[str, str], incident: dict[str, str]
) -> list[Showpiece]:
    android = [{"property": "platform", "op": "is", "value": "Android"}]
    empty = [{"property": "result_count", "op": "eq", "value": 0}]
    pay = [{"event": "checkout_start"}, {"event": "pay_success"}]
    return [
        Showpiece(
            Words(
                "3.2.0 发布期的支付转化（按平台）", "Checkout to payment during 3.2.0, by platform"
            ),
            Words("从 3.2.0 发布到修复", "From release 3.2.0 to its fix"),
            _document("funnel", release, window="1h", steps=pay, breakdown=["platform"]),
            6,
        ),
        Showpiece(
            Words("安卓崩溃（按版本）", "Android crashes by version"),
            Words("每日崩溃次数", "Crashes a day"),
            _document(
                "trend",
                whole,
                unit="day",
                series=[_series("crash", "total", Words("崩溃", "Crashes"), filters=android)],
                breakdown=["app_version"],
            ),
            6,
        ),
        Showpiece(
            Words(
                "支付故障前后的支付失败（按小时）", "Failed payments by hour, around the incident"
            ),
            Words("每小时支付失败次数，按错误码", "Failed payments an hour, by error code"),
            _document(
                "trend",
                incident,
                unit="hour",
                series=[_series("pay_fail", "total", Words("支付失败", "Failed payments"))],
                breakdown=["error_code"],
            ),
            6,
        ),
        Showpiece(
            Words("没有结果的搜索词", "Searches without result"),
            Words("用户想要而没有找到的", "What users look for and do not find"),
            _document(
                "trend",
                whole,
                unit="week",
                series=[
                    _series("search", "users", Words("搜索用户", "Searching users"), filters=empty)
                ],
                breakdown=["keyword"],
            ),
            6,
        ),
    ]
