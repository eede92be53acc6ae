"""Saved views, canned replies and macros."""

from __future__ import annotations

from django.db import models

from userops.events.models import Product
from userops.workspace.models import User


class SavedView(models.Model):
    """Filters of the inbox under a name: of one member, or shared with all."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="ticket_views")
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ticket_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    """As the address of the inbox holds it."""
    shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "owner", "name"], name="one_view_of_name")
        ]

    def __str__(self) -> str:
        return self.name


class Macro(models.Model):
    """What is done with one click: words for the user, a note, changes. With words alone it is a canned
    reply, which is written into the answer and can be changed before it leaves."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="macros")
    name = models.CharField(max_length=60)
    reply = models.TextField(blank=True)
    """With variables such as `{{name}}` (`replying.py`)."""
    note = models.TextField(blank=True)
    change = models.JSONField(default=dict, blank=True)
    """Fields of `tickets.actions.Change` and their values."""

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="one_macro_of_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def canned(self) -> bool:
        return bool(self.reply) and not self.note and not self.change
