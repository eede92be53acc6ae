"""Variables in prepared words: `{{name}}` becomes the name of the user who wrote."""

from __future__ import annotations

import re
from collections.abc import Callable

from userops.errors import Refused
from userops.feedback.telling.following import progress_address
from userops.feedback.tickets.models import Ticket
from userops.words import Words
from userops.workspace.models import User

_HOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")

VARIABLES: dict[str, tuple[Words, Callable[[Ticket, User | None], str]]] = {
    "name": (Words("用户称呼", "the user's name"), lambda ticket, user: ticket.name),
    "number": (Words("工单编号", "the ticket's number"), lambda ticket, user: str(ticket.number)),
    "subject": (Words("工单标题", "its subject"), lambda ticket, user: ticket.subject),
    "category": (
        Words("分类", "its category"),
        lambda ticket, user: ticket.category.name if ticket.category else "",
    ),
    "version": (Words("应用版本", "the app version"), lambda ticket, user: ticket.app_version),
    "product": (Words("产品名称", "the product's name"), lambda ticket, user: ticket.product.name),
    "progress": (
        Words("进展页链接", "the address of his page of progress"),
        lambda ticket, user: progress_address(ticket),
    ),
    "agent": (
        Words("处理人称呼", "who answers"),
        lambda ticket, user: (user.name if user else "") or "UserOps",
    ),
}


def check_variables(text: str) -> str:
    """Raises `Refused` for a variable that is not known: nobody should be sent `{{nmae}}`."""
    unknown = sorted({name for name in _HOLDER.findall(text) if name not in VARIABLES})
    if unknown:
        known = ", ".join(VARIABLES)
        raise Refused(
            Words(
                f"没有变量 {', '.join(unknown)}；可用：{known}。",
                f"There is no variable {', '.join(unknown)}; known are {known}.",
            ),
            code="variable_unknown",
            hint=Words(
                "请改用已知的变量，或删去花括号。", "Use a known one, or take the braces away."
            ),
        )
    return text


def filled(text: str, ticket: Ticket, user: User | None) -> str:
    """The words as they are sent; nobody: the desk itself answers. A variable without a value leaves no gap."""

    def value(found: re.Match[str]) -> str:
        known = VARIABLES.get(found[1])
        return known[1](ticket, user) if known else found[0]

    return re.sub(r"[ \t]{2,}", " ", _HOLDER.sub(value, text))
