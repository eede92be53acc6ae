"""A question as a call of the API, to paste into a terminal or a notebook."""

from __future__ import annotations

import json
import shlex
from typing import Any

from userops.insights.builder.question import tree_of_document
from userops.query.document import Document


def curl(document: Document, origin: str) -> str:
    body = json.dumps(_short(document), ensure_ascii=False)
    return (
        f"curl {shlex.quote(origin + '/api/query')} \\\n"
        '  -H "Authorization: Bearer $USEROPS_TOKEN" \\\n'
        "  -H 'Content-Type: application/json' \\\n"
        f"  -d {shlex.quote(body)}"
    )


def python(document: Document, origin: str) -> str:
    return (
        "import os\n"
        "import userops\n\n"
        f'client = userops.open({origin!r}, token=os.environ["USEROPS_TOKEN"])\n'
        f"answer = client.query({_literal(_short(document))})\n"
        "frame = answer.pandas()\n"
    )


def _short(document: Document) -> dict[str, Any]:
    """What the document says beyond its defaults."""
    return {"kind": document.kind, "product": document.product, **tree_of_document(document)}


def _literal(document: dict[str, Any]) -> str:
    lines = [f"    {key!r}: {value!r}," for key, value in document.items()]
    return "{\n" + "\n".join(lines) + "\n}"
