"""The files of a run: written once, so that everybody gets the same ones, and their hashes."""

from __future__ import annotations

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from userops.config import current
from userops.notices.telling import absolute
from userops.publishing.exporters import EXPORTERS
from userops.reports.exporting import export
from userops.reports.schedules.mailing import Attached
from userops.reports.schedules.models import Dispatch, Run

KEPT = timedelta(days=60)
CODES = {"zh": "zh-hans", "en": "en"}


def folder(run_key: int) -> Path:
    return current().data / "report-runs" / str(run_key)


def link_of(run: Run) -> str:
    """The page of the run's report, as a path of the workbench."""
    from django.urls import NoReverseMatch, reverse

    product = run.schedule.product.slug
    try:
        if run.issue is not None:
            return reverse("reports:one", args=[product, run.issue.report_id])
        return reverse("report_schedules:list", args=[product])
    except NoReverseMatch:
        return reverse("report_schedules:list", args=[product])


def write(run: Run) -> list[dict[str, Any]]:
    """All formats in all languages of the schedule; name, language, format, size, sha256 of each."""
    assert run.issue is not None
    place = folder(run.pk)
    place.mkdir(parents=True, exist_ok=True)
    told = []
    for language in run.schedule.languages:
        for name in run.schedule.formats:
            made = export(run.issue, name, CODES[language], link=absolute(link_of(run)))
            (place / made.name).write_bytes(made.content)
            told.append(
                {
                    "name": made.name,
                    "language": language,
                    "format": name,
                    "size": len(made.content),
                    "sha256": hashlib.sha256(made.content).hexdigest(),
                }
            )
    return told


def attached(dispatch: Dispatch) -> list[Attached]:
    """The files that go with a mail, as they were written; one that is gone or changed is written anew
    only by a new run. Raises `Refused` by way of the run."""
    from userops.errors import Refused
    from userops.words import Words

    found = []
    kinds = {each["name"]: each["format"] for each in dispatch.run.files}
    for each in dispatch.files:
        path = folder(dispatch.run_id) / each["name"]
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != each["sha256"]:
            raise Refused(
                Words("附件已被清理或改动。", "The files are gone or were changed."),
                code="report_file_gone",
            )
        found.append(Attached(each["name"], content, EXPORTERS[kinds[each["name"]]].media_type))
    return found


def clear_old(now: datetime | None = None) -> int:
    """Remove the files of runs that ended long ago; their hashes stay in the log."""
    before = (now or datetime.now(UTC)) - KEPT
    gone = 0
    for key in Run.objects.filter(ended__lt=before).values_list("pk", flat=True):
        if folder(key).is_dir():
            shutil.rmtree(folder(key))
            gone += 1
    return gone
