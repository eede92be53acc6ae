"""Writes: persona sets and their cards. Each checks the permission, validates, and leaves a log row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from userops.analyses.answering import parse
from userops.audience.facts import days
from userops.audience.personas import refreshing
from userops.audience.personas.models import Card, PersonaSet, Schedule
from userops.audience.personas.naming import language
from userops.errors import NotFound, Refused
from userops.events import facts
from userops.events.catalogue import personal_of
from userops.events.models import Product
from userops.events.store import Store
from userops.insights.models import SavedAnalysis
from userops.query.personal import Sight, check_sight
from userops.words import Words
from userops.workspace.access import check
from userops.workspace.log import note
from userops.workspace.models import User
from userops.workspace.naming import name_of
from userops.workspace.roles import Permission
from userops.workspace.sight import check_named

MOST = 50
LONGEST_NAME, LONGEST_TEXT = 100, 2_000
USUAL: dict[str, Any] = {"kind": "personas", "range": {"last": 60}}


def find(product: Product, pk: int) -> PersonaSet:
    """Raises `NotFound`."""
    found = PersonaSet.objects.select_related("product").filter(product=product, pk=pk).first()
    if found is None:
        raise NotFound(
            Words("没有这组画像。", "There is no such persona set."), code="persona_set_not_found"
        )
    return found


def find_card(found: PersonaSet, pk: int) -> Card:
    """Raises `NotFound`."""
    card = found.cards.filter(pk=pk).first()
    if card is None:
        raise NotFound(
            Words("没有这张画像卡。", "There is no such persona card."), code="persona_not_found"
        )
    return card


def create_set(
    product: Product,
    *,
    name: str,
    document: Mapping[str, Any] | None = None,
    schedule: str = "",
    acting_user: User,
) -> PersonaSet:
    """Keep a question of personas; it is not run yet. Raises `Refused`, `DocumentError`."""
    check(acting_user, product, Permission.ANALYSE)
    if PersonaSet.objects.filter(product=product).count() >= MOST:
        raise Refused(
            Words(f"每个产品最多 {MOST} 组画像。", f"A product has at most {MOST} persona sets."),
            code="too_many_persona_sets",
        )
    _check_schedule(schedule)
    _analysis, question = parse({**USUAL, **(document or {}), "product": product.slug})
    if question.kind != "personas":
        raise Refused(
            Words(
                f"文档应为 personas 类型；实际为 {question.kind!r}。",
                f"The document must be of the kind personas; got {question.kind!r}.",
            ),
            code="kind_wrong",
            hint=Words("去掉 kind，或填 personas。", "Leave kind out, or make it personas."),
        )
    check_named(question.as_json(), product, acting_user)
    # cards are for all who may see figures
    check_sight(question.as_json(), personal_of(product.pk), Sight.FILTERED)
    kept = question.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    taken = PersonaSet.objects.filter(product=product)
    with transaction.atomic():
        found = PersonaSet.objects.create(
            product=product,
            name=_name(name, taken.filter(name=" ".join(name.split())).exists()),
            document={"kind": "personas", **kept},
            schedule=schedule,
            owner=acting_user,
            asked=datetime.now(UTC),
        )
        note(acting_user, "persona_set.created", product=product, target=found.name)
    return found


def run_set(store: Store, found: PersonaSet, *, acting_user: User) -> PersonaSet:
    """Find the groups now."""
    check(acting_user, found.product, Permission.ANALYSE)
    refreshing.refresh(store, found, acting_user.email)
    note(acting_user, "persona_set.run", product=found.product, target=found.name)
    return found


def ask_for_run(found: PersonaSet, *, before: datetime | None = None, acting_user: User) -> None:
    """Have the groups found in the background; with `before` as of then first, so that it is known who moved."""
    from userops.audience.personas.tasks import run_personas

    check(acting_user, found.product, Permission.ANALYSE)
    found.asked = datetime.now(UTC)
    found.save(update_fields=["asked"])
    note(acting_user, "persona_set.run", product=found.product, target=found.name)
    run_personas(found.pk, acting_user.email, before.isoformat() if before else "")


def set_schedule(found: PersonaSet, schedule: str, *, acting_user: User) -> None:
    check(acting_user, found.product, Permission.ANALYSE)
    _check_schedule(schedule)
    found.schedule = schedule
    found.save(update_fields=["schedule"])
    note(
        acting_user, "persona_set.scheduled", product=found.product, target=found.name,
        schedule=schedule,
    )  # fmt: skip


def delete_set(store: Store, found: PersonaSet, *, acting_user: User) -> None:
    check(acting_user, found.product, Permission.ANALYSE)
    name, fact, product = found.name, found.fact, found.product
    with transaction.atomic():
        found.delete()
        note(acting_user, "persona_set.deleted", product=product, target=name)
    if fact in facts.versions(product.pk):
        facts.drop(store, product, fact)
    days.forget(product, fact)


def change_card(store: Store, card: Card, wanted: Mapping[str, str], *, acting_user: User) -> Card:
    """Names in both languages (`name`: in that of the workspace), description, needs, suggested action. The name
    in the workspace's language is that of its users in documents, saved analyses follow it; pages say the one in
    the reader's language. Raises `Refused`."""
    found = card.persona_set
    check(acting_user, found.product, Permission.ANALYSE)
    before, words = card.name, _names(card, wanted)
    with transaction.atomic():
        if words != card.words:
            card.name, card.named = words.text(language()), True
            card.name_zh, card.name_en = words.zh, words.en
            _rename_in_analyses(found, before, card.name)
        for field in ("description", "needs", "action"):
            if field in wanted:
                setattr(card, field, wanted[field].strip()[:LONGEST_TEXT])
        card.save()
        note(
            acting_user, "persona.changed", product=found.product, target=card.name,
            set=found.name,
        )  # fmt: skip
    if card.name != before:
        _rename_in_fact(store, found, before, card.name)
    facts.rename(found.product, refreshing.about(found))
    return card


def _names(card: Card, wanted: Mapping[str, str]) -> Words:
    """What the card is to be called. Raises `Refused` for a name that another card has."""
    own = {"name_zh": card.words.zh, "name_en": card.words.en}
    given = {**own, **{key: wanted[key] for key in own if key in wanted}}
    if "name" in wanted and wanted["name"] != card.name:
        given[f"name_{language()}"] = wanted["name"]
    others = card.persona_set.cards.exclude(pk=card.pk)
    for field, name in given.items():
        taken = others.filter(Q(**{field: name}) | Q(name=name))
        given[field] = _name(name, name != own[field] and taken.exists())
    return Words(given["name_zh"], given["name_en"])


def _rename_in_fact(store: Store, found: PersonaSet, before: str, name: str) -> None:
    values = facts.read(store, found.product, found.fact)
    renamed = [name if value == before else value for value in values.values()]
    facts.write(store, found.product, refreshing.about(found), list(values), renamed)
    days.rename_value(found.product, found.fact, before, name)


def _rename_in_analyses(found: PersonaSet, before: str, name: str) -> None:
    for saved in SavedAnalysis.objects.filter(product=found.product):
        document = renamed(saved.document, found.fact, before, name)
        if document != saved.document:
            saved.document = document
            saved.save(update_fields=["document"])


def renamed(node: Any, fact: str, before: str, name: str) -> Any:
    """A document in which conditions on the fact ask for the new name."""
    if isinstance(node, list):
        return [renamed(each, fact, before, name) for each in node]
    if not isinstance(node, dict):
        return node
    changed = {key: renamed(each, fact, before, name) for key, each in node.items()}
    if changed.get("property") == fact and "value" in changed:
        value = changed["value"]
        if isinstance(value, list):
            changed["value"] = [name if each == before else each for each in value]
        elif value == before:
            changed["value"] = name
    return changed


def _check_schedule(schedule: str) -> None:
    if schedule not in Schedule.values:
        known = ", ".join(repr(value) for value in Schedule.values)
        raise Refused(
            Words(
                f"重新运行的周期应为 {known} 之一；实际为 {schedule[:40]!r}。",
                f"A schedule is one of {known}; got {schedule[:40]!r}.",
            ),
            code="schedule_invalid",
        )


def _name(name: str, taken: bool) -> str:
    name = name_of(name, LONGEST_NAME)
    if taken:
        raise Refused(
            Words(f"已有名为“{name}”的画像。", f"There is a persona “{name}” already."),
            code="name_taken",
        )
    return name
