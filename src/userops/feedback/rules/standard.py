"""Ready-made rules: what a desk often wants, to begin with. Each is a draft until it is saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from userops.events.models import Product
from userops.feedback.sorting.models import Category, Team
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Ready:
    """`document` is made for a product, so that it names its teams and categories where they fit."""

    name: Words
    why: Words
    document: Callable[[Product], dict[str, Any]]


def _row(model: type[Team | Category], product: Product, *words: str) -> int | None:
    """The first row whose name holds one of these words."""
    rows = list(model.objects.filter(product=product))
    return next((row.pk for word in words for row in rows if word in str(row).lower()), None)


def _bad(_product: Product) -> dict[str, Any]:
    some = [
        {"field": "sentiment", "test": "in", "values": ["negative"]},
        {"field": "complaint", "test": "yes"},
    ]
    then = [{"do": "severity", "value": "high"}, {"do": "tell", "who": ["team", "managers"]}]
    return {"when": {"cause": "read"}, "if": {"any": some}, "then": then}


def _payment(product: Product) -> dict[str, Any]:
    category = _row(Category, product, "支付", "退款", "payment", "pay")
    team = _row(Team, product, "技术", "tech")
    where: dict[str, Any] = {
        "field": "text",
        "test": "contains",
        "values": ["支付", "付款", "扣款", "退款"],
    }
    if category:
        where = {"field": "category", "test": "in", "values": [category]}
    words = "支付问题，请查看订单与支付渠道。"
    then = (
        [{"do": "hand_over", "value": team, "text": words}]
        if team
        else [{"do": "note", "text": words}]
    )
    when = {"cause": "category" if category else "opened"}
    return {"when": when, "if": {"all": [where]}, "then": then}


def _rated(_product: Product) -> dict[str, Any]:
    low = {"field": "rating", "test": "at_most", "values": [2]}
    then = [{"do": "status", "value": "open"}, {"do": "tell", "who": ["owner", "managers"]}]
    return {"when": {"cause": "rated"}, "if": {"all": [low]}, "then": then}


def _silent(_product: Product) -> dict[str, Any]:
    when = {"cause": "unanswered", "hours": 8, "calendar": 0}
    return {"when": when, "if": {}, "then": [{"do": "tell", "who": ["owner", "team"]}]}


def _given_up(_product: Product) -> dict[str, Any]:
    text = "您好，一直没有收到您的补充，我们先结束这次反馈。需要时直接回复即可重新打开。"
    then = [{"do": "answer", "text": text}, {"do": "status", "value": "closed"}]
    return {"when": {"cause": "waiting", "hours": 168, "calendar": None}, "if": {}, "then": then}


def _late(_product: Product) -> dict[str, Any]:
    then = [{"do": "severity", "value": "urgent"}, {"do": "tell", "who": ["managers"]}]
    return {"when": {"cause": "late"}, "if": {}, "then": then}


READY: dict[str, Ready] = {
    "bad-review": Ready(
        Words("差评升级", "Bad words are raised"),
        Words(
            "情感为负面或属于投诉的，提高严重程度并通知团队。",
            "Negative words and complaints become high; the team is told.",
        ),
        _bad,
    ),
    "payment": Ready(
        Words("支付问题转技术支持", "Payments to tech support"),
        Words("支付类工单自动转交。", "Tickets about payments are handed over."),
        _payment,
    ),
    "bad-rating": Ready(
        Words("低分回访", "Low ratings are taken up again"),
        Words(
            "用户评 1–2 分的，重新打开并通知处理人。",
            "A rating of 1 or 2 opens it again and tells its owner.",
        ),
        _rated,
    ),
    "silent": Ready(
        Words("久未回复提醒", "Nobody answered"),
        Words(
            "用户等待回复满 8 个工作小时，提醒处理人与团队。",
            "After 8 working hours owner and team are told.",
        ),
        _silent,
    ),
    "given-up": Ready(
        Words("用户久未补充则关闭", "The user said nothing more"),
        Words(
            "等待用户补充满 7 天，告知后关闭。",
            "After 7 days of waiting he is told, and it is closed.",
        ),
        _given_up,
    ),
    "late": Ready(
        Words("超时升级", "Late ones become urgent"),
        Words(
            "时限已过的，改为紧急并通知管理者。",
            "What is late becomes urgent; those who manage the desk are told.",
        ),
        _late,
    ),
}
