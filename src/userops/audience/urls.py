from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.audience.facts import page as facts
from userops.audience.person.page import erase, export, merge, unmerge, user
from userops.audience.users.page import users

app_name = "audience"
urlpatterns: list[URLPattern | URLResolver] = [
    path("users", users, name="users"),
    path("users/<int:uid>", user, name="user"),
    path("users/<int:uid>/export", export, name="export"),
    path("users/<int:uid>/erase", erase, name="erase"),
    path("users/<int:uid>/merge", merge, name="merge"),
    path("users/<int:uid>/merges/<int:link>/undo", unmerge, name="unmerge"),
    path("facts", facts.facts, name="facts"),
    path("facts/refresh", facts.refresh, name="facts-refresh"),
    path("facts/configure", facts.configure, name="facts-configure"),
]
