"""What follows from a row of an answer, in other parts of the workbench: one function for each kind of analysis.

Each is a function of a result, a product and what the reader may do, and answers one step for each row of the table,
None where nothing follows, or an empty list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.module_loading import import_string

from userops.analyses.answering import Answer
from userops.events.models import Product
from userops.words import Words
from userops.workspace.roles import Permission

ONWARD: Mapping[str, str] = {"needs": "userops.experience.pain_points.onward.of_needs"}


@dataclass(frozen=True, slots=True)
class Step:
    """`words`: what it does; `icon`: a name of the icon set."""

    words: Words
    icon: str
    href: str


def steps(found: Answer, product: Product, granted: Collection[Permission]) -> list[Step | None]:
    """One for each row of the answer's table; empty where nothing follows."""
    name = ONWARD.get(found.document.kind)
    of_rows: list[Step | None] = import_string(name)(found.result, product, granted) if name else []
    return of_rows if any(of_rows) else []
