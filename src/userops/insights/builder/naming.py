"""Display names in a question: what is shown speaks the catalogue's language, what is stored does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from userops.analyses.answering import Answer, answer
from userops.events.store import Store
from userops.insights.builder.choices import Choices
from userops.query.document import Document
from userops.query.naming import naming
from userops.query.personal import Sight

_LONGEST = 100


def with_names(document: Document, choices: Choices) -> dict[str, Any]:
    """The document with the display names of its events as the names of its parts.

    Names change labels and the sentence, never a figure.
    """
    named: dict[str, Any] = with_event_names(document.as_json(), choices.event_labels)
    return named


def named_answer(
    document: Document,
    choices: Choices,
    store: Store,
    query_id: str | None = None,
    *,
    asker: str = "",
    sight: Sight = Sight.FILTERED,
) -> Answer:
    """The answer to a question in the catalogue's words. Raises what `answer` raises."""
    named_parts = with_names(document, choices)
    found = answer(named_parts, store, query_id=query_id, asker=asker, sight=sight)
    named = found.analysis.page.named(found.document, found.result, choices.event_labels)
    names = {**choices.words, **found.names}
    with naming(names):
        definition = found.analysis.definition(found.document)
    return replace(found, result=named, definition=definition, names=names)


def with_event_names(node: Any, labels: dict[str, str]) -> Any:
    """A part of a document with the display names of its events."""
    if isinstance(node, list):
        return [with_event_names(each, labels) for each in node]
    if not isinstance(node, dict):
        return node
    found = {key: with_event_names(value, labels) for key, value in node.items()}
    event = node.get("event")
    # only a part of a document takes a name: its whole has a kind; a search is called by its event
    if event and not {"name", "kind", "word"} & set(node):
        names = event if isinstance(event, list) else [event]
        if any(name in labels for name in names):
            found["name"] = " / ".join(str(labels.get(name, name)) for name in names)[:_LONGEST]
    return found
