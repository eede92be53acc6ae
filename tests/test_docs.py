"""Documentation cannot rot: what is in the code is in the docs, in both languages, and links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from userops.analyses.registry import ANALYSES
from userops.config import SETTINGS, Config
from userops.events.limits import REASONS
from userops.web import reference

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "reference"
TWINS = (".md", ".zh-CN.md")


def pages() -> list[Path]:
    """The Markdown files of the checkout, those not yet committed included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for name in listed.stdout.split("\n") if name and (path := ROOT / name).exists()]


@pytest.mark.parametrize("language", reference.LANGUAGES)
@pytest.mark.parametrize("page", reference.PAGES)
def test_a_generated_page_is_fresh(page, language):
    written = (DOCS / reference.file_name(page, language)).read_text(encoding="utf-8")
    assert written == reference.PAGES[page](language), "run: just docs"


def test_no_chinese_text_is_left_over():
    """Each text of `reference.zh.json` is on a page."""
    on_pages = "".join(render("zh") for render in reference.PAGES.values())
    assert [text for text in reference._chinese().values() if text not in on_pages] == []


@pytest.mark.parametrize("ending", TWINS)
def test_every_reason_of_a_refusal_is_documented(ending):
    text = (DOCS / f"collecting{ending}").read_text(encoding="utf-8")
    assert [each.code for each in REASONS if f"`{each.code}`" not in text] == []


@pytest.mark.parametrize("ending", TWINS)
def test_every_analysis_is_documented(ending):
    text = (DOCS / f"analyses{ending}").read_text(encoding="utf-8")
    assert [each.kind for each in ANALYSES if f'"kind": "{each.kind}"' not in text] == []


def test_every_setting_does_something():
    """A setting that nothing reads is a promise that is not kept."""
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for path in (ROOT / "src").rglob("*.py")
        if not path.name.startswith("test_")
    )
    assert {each.name for each in SETTINGS} == set(Config.__dataclass_fields__) - {"data"}
    unread = [each.name for each in SETTINGS if not re.search(rf"\.{each.name}\b", code)]
    assert unread == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_relative_links_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    # the READMEs of analyses become parts of one reference page
    place = DOCS if ROOT / "src/userops/analyses" in page.parents else page.parent
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    broken = [
        link
        for link in links
        if not re.match(r"[a-z]+:|#", link) and not (place / link.split("#")[0]).exists()
    ]
    assert broken == []


def test_chinese_twins_have_the_same_headings():
    def levels(path: Path) -> list[int]:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        return [len(marks) for marks in re.findall(r"^(#+) ", text, flags=re.MULTILINE)]

    twins = [page for page in pages() if page.name.endswith(".zh-CN.md")]
    assert twins
    differing = [
        page.name
        for page in twins
        if levels(page) != levels(page.with_name(page.name.replace(".zh-CN", "")))
    ]
    assert differing == []


@pytest.mark.parametrize("ending", ["README.md", "README.zh-CN.md"])
def test_the_readme_leads_to_every_reference_page(ending):
    text = (ROOT / ending).read_text(encoding="utf-8")
    language = "zh" if "zh-CN" in ending else "en"
    names = {*reference.PAGES, "analyses", "collecting", "importing"}
    missing = [
        name
        for name in names
        if f"docs/reference/{reference.file_name(name, language)}" not in text
    ]
    assert missing == []
