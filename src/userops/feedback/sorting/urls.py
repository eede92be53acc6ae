"""The page of categories and teams."""

from __future__ import annotations

from django.urls import path

from userops.feedback.sorting import page

app_name = "sorting"
urlpatterns = [
    path("sorting", page.sorting, name="sorting"),
    path("sorting/category", page.save_category, name="save-category"),
    path("sorting/category/<int:pk>/delete", page.delete_category, name="delete-category"),
    path("sorting/team", page.save_team, name="save-team"),
    path("sorting/team/<int:pk>/delete", page.delete_team, name="delete-team"),
]
