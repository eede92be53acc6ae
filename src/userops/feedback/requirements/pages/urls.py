"""Addresses under /p/<product>/feedback/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.feedback.requirements.pages import keeping, listing, one

app_name = "requirements"
urlpatterns: list[URLPattern | URLResolver] = [
    path("requirements", listing.listing, name="list"),
    path("requirements/new", keeping.new, name="new"),
    path("requirements/all.<str:extension>", listing.export, name="export"),
    path("requirements/tickets/<int:ticket>", one.of_ticket, name="ticket"),
    path("requirements/<int:number>", one.one, name="one"),
    path("requirements/<int:number>/edit", keeping.edit, name="edit"),
    path("requirements/<int:number>/change", one.change, name="change"),
    path("requirements/<int:number>/tell", one.tell, name="tell"),
]
