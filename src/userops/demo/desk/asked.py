"""What the users of the demo company ask for: one has shipped, and those who asked are not told yet; others wait."""

from __future__ import annotations

from dataclasses import dataclass

from userops.events.models import Product
from userops.feedback.requirements import actions
from userops.feedback.requirements.actions import Wanted
from userops.feedback.requirements.models import Requirement, Status
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.models import User


@dataclass(frozen=True, slots=True)
class Asked:
    """`text`: what the tickets say that ask for it."""

    title: Words
    text: str
    reference: str
    status: str = Status.PLANNED
    version: str = ""


WISHES = (
    Asked(Words("深色模式", "Dark mode"), "希望深色模式", "APP-1180", Status.SHIPPED, "3.2.1"),
    Asked(
        Words("合并订单付款", "Pay several orders at once"), "希望支持合并订单", "APP-1204",
        Status.IN_PROGRESS,
    ),
    Asked(Words("到货提醒", "Tell me when it is back"), "能不能加个到货提醒", "APP-1211"),
    Asked(Words("更多宠物用品", "More for pets"), "希望多上一些宠物用品", "BUY-87", Status.DECLINED),
)  # fmt: skip


def keep_requirements(product: Product, owner: User) -> None:
    """The requirements with their tickets, unless the product has any already."""
    if Requirement.objects.filter(product=product).exists():
        return
    for wish in WISHES:
        wanted = Wanted(wish.title.zh, wish.title.en, reference=wish.reference)
        made = actions.create(product, wanted, acting_user=owner)
        rows = Ticket.objects.filter(product=product, subject__contains=wish.text)
        numbers = list(rows.values_list("number", flat=True))[:500]
        if numbers:
            actions.link_tickets(made, numbers, acting_user=owner)
        if wish.status != Status.PLANNED:
            actions.set_status(made, wish.status, version=wish.version, acting_user=owner)
