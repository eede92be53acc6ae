"""Segments and tags of the demo company, and its computed facts: whom its team looks at every week."""

from __future__ import annotations

from typing import Any

from userops.audience.facts.refreshing import refresh
from userops.audience.segments.actions import create_segment
from userops.audience.segments.models import Segment
from userops.audience.tags.actions import create_tag, put_on_many
from userops.audience.tags.defining import Wanted
from userops.audience.tags.models import Kind, Tag
from userops.audience.tags.selecting import members
from userops.events.models import Product
from userops.events.store import Store
from userops.words import Words
from userops.workspace.models import User

MONTH = {"last": 30}
FOLLOWED = 40
"""So many a team can follow up in person."""


def group_people(store: Store, product: Product, owner: User, language: str) -> None:
    """Segments and tags, unless the product has any already."""
    if not Segment.objects.filter(product=product).exists():
        for name, about, where in _segments():
            create_segment(
                store,
                product,
                {"product": product.slug, "where": where},
                name=name.text(language),
                description=about.text(language),
                acting_user=owner,
            )
    if not Tag.objects.filter(product=product).exists():
        refresh(store, product)  # a tag of spending is made of them
        for wanted in _tags(language):
            tag = create_tag(store, product, wanted, acting_user=owner)
            if tag.kind == Kind.MANUAL:
                often = _did("pay_success", value=3, range={"last": 60})
                who = sorted(members(store, product, {"where": often}))
                put_on_many(store, tag, who[:FOLLOWED], acting_user=owner)


def _segments() -> list[tuple[Words, Words, dict[str, Any]]]:
    return [
        (
            Words("复购用户", "Repeat buyers"),
            Words("近 30 天支付至少两次", "Paid at least twice in 30 days"),
            _did("pay_success", value=2),
        ),
        (
            Words("加购未支付", "In the cart, not paid"),
            Words("近 30 天加购至少两次而没有支付", "Into the cart twice in 30 days, never paid"),
            {"and": [_did("add_to_cart", value=2), _did("pay_success", op="none")]},
        ),
        (
            Words("流失预警", "About to leave"),
            Words("近 60 天支付过，近 14 天没有打开应用", "Paid in 60 days, not seen for 14"),
            {
                "and": [
                    _did("pay_success", range={"last": 60}),
                    _did("app_open", op="none", range={"last": 14}),
                ]
            },
        ),
        (
            Words("遇到崩溃的用户", "Users who met a crash"),
            Words("近 60 天遇到过崩溃，回访与补偿的对象", "To be called back and compensated"),
            _did("crash", range={"last": 60}),
        ),
    ]


def _did(event: str, **fields: Any) -> dict[str, Any]:
    return {"who": "did", "event": event, "range": MONTH, **fields}


def _tags(language: str) -> list[Wanted]:
    spending = [
        Words("未消费", "Nothing"),
        Words("少量", "Little"),
        Words("中等", "Medium"),
        Words("高", "High"),
    ]
    vip = Words("需要一对一跟进的用户，由运营手工标记", "Followed up in person; put on by hand")
    return [
        Wanted(
            name=Words("消费档位", "Spending").text(language),
            kind=Kind.COMPUTED,
            description=Words("按累计支付金额分档", "By the sum ever paid").text(language),
            values=tuple(words.text(language) for words in spending),
            definition={"property": "$amount", "by": "cuts", "cuts": [0.01, 100, 500]},
        ),
        Wanted(
            name=Words("重点跟进", "Follow up").text(language),
            description=vip.text(language),
        ),
    ]
