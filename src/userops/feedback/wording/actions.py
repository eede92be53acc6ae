"""Writes: the plugged model set up and tried; words asked for, edited, taken as a topic's name, thrown away."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from userops.errors import Refused
from userops.events.models import Product
from userops.feedback.tickets.models import Ticket
from userops.feedback.topics.actions import rename
from userops.feedback.topics.models import Topic
from userops.feedback.wording import asking, problems, tasks, using
from userops.feedback.wording.calling import checked_address
from userops.feedback.wording.models import Kind, PluggedModel, Wording
from userops.notices.sealing import seal
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.roles import Permission

BUDGETS = range(1, 100_001)
SECONDS = range(1, 301)
LONGEST_KEY = 2_000
State = Wording.State


@dataclass(frozen=True, slots=True)
class Settings:
    """How the model should be. `key` None keeps the one there is, as long as the host stays the same."""

    address: str
    model: str
    key: str | None = None
    active: bool = False
    language: str = "zh-hans"
    budget: int = 200
    seconds: int = 30


@transaction.atomic
def set_up(product: Product, wanted: Settings, *, acting_user: User) -> PluggedModel:
    """Raises `Refused`."""
    check(acting_user, product, Permission.MANAGE_WORKSPACE)
    address, model = checked_address(wanted.address), " ".join(wanted.model.split())
    key = (wanted.key or "").strip()
    fits = 0 < len(model) <= 200 and len(address) <= 500 and len(key) <= LONGEST_KEY
    if not fits or not key.isascii() or any(each.isspace() for each in key):
        raise Refused(
            Words("请填写模型名称；密钥不能含空格。", "Name the model; a key has no blanks."),
            code="model_settings_invalid",
            hint=Words(
                "模型名称见服务商的模型列表。", "The provider’s list of models tells the name."
            ),
        )
    if wanted.budget not in BUDGETS or wanted.seconds not in SECONDS:
        raise Refused(
            Words(
                f"每日次数应为 1 到 {BUDGETS[-1]}，秒数应为 1 到 {SECONDS[-1]}。",
                f"Requests of a day are 1 to {BUDGETS[-1]}, seconds 1 to {SECONDS[-1]}.",
            ),
            code="model_limits_invalid",
            hint=Words("请填写范围内的整数。", "Give whole numbers within these."),
        )
    row = PluggedModel.objects.filter(product=product).first() or PluggedModel(product=product)
    if wanted.key is not None:
        row.key = seal(key) if key else ""
    elif row.address != address:
        row.key = ""  # a key never goes to an address that it was not given for
    row.address, row.model, row.active = address, model, wanted.active
    row.language = "en" if wanted.language == "en" else "zh-hans"
    row.budget, row.seconds, row.wait_until = wanted.budget, wanted.seconds, None
    row.save()
    note(
        acting_user,
        "model.configured",
        product=product,
        target=model,
        address=address,
        active=row.active,
        budget=row.budget,
    )
    return row


def unplug(product: Product, *, acting_user: User) -> None:
    """The settings and the key go; what was written and the log of uses stay."""
    check(acting_user, product, Permission.MANAGE_WORKSPACE)
    PluggedModel.objects.filter(product=product).delete()
    note(acting_user, "model.unplugged", product=product)


def try_out(product: Product, *, acting_user: User) -> asking.Said:
    """Send words of ours. Raises `Refused`, `ModelFailed`."""
    check(acting_user, product, Permission.MANAGE_WORKSPACE)
    row = PluggedModel.objects.filter(product=product).first()
    if row is None:
        raise problems.is_off()
    note(acting_user, "model.tried", product=product)
    return using.ask(row, asking.of_test(row.language), kind=Kind.TEST, by=acting_user)


def word_topic(topic: Topic, *, acting_user: User) -> Wording:
    """Ask for a better name and a summary, in the background. Raises `Refused`."""
    return _ask(topic.product, Kind.TOPIC, str(topic.pk), acting_user)


def word_ticket(ticket: Ticket, *, acting_user: User) -> Wording:
    """Ask for a summary of all that was said, in the background. Raises `Refused`."""
    return _ask(ticket.product, Kind.TICKET, str(ticket.number), acting_user)


def _ask(product: Product, kind: str, key: str, acting_user: User) -> Wording:
    check(acting_user, product, Permission.HANDLE_TICKETS)
    row = using.plugged(product)
    if using.used_today(product) >= row.budget:
        raise problems.budget_spent(row.budget)
    made, _new = Wording.objects.update_or_create(
        product=product,
        kind=kind,
        key=key,
        defaults={"state": State.WAITING, "asked_by": acting_user, "problem": None},
    )
    note(acting_user, "model.asked", product=product, target=f"{kind} {key}")
    transaction.on_commit(lambda: tasks.write(made.pk) and None)
    return made


def edit(words: Wording, *, name: str, summary: str, acting_user: User) -> Wording:
    """What a member makes of it. Raises `Refused`."""
    check(acting_user, words.product, Permission.HANDLE_TICKETS)
    name, summary = " ".join(name.split())[:120], summary.strip()[:2_000]
    if not summary and not name:
        raise Refused(Words("请填写内容。", "Write something."), code="wording_empty")
    words.name, words.summary, words.edited_by = name, summary, acting_user
    words.state, words.problem = State.DONE, None
    words.save(update_fields=["name", "summary", "edited_by", "state", "problem"])
    note(acting_user, "model.words_edited", product=words.product, target=_named(words))
    return words


def take_name(words: Wording, *, acting_user: User) -> Topic:
    """A member names the topic so; its name is then that member's. Raises `Refused`."""
    topic = Topic.objects.filter(product=words.product, pk=int(words.key)).first()
    if words.kind != Kind.TOPIC or topic is None or not words.name:
        raise Refused(Words("没有可用的名称。", "There is no name to take."), code="wording_empty")
    return rename(topic, words.name, acting_user=acting_user)


def throw_away(words: Wording, *, acting_user: User) -> None:
    check(acting_user, words.product, Permission.HANDLE_TICKETS)
    note(acting_user, "model.words_deleted", product=words.product, target=_named(words))
    words.delete()


def _named(words: Wording) -> str:
    return f"{words.kind} {words.key}"
