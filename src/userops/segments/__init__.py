"""Which users a rule selects: a document in, a set of persons out. No Django."""

from __future__ import annotations

from userops.segments.as_of import as_of
from userops.segments.document import Segment, parse
from userops.segments.estimating import Estimate, estimate
from userops.segments.evaluating import Others, evaluate
from userops.segments.everyone import everyone

__all__ = ["Estimate", "Others", "Segment", "as_of", "estimate", "evaluate", "everyone", "parse"]
