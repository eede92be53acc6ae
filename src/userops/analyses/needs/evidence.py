"""The question that shows the evidence of a need, as a document of another analysis."""

from __future__ import annotations

from typing import Any

from userops.analyses.needs.asking import Subject
from userops.analyses.needs.document import Needs

Question = dict[str, Any]


def evidence_of(document: Needs, subject: Subject, need: dict[str, Any]) -> Question:
    """A trend of what went wrong, the funnel with the exit, or the trend of the feature that is not used."""
    whole = document.as_json()
    common = {"product": document.product, "range": whole["range"]}
    filters = [*whole.get("filters", []), *whole.get("group", [])]
    if need["kind"] == "exit":
        return {
            "kind": "funnel", **common, "filters": filters, "window": document.window,
            "steps": [{"event": step} for step in subject.steps],
        }  # fmt: skip
    event, conditions = need["name"], []
    if need["kind"] == "search" and subject.search is not None:
        event, word, results = subject.search
        conditions = [
            {"property": results, "op": "eq", "value": 0},
            {"property": word, "op": "is", "value": need["name"]},
        ]
    reason = dict(subject.failures).get(need["name"])
    if need["kind"] == "failure" and reason and need["more"]:
        conditions = [{"property": reason, "op": "is", "value": need["more"]}]
    series = {"event": event, "measure": "users", "filters": conditions}
    return {"kind": "trend", **common, "filters": filters, "series": [series]}
