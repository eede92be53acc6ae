"""Of whom a report is: of everybody, of a segment, without a segment or without test accounts, as its settings say.

The conditions go into every question, so they are frozen with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from userops.audience.segments.models import Segment
from userops.errors import Refused
from userops.events.models import Product
from userops.words import Words

IS_TEST: Mapping[str, Any] = {
    "property": "is_test", "of": "user", "op": "is", "value": ["true", "1", "True"],
}  # fmt: skip
"""Test accounts, by what their profile says."""
TESTS = "tests"
"""The value of the setting `without` that leaves them out."""


@dataclass(frozen=True)
class Whom:
    """`filters`: conditions that go into every question; `words` say them; none is everybody."""

    filters: tuple[Mapping[str, Any], ...] = ()
    words: Words | None = None
    without_tests: bool = False


def read_whom(product: Product, settings: Mapping[str, Any], profiles: AbstractSet[str]) -> Whom:
    """By the settings `only` and `without`: names of segments, or `tests`. Raises `Refused`."""
    filters: list[Mapping[str, Any]] = []
    words: list[Words] = []
    only, without = (str(settings.get(name) or "").strip() for name in ("only", "without"))
    if only:
        segment = _segment(product, only)
        filters.append(_belongs(segment, "set"))
        words.append(
            Words(f"只含分群“{segment.name}”的用户", f"only users of the segment “{segment.name}”")
        )
    if without == TESTS:
        if "is_test" not in profiles:
            raise _unknown(without)
        filters.append({**IS_TEST, "op": "is_not"})
        words.append(Words("不含测试账号", "without test accounts"))
    elif without:
        segment = _segment(product, without)
        filters.append(_belongs(segment, "not_set"))
        words.append(
            Words(f"不含分群“{segment.name}”的用户", f"without the segment “{segment.name}”")
        )
    said = Words("、".join(each.zh for each in words), " and ".join(each.en for each in words))
    return Whom(tuple(filters), said if words else None, without == TESTS)


def _belongs(segment: Segment, op: str) -> Mapping[str, Any]:
    return {"property": segment.fact, "of": "user", "op": op}


def _segment(product: Product, name: str) -> Segment:
    found = Segment.objects.filter(product=product, name=name).first()
    if found is None:
        raise _unknown(name)
    return found


def _unknown(name: str) -> Refused:
    return Refused(
        Words(
            f"没有分群“{name[:60]}”；only、without 应为分群名称，without 也可为 tests（测试账号）。",
            f"There is no segment “{name[:60]}”: `only` and `without` name one, or `without` is `tests`.",
        ),
        code="report_whom_unknown",
    )
