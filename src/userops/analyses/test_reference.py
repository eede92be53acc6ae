from __future__ import annotations

from pathlib import Path

import pytest

from userops.analyses.reference import FILES, READMES, folder_of, render
from userops.analyses.registry import ANALYSES

DOCS = Path(__file__).resolve().parents[3] / "docs" / "reference"
SHARED = ("kind", "version", "product", "range", "filters", "until")


@pytest.mark.parametrize("language", FILES)
def test_the_reference_page_is_fresh(language):
    written = (DOCS / FILES[language]).read_text(encoding="utf-8")
    assert written == render(language), "run: uv run python -m userops.analyses.reference"


@pytest.mark.parametrize("language", READMES)
@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda analysis: analysis.kind)
def test_every_field_of_a_document_is_explained(analysis, language):
    text = (folder_of(analysis) / READMES[language]).read_text(encoding="utf-8")
    fields = [
        field.alias or name
        for name, field in analysis.document.model_fields.items()
        if name not in SHARED
    ]
    missing = [name for name in fields if f"`{name}`" not in text]
    assert not missing, f"{READMES[language]} of {analysis.kind} does not explain {missing}"


@pytest.mark.parametrize("language", FILES)
def test_the_page_holds_every_analysis_and_example(language):
    page = render(language)
    for analysis in ANALYSES:
        assert f'"kind": "{analysis.kind}"' in page
        assert "](/" not in page
