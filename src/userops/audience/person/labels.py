"""What the catalogue calls events and properties, for the timeline of one user."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from userops.events.fields import BY_NAME
from userops.events.models import EventDefinition, Product, PropertyDefinition
from userops.events.timeline import Moment
from userops.workspace.language import reader_language

_TOLD = ("page", "amount", "platform", "city", "channel", "app_version")
_HOW_MANY = 4


@dataclass(frozen=True, slots=True)
class Told:
    """One event as the timeline shows it. `told` is a line of what matters most."""

    moment: Moment
    name: str
    told: str
    properties: list[tuple[str, Any]]


class Labels:
    """The display names of one product, in the reader's language."""

    def __init__(self, product: Product):
        self.language = reader_language()
        wanted = "label_zh" if self.language.startswith("zh") else "label_en"
        events = EventDefinition.objects.filter(product=product)
        self._events = dict(events.values_list("name", wanted))
        rows = PropertyDefinition.objects.filter(product=product)
        self._properties = {
            (of, name): label for of, name, label in rows.values_list("of", "name", wanted)
        }

    def event(self, name: str) -> str:
        return self._events.get(name) or name

    def event_property(self, name: str) -> str:
        standard = BY_NAME.get(name)
        own = self._properties.get(("event", name))
        return own or (standard.words.text(self.language) if standard else name)

    def user_property(self, name: str) -> str:
        return self._properties.get(("user", name)) or name

    def told(self, moment: Moment) -> Told:
        fields, own = moment.fields, moment.properties
        short = [str(fields[name]) for name in _TOLD if name in fields]
        if len(short) < _HOW_MANY:
            plain = (value for value in own.values() if isinstance(value, str | int | float))
            short += [str(value) for value, _n in zip(plain, range(_HOW_MANY), strict=False)]
        every = [(self.event_property(name), value) for name, value in {**fields, **own}.items()]
        return Told(moment, self.event(moment.event), " · ".join(short[:_HOW_MANY]), every)
