"""Tags, and who changed what when. The values of people are facts of the event store, under `$tag/<name>`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import pgettext_lazy

from userops.events.models import Product
from userops.events.personal import looks_personal
from userops.words import Words
from userops.workspace.models import User

PREFIX = "$tag/"


class Kind(models.TextChoices):
    MANUAL = "manual", pgettext_lazy("tag", "By hand")
    RULE = "rule", pgettext_lazy("tag", "By rule")
    COMPUTED = "computed", pgettext_lazy("tag", "By figure")
    IMPORTED = "imported", pgettext_lazy("tag", "From files")


class Tag(models.Model):
    """`name` is what people and documents call it, and stays. `values`: what it may say; empty: it is on or off."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)
    description = models.CharField(max_length=500, blank=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    values = models.JSONField(default=list)
    definition = models.JSONField(default=dict)
    """Of a rule tag: `{"rules": [{"value": …, "segment": …}]}`; of a computed one: its figure and cuts."""
    personal = models.BooleanField(
        null=True, help_text="Whether its values say who somebody is; null: as its name says."
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    # as it stands
    people = models.PositiveBigIntegerField(default=0)
    everyone = models.PositiveBigIntegerField(default=0)
    """All people of the product when the people were counted."""
    counts = models.JSONField(default=dict)
    """People by value."""
    refreshed = models.DateTimeField(null=True)
    data_version = models.PositiveBigIntegerField(default=0)
    problem = models.JSONField(null=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_tag_of_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def fact(self) -> str:
        """The name of its fact: a user property in documents."""
        return PREFIX + self.name

    @property
    def refreshes(self) -> bool:
        """Whether its values follow from data, and not from what people put on."""
        return self.kind in (Kind.RULE, Kind.COMPUTED)

    @property
    def is_personal(self) -> bool:
        """Whether its values say who somebody is."""
        return looks_personal("user", self.fact) if self.personal is None else self.personal

    @property
    def share(self) -> float | None:
        return self.people / self.everyone if self.everyone else None

    @property
    def problem_words(self) -> Words | None:
        return Words(**self.problem) if self.problem else None


class TagChange(models.Model):
    """One change of a tag or of who has it. `uid`: of a single person, else how many `people` it was."""

    class Action(models.TextChoices):
        CREATED = "created", pgettext_lazy("tag", "created")
        CHANGED = "changed", pgettext_lazy("tag", "definition changed")
        PUT = "put", pgettext_lazy("tag", "put on")
        TAKEN = "taken", pgettext_lazy("tag", "taken off")
        IMPORTED = "imported", pgettext_lazy("tag", "imported")
        REFRESHED = "refreshed", pgettext_lazy("tag", "refreshed")

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="changes")
    action = models.CharField(max_length=10, choices=Action.choices)
    who = models.CharField(max_length=254, blank=True)
    """Empty: the schedule."""
    at = models.DateTimeField(auto_now_add=True)
    uid = models.PositiveBigIntegerField(null=True)
    people = models.PositiveBigIntegerField(default=0)
    value = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["tag", "uid"])]
