"""Data quality: statistics of rows that add up over chunks, and the report made of them."""

from __future__ import annotations

from userops.events.quality.making import make_report
from userops.events.quality.profile import DataProfile
from userops.events.quality.report import Finding, QualityReport

__all__ = ["DataProfile", "Finding", "QualityReport", "make_report"]
