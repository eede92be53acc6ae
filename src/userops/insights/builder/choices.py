"""What a builder offers to choose from: the catalogue's events and properties by their display names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from userops.events.catalogue import personal_of
from userops.events.fields import FIELDS
from userops.events.models import EventDefinition, Fact, Product, PropertyDefinition
from userops.events.personal import Personal
from userops.query.filters import MOMENTS
from userops.query.naming import label_key
from userops.query.personal import Sight
from userops.query.steps import ANY_EVENT
from userops.words import Words

ANY_WORDS = Words("任意事件", "Any event")
OFFERED = 500
"""Names in one list. Further ones can be written into the address."""


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    hint: str = ""
    type: str = ""


def _label(chinese: str, english: str, name: str, language: str) -> str:
    first, second = (chinese, english) if language.startswith("zh") else (english, chinese)
    return first or second or name


class Choices:
    """One product's names in one language; each list is read once, when it is first needed. What the reader may not
    see is not offered, though it has its name."""

    def __init__(self, product: Product, language: str, sight: Sight = Sight.ALL):
        self.product = product
        self.language = language
        self.sight = sight

    @cached_property
    def _events(self) -> list[tuple[Choice, bool]]:
        rows = EventDefinition.objects.filter(product=self.product)
        found = [
            (
                _choice(row.name, _label(row.label_zh, row.label_en, row.name, self.language)),
                row.hidden,
            )
            for row in rows
        ]
        return sorted(found, key=lambda each: each[0].label.lower())

    @cached_property
    def events(self) -> list[Choice]:
        anything = Choice(ANY_EVENT, ANY_WORDS.text(self.language))
        return [anything, *(each for each, hidden in self._events if not hidden)][:OFFERED]

    @cached_property
    def event_labels(self) -> dict[str, str]:
        """Display names of all events that have one."""
        return {each.value: each.label for each, _ in self._events if each.label != each.value}

    @cached_property
    def _properties(self) -> dict[str, list[Choice]]:
        found: dict[str, dict[str, Choice]] = {"event": {}, "user": {}}
        hidden: set[tuple[str, str]] = set()
        for row in PropertyDefinition.objects.filter(product=self.product):
            label = _label(row.label_zh, row.label_en, row.name, self.language)
            found[row.of][row.name] = _choice(row.name, label, row.type)
            if row.hidden:
                hidden.add((row.of, row.name))
        for fact in Fact.objects.filter(product=self.product):
            label = _label(fact.label_zh, fact.label_en, fact.name, self.language)
            found["user"][fact.name] = _choice(fact.name, label, fact.type)
        for field in FIELDS:
            named = _choice(field.name, field.words.text(self.language), field.type)
            found["event"].setdefault(field.name, named)
        for moment in MOMENTS:
            named = _choice(moment.name, moment.words.text(self.language))
            found["event"].setdefault(moment.name, named)
        return {
            of: sorted(
                (each for name, each in named.items() if (of, name) not in hidden),
                key=lambda each: each.label.lower(),
            )[:OFFERED]
            for of, named in found.items()
        }

    def properties(self, of: str) -> list[Choice]:
        found = self._properties[of]
        if self.sight is Sight.ALL:
            return found
        return [each for each in found if (of, each.value) not in self._personal]

    @cached_property
    def _values(self) -> dict[str, list[Choice]]:
        rows = Fact.objects.filter(product=self.product).exclude(value_labels={})
        return {
            fact.name: [
                Choice(value, Words(**words).text(self.language))
                for value, words in fact.value_labels.items()
            ]
            for fact in rows
        }

    def values(self, pick: str) -> list[Choice]:
        """The values of a property, as `user:$rfm`, that have words of their own; empty where they are what people
        type."""
        of, _, name = pick.partition(":")
        return self._values.get(name, []) if of == "user" else []

    @cached_property
    def _personal(self) -> Personal:
        return personal_of(self.product.pk)

    @cached_property
    def words(self) -> dict[str, Words]:
        """Display names as `naming` takes them, for charts."""
        found = {("events", name): label for name, label in self.event_labels.items()}
        for of, offered in self._properties.items():
            found |= {(of, each.value): each.label for each in offered if each.label != each.value}
        return {label_key(*key): Words(label, label) for key, label in found.items()}

    def property_label(self, of: str, name: str) -> str:
        """The display name of a property of `event` or `user`; of an event with `events`."""
        if of == "events":
            return self.event_labels.get(name, name)
        return next(
            (each.label for each in self._properties.get(of, []) if each.value == name), name
        )

    def is_number(self, of: str, name: str) -> bool:
        return any(e.value == name and e.type == "number" for e in self._properties.get(of, []))


def _choice(name: str, label: str, type_: str = "") -> Choice:
    return Choice(name, label, name if label != name else "", type_)
