"""What the templates of segments ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template

from userops.analyses.answering import parse
from userops.analyses.selecting import selection_words
from userops.errors import UserOpsError
from userops.insights.builder.choices import Choices
from userops.insights.builder.naming import with_event_names
from userops.insights.templatetags.builder import Option
from userops.words import Words

register = template.Library()


@register.simple_tag
def user_options(choices: Choices, present: str) -> list[Option]:
    """Properties, facts and tags of users, as `user:level`."""
    found = [
        Option(f"user:{each.value}", each.label, each.hint, f"user:{each.value}" == present)
        for each in choices.properties("user")
        if not each.value.startswith(("$segment/", "$list/"))
    ]
    if present and not any(each.selected for each in found):
        found.insert(0, Option(present, present.partition(":")[2], "", True))
    return found


@dataclass(frozen=True, slots=True)
class Told:
    words: Words
    definition: Words
    cell: Words


@register.simple_tag
def behind_words(node: dict[str, Any], choices: Choices) -> Told | None:
    """The question inside a condition, in words; None where it is not valid."""
    try:
        analysis, question = parse(with_event_names(node.get("question"), choices.event_labels))
    except UserOpsError:
        return None
    cell = selection_words(node.get("selection") or {})
    return Told(analysis.words, analysis.definition(question), cell)
