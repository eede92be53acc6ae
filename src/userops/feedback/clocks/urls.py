"""The pages of clocks: deadlines and how they were kept, one ticket's ledger, policies."""

from __future__ import annotations

from django.urls import path

from userops.feedback.clocks import page, policies

app_name = "clocks"
urlpatterns = [
    path("deadlines", page.deadlines, name="deadlines"),
    path("deadlines/policies", policies.listing, name="policies"),
    path("deadlines/policies/new", policies.create, name="new"),
    path("deadlines/policies/<int:pk>", policies.edit, name="edit"),
    path("deadlines/policies/<int:pk>/change", policies.change, name="change"),
    path("deadlines/teams/<int:pk>", policies.team, name="team"),
    path("inbox/<int:number>/deadlines", page.ticket, name="ticket"),
]
