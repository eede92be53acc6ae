"""Rows that do not change: of a figure never, of the rest from the day that their issue is issued.

The rule stands in the model and in its query set, so that no door can forget it.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import orjson
from django.db import models

from userops.errors import Refused
from userops.words import Words

if TYPE_CHECKING:
    from userops.reports.models import Issue

Row = TypeVar("Row", bound=models.Model)


def digest(value: Any) -> str:
    """SHA-256 of a JSON value, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


def sealed_refusal() -> Refused:
    return Refused(
        Words("这一版报告已签发，不能再改。", "This issue of the report is issued and read-only."),
        code="report_sealed",
        hint=Words("要改正，请新建更正版。", "To correct it, begin a new version."),
    )


def frozen_refusal() -> Refused:
    return Refused(
        Words("图表数据一经取数即冻结，不能修改。", "A figure is frozen once it is computed."),
        code="figure_frozen",
        hint=Words("请重新取数。", "Compute the figures again."),
    )


class SealedRows(models.QuerySet[Row]):
    """`path`: from the row to the status of its issue."""

    path: ClassVar[str] = "issue__status__in"

    def _refuse_sealed(self) -> None:
        from userops.reports.models import SEALED

        if self.order_by().filter(**{self.path: SEALED}).exists():
            raise sealed_refusal()

    def update(self, **fields: Any) -> int:
        self._refuse_sealed()
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_sealed()
        return super().delete()

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[Row]:
        rows = list(objs)
        if any(getattr(row, "issue", row).sealed for row in rows):
            raise sealed_refusal()
        return super().bulk_create(rows, *args, **options)


class Sealed(models.Model):
    """A part of an issue."""

    class Meta:
        abstract = True

    issue: Issue

    def save(self, *args: Any, **fields: Any) -> None:
        if self.issue.sealed:
            raise sealed_refusal()
        super().save(*args, **fields)

    def delete(self, *args: Any, **fields: Any) -> tuple[int, dict[str, int]]:
        if self.issue.sealed:
            raise sealed_refusal()
        return super().delete(*args, **fields)
