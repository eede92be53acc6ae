"""The operational database, brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState


def migrate() -> None:
    with _new_models_alone():
        call_command("migrate", verbosity=0, interactive=False)


@contextmanager
def _new_models_alone() -> Iterator[None]:
    """Halves the time of a first start: for each new model Django makes anew every model that is related to
    it over any number of steps, which are nearly all. Nothing refers to a model that is new."""

    def add_model(state: ProjectState, model: ModelState) -> None:
        key = model.app_label, model.name_lower
        state.models[key] = model
        if state._relations is not None:  # type: ignore[attr-defined]
            state.resolve_model_relations(key)
        if "apps" in state.__dict__:
            state.apps.render_multiple([model])
            state.apps.clear_cache()

    usual = ProjectState.add_model
    ProjectState.add_model = add_model  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        ProjectState.add_model = usual  # type: ignore[method-assign]
