"""Options that take several: by commas, given again, or both; what there is not is refused."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from userops.cli.options import formats_option, languages_option


@click.command()
@formats_option
@languages_option
def show(formats: list[str], languages: list[str]) -> None:
    click.echo(" ".join([*formats, *languages]))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "docx pdf zh"),
        (["--format", "pptx", "--format", "pdf"], "pptx pdf zh"),
        (["--format", "xlsx,pdf", "--format", "pdf", "--language", "en,zh"], "xlsx pdf en zh"),
    ],
)
def test_several(given: list[str], said: str):
    assert CliRunner().invoke(show, given).output.strip() == said


@pytest.mark.parametrize("given", [["--format", "doc"], ["--language", ","]])
def test_what_there_is_not_is_refused(given: list[str]):
    found = CliRunner().invoke(show, given)
    assert found.exit_code == 2 and "expected some of" in found.output
