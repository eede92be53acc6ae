"""What an analysis is: one record that page, API, CLI and Python all read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from userops.analyses.figures import Explaining
from userops.analyses.page import Page
from userops.analyses.table import People, Table
from userops.query.document import Document
from userops.query.plan import NOT_KEPT, Plan, from_events
from userops.query.scope import Scope
from userops.words import Words


def _from_events(_document: Any, _scope: Scope) -> Plan:
    return from_events(NOT_KEPT)


@dataclass(frozen=True)
class Analysis:
    """A kind of question.

    - `document`: the pydantic class; its `kind` is this `kind`.
    - `run(document, scope)`: a resolved document to the JSON-ready `result`.
    - `describe(document)`: the definition in a sentence, in both languages.
    - `table(document, result)` and `chart(document, result, language)`: the same result as rows, and as
      an ECharts option (plain JSON; numbers unformatted; no functions).
    - `people(document, scope, selection, limit, offset)`: who is behind one number; `selection` names
      the cell (each README says how).
    - `plan(document, scope)`: where a resolved document is answered from: rollups, events, or both.
    - `problems`: words for the codes that the document's own validators raise.
    - `page`: how the workbench shows it.
    - `one_result`: whether all views of a document show the same result, so that another view asks nothing anew.
    - `explaining`: how its figures divide, where `change` can explain them.
    """

    kind: str
    words: Words
    document: type[Document]
    run: Callable[[Any, Scope], dict[str, Any]]
    describe: Callable[[Any], Words]
    table: Callable[[Any, dict[str, Any]], Table]
    chart: Callable[[Any, dict[str, Any], str], dict[str, Any]]
    people: Callable[[Any, Scope, Mapping[str, Any], int, int], People]
    example: Mapping[str, Any]
    problems: Mapping[str, Words] = field(default_factory=dict)
    page: Page = field(default_factory=Page)
    plan: Callable[[Any, Scope], Plan] = _from_events
    one_result: bool = False
    explaining: Explaining | None = None

    def asked(self, document: Document) -> str:
        """The hash of what a document asks for: without the view, where that only says how it is shown."""
        usual = type(document).model_fields["view"].default if self.one_result else None
        return (document.model_copy(update={"view": usual}) if usual else document).hash()

    def definition(self, document: Document) -> Words:
        """What `describe` says, and as of when it is asked."""
        told = self.describe(document)
        if document.until is None:
            return told
        at = document.until.isoformat(sep=" ", timespec="minutes")
        return Words(
            f"{told.zh.rstrip('。')}；按数据截至 {at} 计算，此后的不算缺失。",
            f"{told.en.rstrip('.')}; asked as of {at}, where the data ended.",
        )
