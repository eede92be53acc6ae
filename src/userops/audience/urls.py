from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.audience.comparing import page as comparing
from userops.audience.facts import page as facts
from userops.audience.person.page import erase, export, merge, unmerge, user
from userops.audience.personas import page as personas
from userops.audience.risk import page as risk
from userops.audience.segments import builder
from userops.audience.segments import page as segments
from userops.audience.tags import marking
from userops.audience.tags import page as tags
from userops.audience.users.page import users

app_name = "audience"
urlpatterns: list[URLPattern | URLResolver] = [
    path("users", users, name="users"),
    path("users/<int:uid>", user, name="user"),
    path("users/<int:uid>/export", export, name="export"),
    path("users/<int:uid>/erase", erase, name="erase"),
    path("users/<int:uid>/merge", merge, name="merge"),
    path("users/<int:uid>/merges/<int:link>/undo", unmerge, name="unmerge"),
    path("segments", segments.segments, name="segments"),
    path("segments/new", builder.new, name="segment_new"),
    path("segments/save", builder.save, name="segment_save"),
    path("segments/list", builder.upload, name="segment_upload"),
    path("segments/<int:pk>", segments.one, name="segment"),
    path("segments/<int:pk>/edit", builder.edit, name="segment_edit"),
    path("segments/<int:pk>/change", segments.change, name="segment_change"),
    path("segments/<int:pk>/hook", segments.hook, name="segment_hook"),
    path("segments/<int:pk>/users.<str:extension>", segments.export, name="segment_file"),
    path("facts", facts.facts, name="facts"),
    path("risk", risk.risk, name="risk"),
    path("risk/refresh", risk.refresh, name="risk-refresh"),
    path("facts/refresh", facts.refresh, name="facts-refresh"),
    path("facts/configure", facts.configure, name="facts-configure"),
    path("users/tags", marking.found, name="users-tag"),
    path("users/<int:uid>/tags", marking.person, name="user-tags"),
    path("personas", personas.personas, name="personas"),
    path("personas/new", personas.new, name="persona-set-new"),
    path("personas/<int:pk>", personas.one, name="persona-set"),
    path("personas/<int:pk>/change", personas.change, name="persona-set-change"),
    path("personas/<int:pk>/compare", personas.compare, name="persona-compare"),
    path("personas/<int:pk>/cards/<int:card>", personas.card, name="persona"),
    path("personas/<int:pk>/cards/<int:card>/edit", personas.edit, name="persona-edit"),
    path("personas/<int:pk>/cards/<int:card>/<slug:part>", personas.part, name="persona-part"),
    path("tags", tags.tags, name="tags"),
    path("tags/new", tags.new, name="tag-new"),
    path("tags/<int:pk>", tags.one, name="tag"),
    path("tags/<int:pk>/edit", tags.edit, name="tag-edit"),
    path("tags/<int:pk>/change", tags.change, name="tag-change"),
    path("tags/<int:pk>/users", tags.tagged, name="tag-people"),
    path("tags/<int:pk>/many", marking.many, name="tag-many"),
    path("tags/<int:pk>/import", tags.upload, name="tag-import"),
    path("segments/overlap", comparing.overlap, name="overlap"),
    path("segments/overlap.<str:extension>", comparing.overlap_file, name="overlap-file"),
    path("segments/overlap/users", comparing.part_people, name="overlap-people"),
    path("segments/overlap/save", comparing.save_part, name="overlap-save"),
    path("segments/compare", comparing.comparing, name="compare"),
    path("segments/compare.<str:extension>", comparing.comparison_file, name="compare-file"),
]
