"""Categories, which form a tree, and teams."""

from __future__ import annotations

from django.db import models

from userops.events.models import Product
from userops.workspace.models import User


class Team(models.Model):
    """Members of the workbench who share a pile of tickets: support, tech support, finance …"""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="teams")
    name = models.CharField(max_length=100)
    members = models.ManyToManyField(User, blank=True, related_name="teams")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["product", "name"], name="one_team_of_name")]

    def __str__(self) -> str:
        return self.name


class Category(models.Model):
    """A node of the tree. `path` names all nodes from the root down to it, so that a branch is a prefix."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="categories")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    name = models.CharField(max_length=60)
    path = models.CharField(max_length=400)
    """`支付 / 退款`: as pages show it, and as the tree is ordered."""
    team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="categories"
    )
    """Who handles such tickets unless somebody says otherwise."""
    keywords = models.JSONField(default=list, blank=True)
    """Words that hint at it before the house has sorted enough tickets to learn from."""
    active = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["product", "path"], name="one_category_of_path")
        ]

    def __str__(self) -> str:
        return self.path
