"""The pages of surveys."""

from __future__ import annotations

from django.urls import path

from userops.experience.surveys.pages import asking, build, importing, listing, results, topics

app_name = "surveys"
urlpatterns = [
    path("surveys", listing.surveys, name="list"),
    path("surveys/new", listing.new, name="new"),
    path("surveys/budget", listing.budget, name="budget"),
    path("surveys/<int:pk>", results.one, name="one"),
    path("surveys/<int:pk>/answers.<str:extension>", results.export, name="export"),
    path("surveys/<int:pk>/edit", build.edit, name="edit"),
    path("surveys/<int:pk>/preview", build.preview, name="preview"),
    path("surveys/<int:pk>/asking", asking.asking, name="asking"),
    path("surveys/<int:pk>/qr.svg", asking.qr_code, name="qr"),
    path("surveys/<int:pk>/log", asking.log, name="log"),
    path("surveys/<int:pk>/import", importing.imports, name="import"),
    path("surveys/<int:pk>/import/<str:key>", importing.new, name="import-new"),
    path("surveys/<int:pk>/imports/<int:run>", importing.one, name="imported"),
    path("surveys/<int:pk>/imports/<int:run>/undo", importing.undo, name="import-undo"),
    path("surveys/<int:pk>/imports/<int:run>/refused", importing.refused, name="import-refused"),
    path("surveys/<int:pk>/topics", topics.topics, name="topics"),
    path("surveys/<int:pk>/change", listing.change, name="change"),
]
