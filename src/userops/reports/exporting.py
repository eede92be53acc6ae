"""An issue as a file: laid out by the exporters of `publishing`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from userops.errors import NotFound, Refused
from userops.publishing.exporter import Exporter
from userops.publishing.exporters import EXPORTERS
from userops.reports.models import FigureSnapshot, Issue, Status
from userops.reports.publication import publication_of, short
from userops.words import Words


@dataclass(frozen=True, slots=True)
class Export:
    name: str
    media_type: str
    content: bytes


def export(issue: Issue, format_: str, language: str, *, link: str = "") -> Export:
    """Raises `NotFound` for an unknown format, `Refused` before the figures are there."""
    return next(exports(issue, [format_], language, link=link))


def exports(
    issue: Issue, formats: Iterable[str], language: str, *, link: str = ""
) -> Iterator[Export]:
    """One file after the other, of a report that is read once. Raises as `export`."""
    exporters = [_exporter(each) for each in formats]
    check_ready(issue)
    publication = publication_of(issue, language, link=link)
    for exporter in exporters:
        name = f"{file_name(issue, language)}.{exporter.extension}"
        yield Export(name, exporter.media_type, exporter.write(publication))


def _exporter(format_: str) -> Exporter:
    if format_ not in EXPORTERS:
        known = ", ".join(EXPORTERS)
        raise NotFound(
            Words(
                f"没有导出格式 {format_[:20]!r}；可用：{known}。",
                f"There is no format {format_[:20]!r}; there are: {known}.",
            ),
            code="export_format_unknown",
        )
    return EXPORTERS[format_]


def check_ready(issue: Issue) -> None:
    """Raises `Refused` while there are no figures."""
    if issue.status in (Status.BUILDING, Status.STOPPED) and not _built(issue):
        raise Refused(
            Words("报告还没有取数完成。", "The figures of this report are not computed yet."),
            code="report_not_built",
        )


def _built(issue: Issue) -> bool:
    return FigureSnapshot.objects.filter(issue=issue).exists()


def file_name(issue: Issue, language: str) -> str:
    """`user-analysis_demo_2026-09-01_2026-09-30_v1_zh`."""
    report = issue.report
    return "_".join(
        [report.kind, report.product.slug, str(report.first), str(report.last),
         f"v{issue.number}", short(language)]
    )  # fmt: skip
