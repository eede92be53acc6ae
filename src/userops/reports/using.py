"""Reports with a figure of a segment: it cannot be deleted while one leads to its users."""

from __future__ import annotations

from collections.abc import Iterable

from userops.audience.segments.models import Segment
from userops.audience.segments.using import Use, holding
from userops.reports.kinds import kind_of
from userops.reports.models import FigureSnapshot, Report
from userops.reports.periods import between
from userops.words import Words


def reports_of(segment: Segment) -> Iterable[Use]:
    """Of every version: an issued figure keeps its question, and the way to the people behind it."""
    mine = FigureSnapshot.objects.filter(issue__report__product=segment.product)
    figures = holding(mine.select_related("issue"), "question", segment.fact)
    keys = {figure.issue.report_id for figure in figures}
    of_it = Report.objects.filter(product=segment.product)
    keys |= {report.pk for report in holding(of_it, "settings", segment.fact)}
    for report in Report.objects.filter(pk__in=keys):
        title, period = kind_of(report.kind).words, between(report.first, report.last).words
        name = Words(f"{title.zh} {period.zh}", f"{title.en}, {period.en}")
        yield Use(Words("报告", "report"), name)
