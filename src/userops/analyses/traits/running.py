"""What sets the people behind a number apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from userops.analyses.traits.collecting import collected
from userops.analyses.traits.document import Traits
from userops.analyses.traits.facts import of_facts
from userops.analyses.traits.naming import names_of
from userops.analyses.traits.ranking import Trait, ranked
from userops.analyses.traits.sides import Behind, Sides, sides
from userops.query.scope import Scope


def _found(both: Sides, named: frozenset[str]) -> list[Trait]:
    return [*collected(both, named), *of_facts(both, named)]


def run_with(behind: Behind) -> Callable[[Traits, Scope], dict[str, Any]]:
    """The run of the analysis, given how people are found behind a number."""

    def run(document: Traits, scope: Scope) -> dict[str, Any]:
        with sides(document, scope, behind) as both:
            result: dict[str, Any] = {"group": both.group.size, "rest": both.rest}
            possible = both.group.size > 0 and both.rest > 0
            found = _found(both, names_of(document)) if possible else []
        rows, compared, telling = ranked(found, document.min_support)
        return {
            **result,
            "compared": compared,
            "telling": telling,
            "traits": rows[: document.limit],
        }

    return run
