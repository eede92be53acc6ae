"""A run from asked to done: in the background, with progress, stopped when somebody says so."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction

from userops.audience.people import scope_of
from userops.events.models import Product
from userops.events.store import Store
from userops.experience.pain_points.measuring import measure, question_of
from userops.experience.pain_points.models import OPEN, PainPoint, Run
from userops.workspace.models import User

State = Run.State
KEPT = 60
"""Runs of a pain point that are kept: two months of days."""


class Cancelled(Exception):  # noqa: N818
    """Somebody asked to stop."""


def begin(store: Store, point: PainPoint, by: User | None) -> Run:
    """A run that waits, with the definition as it is now."""
    document = question_of(point, scope_of(store, point.product)).as_json()
    return Run.objects.create(point=point, document=document, by=by)


def carry_out(store: Store, run: Run) -> Run:
    """Compute it now. A failure leaves its reason; a run that was cancelled stays so."""
    mine = Run.objects.filter(pk=run.pk).going_on()
    if not mine.update(state=State.RUNNING):
        return run
    point = PainPoint.objects.select_related("product", "category").get(pk=run.point_id)
    asked = question_of(point, scope_of(store, point.product))

    def progress(share: float) -> None:
        if not mine.update(share=share):
            raise Cancelled

    with run.guarded(document=asked.as_json()), suppress(Cancelled):
        figures = measure(store, point, asked, progress)
        run.end(State.DONE, share=1.0, figures=figures, document=asked.as_json())
    _forget_old(point)
    run.refresh_from_db()
    return run


@transaction.atomic
def _forget_old(point: PainPoint) -> None:
    old = point.runs.order_by("-pk").values_list("pk", flat=True)[KEPT:]
    Run.objects.filter(pk__in=list(old)).delete()


def compute_daily(store: Store) -> int:
    """Every open pain point that was computed once, anew; answers how many."""
    rows = PainPoint.objects.filter(status__in=OPEN, runs__state=State.DONE).distinct()
    points = list(rows.select_related("product"))
    for point in points:
        carry_out(store, begin(store, point, None))
    return len(points)


def of_product(product: Product) -> list[PainPoint]:
    rows = PainPoint.objects.filter(product=product)
    return list(rows.select_related("product", "topic", "category", "owner"))
