"""What the fields of a rule can be, with their names: for checks, menus and sentences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import override

from userops.audience.segments.models import Segment
from userops.audience.tags.models import Tag
from userops.calendars.models import WorkCalendar
from userops.events.models import Product
from userops.feedback.clocks.steps import WHO
from userops.feedback.inbox.choices import agents
from userops.feedback.inbox.models import Macro
from userops.feedback.requirements.models import Requirement
from userops.feedback.rules.vocabulary import CLOCKS
from userops.feedback.sorting.models import Category, Team
from userops.feedback.tickets.models import Sentiment, Severity, Source, Status
from userops.notices.models import Channel
from userops.words import Words

Named = dict[Any, Words]


def _labels(choices: Any) -> Named:
    """Value → label in both languages."""

    def told(language: str) -> dict[str, str]:
        with override(language):
            return {value: str(label) for value, label in choices.choices if value}

    zh, en = told("zh-hans"), told("en")
    return {value: Words(zh[value], en[value]) for value in zh}


_CHOICES: dict[str, Callable[[], Named]] = {
    "severity": lambda: _labels(Severity),
    "status": lambda: _labels(Status),
    "before": lambda: _labels(Status),
    "sentiment": lambda: _labels(Sentiment),
    "channel": lambda: _labels(Source),
    "clock": lambda: dict(CLOCKS),
}
CHOICES: Mapping[str, list[str]] = {
    "severity": Severity.values,
    "status": Status.values,
    "before": Status.values,
    "sentiment": [each for each in Sentiment.values if each],
    "channel": Source.values,
    "clock": list(CLOCKS),
}
SETTABLE: Mapping[str, list[str]] = {
    "severity": Severity.values,
    "status": [each for each in Status.values if each not in (Status.NEW, Status.HANDED_OVER)],
}
"""What a rule may set: nothing becomes new again, and handing over names a team."""


class Options:
    """The rows of one product by kind of value; each list is read once, when somebody asks."""

    def __init__(self, product: Product):
        self.product = product

    def of(self, name: str) -> Named:
        """Key or value → name, for a field or a value of an action."""
        if name in _CHOICES:
            return _CHOICES[name]()
        found: Named = getattr(self, name)
        return found

    def settable(self, name: str) -> Named:
        """What an action may set a value to."""
        known = self.of(name)
        return {key: known[key] for key in SETTABLE[name]} if name in SETTABLE else known

    def _rows(self, rows: QuerySet[Any]) -> Named:
        return {row.pk: _same(str(row)) for row in rows}

    @cached_property
    def category(self) -> Named:
        return self._rows(Category.objects.filter(product=self.product))

    @cached_property
    def team(self) -> Named:
        return self._rows(Team.objects.filter(product=self.product))

    @cached_property
    def owner(self) -> Named:
        return {each.pk: _same(str(each)) for each in agents(self.product)}

    @property
    def members(self) -> Named:
        return self.owner

    @cached_property
    def segments(self) -> Named:
        return self._rows(Segment.objects.filter(product=self.product))

    @cached_property
    def tags(self) -> Named:
        return self._rows(Tag.objects.filter(product=self.product))

    @cached_property
    def macro(self) -> Named:
        return self._rows(Macro.objects.filter(product=self.product))

    @cached_property
    def requirement(self) -> Named:
        """By their numbers, which people know."""
        rows = Requirement.objects.filter(product=self.product)
        return {row.number: _same(str(row)) for row in rows}

    @cached_property
    def channels(self) -> Named:
        return self._rows(Channel.objects.filter(product=self.product))

    @cached_property
    def hours(self) -> Named:
        rows = WorkCalendar.objects.filter(product=self.product)
        standard = Words("标准工作日历", "the standard calendar")
        return {0: standard} | self._rows(rows)

    @property
    def who(self) -> Named:
        return dict(WHO)


def _same(text: str) -> Words:
    return Words(text, text)
