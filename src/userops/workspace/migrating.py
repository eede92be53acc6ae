"""The operational database, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ModelState, ProjectState


def migrate() -> None:
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    empty = not executor.loader.applied_migrations
    with _one_model_at_a_time() if empty else nullcontext():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _one_model_at_a_time() -> Iterator[None]:
    """A first start in a third of the time. For each new or changed model, Django makes every model anew that is
    related to it over any number of steps, which are nearly all: so that rows of all of them could be moved. An
    empty database has none. `test_migrating.py` holds that the tables become the same."""

    def add_model(state: ProjectState, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        state.models[key] = model
        if state._relations is not None:  # type: ignore[attr-defined]
            state.resolve_model_relations(key)
        if "apps" in state.__dict__:
            state.apps.render_multiple([model])
            state.apps.clear_cache()

    def only_itself(_: ProjectState, app: str, model: str, __: bool) -> set[tuple[str, str]]:
        return {(app, model.lower())}

    usual = ProjectState.add_model, ProjectState._find_reload_model  # type: ignore[attr-defined]
    _set(add_model, only_itself)
    try:
        yield
    finally:
        _set(*usual)


def _set(add_model: object, find_reload_model: object) -> None:
    ProjectState.add_model = add_model  # type: ignore[method-assign,assignment]
    ProjectState._find_reload_model = find_reload_model  # type: ignore[attr-defined]
