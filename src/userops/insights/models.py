"""Saved analyses, the dashboards they stand on, and SQL: kept under a name, and what was asked."""

from __future__ import annotations

from django.db import models

from userops.events.models import Product
from userops.workspace.models import User


class SavedAnalysis(models.Model):
    """A named query document."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="analyses")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    kind = models.CharField(max_length=40)
    document = models.JSONField()
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="analyses")
    shared = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Dashboard(models.Model):
    """A page of cards with one date range."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="dashboards")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    range = models.JSONField(
        null=True, blank=True, help_text="Replaces the range of every card when set."
    )
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="dashboards")
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """One saved analysis on a dashboard. `width` is in columns of 12."""

    dashboard = models.ForeignKey(Dashboard, on_delete=models.CASCADE, related_name="cards")
    analysis = models.ForeignKey(SavedAnalysis, on_delete=models.CASCADE, related_name="cards")
    position = models.PositiveIntegerField(default=0)
    width = models.PositiveSmallIntegerField(default=6)

    class Meta:
        ordering = ["position", "pk"]


class SqlQuery(models.Model):
    """SQL under a name. `parameters`: the values that its inputs begin with."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sql_queries")
    name = models.CharField(max_length=200)
    text = models.TextField()
    parameters = models.JSONField(default=dict)
    owner = models.ForeignKey(
        User, null=True, on_delete=models.SET_NULL, related_name="sql_queries"
    )
    shared = models.BooleanField(default=True)
    created = models.DateTimeField(auto_now_add=True)
    updated = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class SqlRun(models.Model):
    """SQL that somebody asked: their own history. `error` is a stable code, empty when it was answered."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="sql_runs")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sql_runs")
    door = models.CharField(max_length=10)
    text = models.TextField()
    parameters = models.JSONField(default=dict)
    rows = models.PositiveIntegerField(default=0)
    took_ms = models.FloatField(default=0)
    error = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["user", "product", "-id"], name="sql_run_of_user")]
