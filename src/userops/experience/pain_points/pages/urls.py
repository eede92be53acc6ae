"""The pages of pain points."""

from __future__ import annotations

from django.urls import path

from userops.experience.pain_points.pages import asking, listing, one

app_name = "pain_points"
urlpatterns = [
    path("pain-points", listing.listing, name="list"),
    path("pain-points/new", asking.new, name="new"),
    path("pain-points/compute", listing.compute_all, name="compute"),
    path("pain-points/ranking.<str:extension>", listing.export, name="export"),
    path("pain-points/tickets/<int:ticket>", asking.attach, name="attach"),
    path("pain-points/<int:number>", one.one, name="one"),
    path("pain-points/<int:number>/edit", asking.edit, name="edit"),
    path("pain-points/<int:number>/change", one.change, name="change"),
    path("pain-points/<int:number>/users/<str:side>", one.people, name="people"),
    path(
        "pain-points/<int:number>/files/<str:side>.<str:extension>",
        one.people_file,
        name="people_file",
    ),
]
