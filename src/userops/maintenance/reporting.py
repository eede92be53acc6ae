"""Errands of reports: build one with its files, list, show, sign. The machine's own administrator does them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from userops.errors import NotFound
from userops.events.store import Store
from userops.reports import actions
from userops.reports.building import build
from userops.reports.exporting import exports
from userops.reports.models import Issue, Report
from userops.reports.telling import report_line, whole_issue
from userops.words import Words
from userops.workspace.setup import local_admin


def make(
    store: Store,
    *,
    product: str,
    kind: str,
    period: str,
    formats: list[str],
    languages: list[str],
    out: str,
    settings: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Build a report now and write its files into a folder of this machine."""
    begun = time.perf_counter()
    issue = _built(store, product, kind, period, settings)
    built = time.perf_counter()
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for language in languages:
        for made in exports(issue, formats, language):
            (folder / made.name).write_bytes(made.content)
            files.append(str(folder / made.name))
    return {
        **report_line(issue.report),
        "files": files,
        "figures": issue.figures.filter(problem__isnull=True).count(),
        "left_out": [
            {"figure": row.key, **(row.problem or {})}
            for row in issue.figures.filter(problem__isnull=False)
        ],
        "seconds": {
            "figures": round(built - begun, 2),
            "files": round(time.perf_counter() - built, 2),
        },
    }


def build_now(
    store: Store, product: str, kind: str, period: str, settings: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Make a report with its figures; answers its line."""
    return report_line(_built(store, product, kind, period, settings).report)


def _built(
    store: Store, product: str, kind: str, period: str, settings: Mapping[str, Any] | None
) -> Issue:
    issue = actions.create_report(
        store.product(product), kind, period, settings=settings, acting_user=local_admin()
    )
    return build(issue, store)


def listing(store: Store, *, product: str) -> list[dict[str, Any]]:
    """The reports of a product, the newest period first."""
    rows = Report.objects.filter(product=store.product(product)).select_related("product")
    return [report_line(row) for row in rows]


def show(store: Store, *, product: str, report: int, version: int | None = None) -> dict[str, Any]:
    """One issue with figures, sentences and what the linter says. Raises `NotFound`."""
    return whole_issue(find(store, product, report, version))


@transaction.atomic
def sign(store: Store, *, product: str, report: int) -> dict[str, Any]:
    """Hand the newest version in where it is a draft, and issue it. Raises `Refused`: then it stays a draft."""
    issue = find(store, product, report, None)
    if issue.status == "draft":
        issue = actions.submit(issue, acting_user=local_admin())
    actions.issue_report(issue, acting_user=local_admin())
    return report_line(issue.report)


def find(store: Store, product: str, report: int, version: int | None) -> Issue:
    """One version, the newest where none is named. Raises `NotFound`."""
    rows = Issue.objects.filter(report=report, report__product=store.product(product))
    found = (rows.filter(number=version) if version else rows).first()
    if found is None:
        raise NotFound(
            Words(f"没有编号为 {report} 的报告。", f"There is no report {report}."),
            code="report_not_found",
        )
    return found
