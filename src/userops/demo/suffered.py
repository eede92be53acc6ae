"""Pain points that the demo company keeps: one with a price (`pain.py`), others without; figured in the background."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from userops.events.models import Product
from userops.events.store import Store
from userops.experience.pain_points.actions import Wanted, ask_for_run, create
from userops.experience.pain_points.models import PainPoint
from userops.feedback.sorting.models import Category
from userops.words import Words
from userops.workspace.models import User

DAYS, AFTER = 60, 14


@dataclass(frozen=True, slots=True)
class Suffered:
    """`category`: what its tickets are about, as `desk.words` names it."""

    title: Words
    category: Words
    evidence: dict[str, Any]
    note: Words


POINTS = (
    Suffered(
        Words("应用闪退", "The app crashes"),
        Words("应用 / 闪退", "App / Crash"),
        {"kind": "event", "step": {"event": "crash"}},
        Words("3.2.0 在部分安卓机型上闪退。", "Version 3.2.0 crashes on some Android devices."),
    ),
    Suffered(
        Words("支付失败", "Payments fail"),
        Words("支付 / 支付失败", "Payment / Failed"),
        {"kind": "event", "step": {"event": "pay_fail"}},
        Words("支付未完成，附错误码。", "A payment that did not go through, with an error code."),
    ),
    Suffered(
        Words("搜不到想要的商品", "Goods that are not found"),
        Words("商品 / 找不到", "Goods / Not found"),
        {
            "kind": "event",
            "step": {
                "event": "search",
                "filters": [{"property": "result_count", "op": "eq", "value": 0}],
            },
            "among": {"event": "search"},
        },
        Words("搜索没有结果。", "Searches without a result."),
    ),
)


def keep_pain_points(store: Store, product: Product, owner: User, language: str) -> None:
    """The points, unless the product has any already; their figures follow in the background."""
    if PainPoint.objects.filter(product=product).exists():
        return
    categories = dict(Category.objects.filter(product=product).values_list("path", "pk"))
    for each in POINTS:
        wanted = Wanted(
            each.title.zh,
            title_en=each.title.en,
            note=each.note.text(language),
            category=categories.get(each.category.text(language)),
            document={"evidence": each.evidence, "days": DAYS, "after": AFTER},
        )
        point = create(product, wanted, acting_user=owner)
        ask_for_run(store, point, acting_user=owner)
