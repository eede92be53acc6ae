"""Persona sets, the cards of their groups, and the runs that found them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from userops.events.models import Product
from userops.words import Words
from userops.workspace.models import User


class Schedule(models.TextChoices):
    NEVER = "", _("only by hand")
    WEEKLY = "week", _("every Monday")
    MONTHLY = "month", _("on the first of every month")


class PersonaSet(models.Model):
    """A `personas` document that is run again. Who is which persona stands in the engine, as the fact
    `$persona/<id>` with the name of the card as its value."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="persona_sets")
    name = models.CharField(max_length=100)
    document = models.JSONField()
    schedule = models.CharField(max_length=5, choices=Schedule.choices, blank=True, default="")
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    refreshed = models.DateTimeField(null=True)
    asked = models.DateTimeField(null=True)
    """When a run was asked for that has not ended."""
    problem = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_persona_set_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fact(self) -> str:
        """The name of its fact in documents."""
        return f"$persona/{self.pk}"

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None

    def newest(self) -> Run | None:
        return self.runs.first()


class Card(models.Model):
    """One persona. What a person wrote stays when the set is run again and the group is found again."""

    persona_set = models.ForeignKey(PersonaSet, on_delete=models.CASCADE, related_name="cards")
    name = models.CharField(max_length=100)
    """The value of its users in documents: what it is called in the workspace's language."""
    name_zh = models.CharField(max_length=100, blank=True)
    name_en = models.CharField(max_length=100, blank=True)
    named = models.BooleanField(default=False, help_text="A person chose the name.")
    description = models.TextField(blank=True)
    needs = models.TextField(blank=True)
    action = models.TextField(blank=True)
    light = models.BooleanField(default=False, help_text="Those of too few days to be grouped.")
    gone = models.BooleanField(default=False, help_text="The newest run did not find it.")
    group = models.JSONField(default=dict)
    """The group as the newest run that found it tells it: size, figures, traits, hours."""
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["gone", "light", "place", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["persona_set", "name"], name="one_card_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> Words:
        """What it is called."""
        return Words(self.name_zh or self.name, self.name_en or self.name)

    @property
    def users(self) -> int:
        return int(self.group.get("users", 0))

    @property
    def share(self) -> float | None:
        share: float | None = self.group.get("share")
        return share

    @property
    def filter(self) -> dict[str, Any]:
        """The condition on users in documents."""
        fact = self.persona_set.fact
        return {"property": fact, "op": "is", "value": self.name, "of": "user"}


class Run(models.Model):
    """One run: its figures, how groups were matched, and who moved since the run before."""

    persona_set = models.ForeignKey(PersonaSet, on_delete=models.CASCADE, related_name="runs")
    at = models.DateTimeField(auto_now_add=True)
    asked_by = models.CharField(max_length=254, blank=True)
    first = models.DateField()
    last = models.DateField()
    figures = models.JSONField()
    """Of the whole: users, grouped, light, number, agreement, criterion, features."""
    sizes = models.JSONField()
    """Users by card name."""
    moves = models.JSONField(default=list)
    """Rows of [name before, name now, users]; '' stands for nobody then or now."""

    class Meta:
        ordering = ["-pk"]
