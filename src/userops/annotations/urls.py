"""The pages of annotations."""

from __future__ import annotations

from django.urls import path

from userops.annotations import page

app_name = "annotations"
urlpatterns = [
    path("annotations", page.listing, name="list"),
    path("annotations/create", page.create, name="create"),
    path("annotations/<int:pk>", page.one, name="one"),
    path("annotations/<int:pk>/change", page.change, name="change"),
    path("annotations/<int:pk>/delete", page.delete, name="delete"),
]
