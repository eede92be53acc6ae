"""The pages of insights. Those of analyses follow from the registry."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from userops.analyses.analysis import Analysis
from userops.analyses.registry import ANALYSES
from userops.insights.builder.page import behind_number, builder, cancel, export
from userops.insights.builder.values import values
from userops.insights.dashboards import page as dashboards
from userops.insights.overview import page as overview
from userops.insights.saved import page as saved
from userops.insights.sql import page as sql


def _of(analysis: Analysis) -> list[URLPattern]:
    """An analysis's page, the people behind its numbers, its files."""
    kind = analysis.kind
    return [
        path(f"insights/{kind}", builder(analysis), name=kind),
        path(f"insights/{kind}/people", behind_number(analysis), name=f"{kind}_people"),
        path(f"insights/{kind}/file.<str:extension>", export(analysis), name=f"{kind}_file"),
    ]


app_name = "insights"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="overview"),
    path("overview/<slug:group>", overview.group, name="overview_group"),
    *(each for analysis in ANALYSES for each in _of(analysis)),
    path("insights/values", values, name="values"),
    path("insights/cancel/<str:query_id>", cancel, name="cancel"),
    path("insights/new/<slug:kind>", saved.new, name="new"),
    path("insights/saved", saved.saved, name="saved"),
    path("insights/saved/save", saved.save, name="save"),
    path("insights/saved/delete", saved.delete_many, name="delete_many"),
    path("insights/saved/<int:pk>", saved.one, name="saved_one"),
    path("insights/saved/<int:pk>/change", saved.change, name="change_saved"),
    path("insights/saved/<int:pk>/delete", saved.delete, name="delete_saved"),
    path("sql", sql.sql, name="sql"),
    path("sql/run", sql.run, name="sql_run"),
    path("sql/inputs", sql.inputs, name="sql_inputs"),
    path("sql/cancel/<str:query_id>", sql.cancel, name="sql_cancel"),
    path("sql/file.<str:extension>", sql.file, name="sql_file"),
    path("sql/save", sql.save, name="sql_save"),
    path("sql/saved/<int:pk>/change", sql.change, name="sql_change"),
    path("sql/saved/<int:pk>/delete", sql.delete, name="sql_delete"),
    path("sql/history", sql.history, name="sql_history"),
    path("sql/history/forget", sql.forget, name="sql_forget"),
    path("dashboards", dashboards.dashboards, name="dashboards"),
    path("dashboards/create", dashboards.create, name="create_dashboard"),
    path("dashboards/<int:pk>", dashboards.dashboard, name="dashboard"),
    path("dashboards/<int:pk>/change", dashboards.change, name="change_dashboard"),
    path("dashboards/<int:pk>/range", dashboards.keep_range, name="keep_range"),
    path("dashboards/<int:pk>/delete", dashboards.delete, name="delete_dashboard"),
    path("dashboards/<int:pk>/add", dashboards.add, name="add_card"),
    path("dashboards/<int:pk>/arrange", dashboards.arrange, name="arrange"),
    path("dashboards/<int:pk>/cards/<int:card>", dashboards.card, name="card"),
    path("dashboards/<int:pk>/cards/<int:card>/change", dashboards.change_card, name="change_card"),
]
