"""Both languages are complete, and no two slices translate one text in two ways."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from babel.messages.pofile import read_po

from userops.web.extraction import PACKAGE, missing, slices

ROOT = Path(__file__).resolve().parent.parent
CATALOGUES = sorted(PACKAGE.glob("**/locale/zh_Hans/LC_MESSAGES/django.po"))


def entries(path: Path):
    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                yield message


def first(text):
    return text if isinstance(text, str) else text[0]


def test_every_text_is_translated():
    lacking = {
        str(folder.relative_to(PACKAGE)): sorted(text for _, text in missing(folder))
        for folder in slices()
    }
    assert {name: texts for name, texts in lacking.items() if texts} == {}


def test_no_text_is_translated_in_two_ways():
    # Django joins all catalogues into one: of two, one would win everywhere
    seen = defaultdict(set)
    for path in CATALOGUES:
        for message in entries(path):
            seen[message.context, first(message.id)].add(first(message.string))
    assert {text: found for text, found in seen.items() if len(found) > 1} == {}


def test_placeholders_are_kept():
    holder = re.compile(r"%\(\w+\)[sd]")
    for path in CATALOGUES:
        for message in entries(path):
            # a sentence in Chinese may need fewer words, but never a value that is not given
            given = set(
                holder.findall(
                    " ".join([message.id] if isinstance(message.id, str) else message.id)
                )
            )
            used = set(holder.findall(first(message.string)))
            assert used <= given, f"{path}: {first(message.id)}"


def test_a_percentage_is_written_without_a_space():
    # “95%”, in English as in Chinese; %(name)s is a value
    spaced = re.compile(r"[0-9] %%?(?![}\w(])")
    texts = [(path, str(first(message.id))) for path in CATALOGUES for message in entries(path)] + [
        (path, path.read_text(encoding="utf-8")) for path in (ROOT / "docs").glob("**/*.md")
    ]
    assert [(path.name, found[0]) for path, text in texts if (found := spaced.search(text))] == []
