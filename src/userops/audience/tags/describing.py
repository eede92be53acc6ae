"""What a tag says of people, in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from userops.audience.facts.definitions import BY_NAME
from userops.audience.tags.defining import Figure, Rules
from userops.audience.tags.models import Kind, Tag
from userops.audience.tags.selecting import described
from userops.events.store import Store
from userops.query.codes import code_words
from userops.words import Words


def describe(store: Store, tag: Tag) -> Words:
    """The definition in both languages."""
    return _TOLD[Kind(tag.kind)](store, tag)


def _manual(_store: Store, _tag: Tag) -> Words:
    return Words("由人手工打上和取下", "put on and taken off by hand")


def _imported(_store: Store, _tag: Tag) -> Words:
    return Words("来自导入的文件（用户 ID 与取值）", "from imported files of user ids and values")


def _rule(store: Store, tag: Tag) -> Words:
    parts = []
    for rule in Rules.model_validate(tag.definition).rules:
        value, segment = code_words(rule.value), described(store, tag.product, rule.segment)
        zh, en = segment.zh.rstrip("。"), segment.en.rstrip(".")
        parts.append(Words(f"{value.zh} ← {zh}", f"{value.en} ← {en}"))
    return Words(
        "按顺序取第一条满足的规则：" + "；".join(part.zh for part in parts),
        "the first rule that holds: " + "; ".join(part.en for part in parts),
    )


def _computed(_store: Store, tag: Tag) -> Words:
    figure = Figure.model_validate(tag.definition)
    fact = BY_NAME.get(figure.property)
    name = fact.words if fact else Words(figure.property, figure.property)
    values = "、".join(tag.values), ", ".join(tag.values)
    if figure.by == "cuts":
        cuts = "、".join(f"{cut:g}" for cut in figure.cuts)
        return Words(
            f"按“{name.zh}”的分割点 {cuts} 分为：{values[0]}；落在分割点上的归入较高一档",
            f"“{name.en}” cut at {cuts.replace('、', ', ')}: {values[1]}; a figure on a cut point stands above it",
        )
    return Words(
        f"按“{name.zh}”把有该数值的用户等分为 {figure.quantiles} 份：{values[0]}；数值相同的归入同一档",
        f"“{name.en}” in {figure.quantiles} equal parts of the people who have it: {values[1]}; equal figures "
        "stand together",
    )


_TOLD: dict[Kind, Callable[[Store, Tag], Words]] = {
    Kind.MANUAL: _manual,
    Kind.IMPORTED: _imported,
    Kind.RULE: _rule,
    Kind.COMPUTED: _computed,
}
