"""Running paths: the figures of the answer."""

from __future__ import annotations

from typing import Any

import numpy as np

from userops.analyses.paths.document import PathsDocument
from userops.analyses.paths.finding import Found, find
from userops.analyses.paths.flow import common, flow, links, steps
from userops.analyses.paths.labels import labels
from userops.analyses.paths.matrix import matrix
from userops.query.scope import Scope


def run(document: PathsDocument, scope: Scope) -> dict[str, Any]:
    """The result of a resolved document; what belongs to the view that is asked for."""
    found = find(document, scope, moves=document.view == "matrix")
    result: dict[str, Any] = {"paths": len(found), "users": _users(found), "begun": found.begun}
    if document.view == "matrix":
        result["matrix"] = matrix(document, found)
    else:
        drawn = flow(document, found)
        result["steps"] = steps(drawn)
        result["links"] = links(drawn)
        result["common"] = common(found, drawn.over)
    result["labels"] = labels(document, result)
    return result


def _users(found: Found) -> int:
    # the ways of a person stand together
    return int(np.count_nonzero(np.diff(found.person))) + (len(found) > 0)
