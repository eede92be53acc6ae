"""Errands of surveys: the list, results, topics of open answers, answers from a file, facts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from userops.errors import NotFound, Refused
from userops.events.store import Store
from userops.experience.surveys import importing
from userops.experience.surveys.files.actions import begin, undo_import
from userops.experience.surveys.files.tasks import run_import
from userops.experience.surveys.models import Survey
from userops.experience.surveys.results import telling
from userops.experience.surveys.results.dataset import Wanted
from userops.experience.surveys.results.summary import as_dict, summary
from userops.experience.surveys.satisfaction import refresh
from userops.experience.surveys.topics import actions as topic_actions
from userops.experience.surveys.topics.growing import grow_now
from userops.experience.surveys.topics.telling import growing_line, topic_whole, topics_line
from userops.feedback.topics.carrying import State
from userops.maintenance.alone import done_here
from userops.words import Words
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The surveys of a product, the newest first."""
    rows = Survey.objects.filter(product=store.product(product)).select_related("version")
    return [
        {"id": row.pk, "name": row.name, "state": row.state, "anonymous": row.anonymous,
         "version": row.version.number if row.version else None}
        for row in rows
    ]  # fmt: skip


def results(
    store: Store, *, product: str, survey: int, convention: str = "", language: str = "en"
) -> dict[str, Any]:
    """Scores, rates, spreads. Raises `NotFound`."""
    return as_dict(summary(_found(store, product, survey), language, convention=convention))


def waves(
    store: Store, *, product: str, survey: int, question: str = "", unit: Any = "month",
    convention: str = "", way: str = "", since: str = "", until: str = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """A score by way and period. Raises `NotFound`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    return telling.waves_line(row, wanted, question=question, unit=unit, convention=convention)


def breakdown(
    store: Store, *, product: str, survey: int, question: str = "", key: str = "", convention: str = "",
    way: str = "", since: str = "", until: str = "", language: str = "en",
) -> dict[str, Any]:  # fmt: skip
    """A score by parts. Raises `NotFound`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    return telling.breakdown_line(
        row, wanted, language, question=question, key=key, convention=convention
    )


def drivers(
    store: Store, *, product: str, survey: int, question: str = "", way: str = "", since: str = "",
    until: str = "", language: str = "en",
) -> dict[str, Any]:  # fmt: skip
    """What goes together with a score. Raises `NotFound`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    return telling.drivers_line(row, wanted, language, question=question)


def weights(
    store: Store, *, product: str, survey: int, question: str = "", on: list[str] | None = None,
    convention: str = "", way: str = "", since: str = "", until: str = "",
) -> dict[str, Any]:  # fmt: skip
    """Those who answered beside all who could. Raises `NotFound`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    return telling.weights_line(
        store, row, wanted, question=question, on=on or (), convention=convention
    )


def take(
    store: Store, *, product: str, survey: int, file: str, answers: dict[str, str],
    user: str = "", day: str = "", carried: list[str] | None = None, dry_run: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Answers from a file. Raises `NotFound`, `Refused`."""
    columns = importing.Columns(answers, user, day, tuple(carried or ()))
    row, admin = _found(store, product, survey), local_admin()
    if dry_run:
        return importing.import_answers(
            row, Path(file), columns, acting_user=admin, dry_run=True
        ).as_dict()
    made = begin(row, Path(file), columns, acting_user=admin)
    run_import(made.pk)
    made.refresh_from_db()
    if made.error_words is not None:
        raise Refused(made.error_words, code="answers_not_imported")
    return {"import": made.pk, **made.outcome}


def undo(store: Store, *, product: str, survey: int, run: int) -> dict[str, int]:
    """Take back the answers of an import. Raises `NotFound`, `Refused`."""
    row = _found(store, product, survey).imports.filter(pk=run).first()
    if row is None:
        raise NotFound(
            Words(f"没有编号为 {run} 的导入。", f"There is no import {run}."),
            code="import_not_found",
        )
    return {"undone": undo_import(row, acting_user=local_admin())}


def facts(store: Store, *, product: str) -> dict[str, int]:
    """Write `$nps`, `$csat` and `$ces` anew; answers how many users each speaks of."""
    return refresh(store, store.product(product))


def topics(
    store: Store, *, product: str, survey: int, way: str = "", since: str = "", until: str = "",
    language: str = "en",
) -> dict[str, Any]:  # fmt: skip
    """Topics of open answers. Raises `NotFound`."""
    wanted = _wanted(way, since, until)
    return topics_line(_found(store, product, survey), wanted, language)


def topic(
    store: Store, *, product: str, survey: int, topic: int, way: str = "", since: str = "",
    until: str = "", language: str = "en", limit: int = 100,
) -> dict[str, Any]:  # fmt: skip
    """One with its answers. Raises `NotFound`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    return topic_whole(row, wanted, topic, language, limit=limit)


def grow_topics(
    store: Store, *, product: str, survey: int, way: str = "", since: str = "", until: str = "",
    language: str = "en",
) -> dict[str, Any]:  # fmt: skip
    """Find topics of open answers anew; answers how far it is. Raises `NotFound`, `Refused`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    growing = topic_actions.grow_topics(row, wanted, language, acting_user=local_admin())
    done_here(
        lambda: grow_now(growing),
        lambda: topic_actions.cancel_topics(row, wanted, language, acting_user=local_admin()),
    )
    return growing_line(row, wanted, language)


def topics_growing(
    store: Store, *, product: str, survey: int, way: str = "", since: str = "", until: str = "",
    language: str = "en", cancel: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """How far the growing is; `cancel` stops it. Raises `NotFound`."""
    row, wanted = _found(store, product, survey), _wanted(way, since, until)
    if cancel and growing_line(row, wanted, language)["state"] != State.IDLE:
        topic_actions.cancel_topics(row, wanted, language, acting_user=local_admin())
    return growing_line(row, wanted, language)


def _wanted(way: str, since: str, until: str) -> Wanted:
    first, last = (date.fromisoformat(each) if each else None for each in (since, until))
    return Wanted(first, last, way)


def _found(store: Store, product: str, survey: int) -> Survey:
    rows = Survey.objects.select_related("product", "version", "segment")
    row = rows.filter(product=store.product(product), pk=survey).first()
    if row is None:
        raise NotFound(
            Words(f"没有编号为 {survey} 的问卷。", f"There is no survey {survey}."),
            code="survey_not_found",
        )
    return row
