"""A question as a call of the API, to paste into a terminal or a notebook."""

from __future__ import annotations

import json
import shlex
from typing import Any

from userops.query.document import Document


def curl(document: Document, origin: str) -> str:
    body = json.dumps(document.as_json(), ensure_ascii=False)
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
        f"answer = client.query({_literal(document.as_json())})\n"
        "frame = answer.to_pandas()\n"
    )


def _literal(document: dict[str, Any]) -> str:
    lines = [f"    {key!r}: {value!r}," for key, value in document.items()]
    return "{\n" + "\n".join(lines) + "\n}"
