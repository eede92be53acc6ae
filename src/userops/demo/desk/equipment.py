"""What the desk of the demo company works with: a form for users, prepared replies, macros, a view, rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from userops.events.models import Product
from userops.feedback.channels.actions import create_channel
from userops.feedback.channels.models import Channel, Kind
from userops.feedback.inbox import actions as inbox
from userops.feedback.inbox.filters import Filters
from userops.feedback.rules import actions as rules
from userops.feedback.rules.standard import READY
from userops.feedback.tickets.models import Severity, Status
from userops.words import Words
from userops.workspace.models import User


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reply, or with `change` a macro."""

    name: Words
    reply: Words
    change: dict[str, Any] = field(default_factory=dict)
    note: Words | None = None


PREPARED = (
    Prepared(
        Words("请补充订单号与截图", "Ask for order and screenshot"),
        Words(
            "{{name}}您好，我是{{agent}}。为了尽快核实，请补充订单号和出现问题时的截图，谢谢。",
            "Hello {{name}}, this is {{agent}}. To look into it, please send the order number and a screenshot.",
        ),
    ),
    Prepared(
        Words("优惠券使用条件", "Conditions of the coupon"),
        Words(
            "您好，该券满足金额门槛且在有效期内即可使用；符合条件仍无法使用的，我们为您补发。",
            "The coupon holds above its least amount and until it ends. If yours should hold, we issue it again.",
        ),
    ),
    Prepared(
        Words("闪退：请升级并告知机型", "Crash: update, and which phone?"),
        Words(
            "您好，闪退问题已在 3.2.1 修复，请升级后再试；仍闪退的，请告知手机型号。进展：{{progress}}",
            "The crash is mended in 3.2.1: please update. If it stays, tell us which phone. Progress: {{progress}}",
        ),
        {"status": Status.WAITING, "severity": Severity.HIGH},
        Words("已请用户升级到 3.2.1。", "Asked to update to 3.2.1."),
    ),
    Prepared(
        Words("致谢并解决", "Thank and solve"),
        Words("谢谢您的肯定，我们会继续努力。", "Thank you, this makes our day."),
        {"status": Status.SOLVED},
    ),
)
SWITCHED_ON = ("bad-rating", "silent")
"""Ready-made rules; the others stand there to be tried on the past first."""
RULES = (*SWITCHED_ON, "bad-review", "given-up")


def equip(product: Product, owner: User, language: str) -> None:
    """All of it, unless the product has a channel already."""
    if Channel.objects.filter(product=product).exists():
        return
    title = Words("意见反馈", "Feedback")
    intro = Words(
        "遇到问题或有想法，都可以告诉我们。工作日当天回复。",
        "Something does not work, or could be better? Tell us: we answer the same working day.",
    )
    options = {
        "title_zh": title.zh, "title_en": title.en, "intro_zh": intro.zh, "intro_en": intro.en,
    }  # fmt: skip
    name = Words("应用与网页反馈", "App and web").text(language)
    create_channel(product, Kind.FORM, name, options, acting_user=owner)
    for each in PREPARED:
        inbox.save_macro(
            product,
            name=each.name.text(language),
            reply=each.reply.text(language),
            text=each.note.text(language) if each.note else "",
            change=each.change,
            acting_user=owner,
        )
    inbox.save_view(
        product,
        Words("未解决的投诉", "Complaints not solved").text(language),
        Filters(complaint="yes"),
        shared=True,
        acting_user=owner,
    )
    for key in RULES:
        ready = READY[key]
        made = rules.create_rule(
            product, ready.name.text(language), ready.document(product), acting_user=owner
        )
        if key in SWITCHED_ON:
            rules.switch_rule(made, active=True, acting_user=owner)
