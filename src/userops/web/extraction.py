"""Which texts the code asks translations for: read from Python files and templates.

`python -m userops.web.extraction` prints, for each catalogue, the texts that it lacks.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from userops.web.translations import PACKAGE

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
CATALOGUE = Path("locale") / "zh_Hans" / "LC_MESSAGES" / "django.po"


Text = tuple[str, str]
"""The context (or nothing) and the text (its singular form)."""


def texts_of(path: Path) -> Iterator[Text]:
    """The texts that one `.py` or `.html` file wants translated."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        from django.utils.translation.template import templatize

        source = templatize(source)
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(source.encode()), keywords=KEYWORDS
    ):
        yield context or "", _first(message)


def missing(slice_folder: Path) -> dict[Text, str]:
    """Text → first file, of all texts below a slice that its catalogue does not translate."""
    catalogue = slice_folder / CATALOGUE
    known: set[Text] = set()
    if catalogue.exists():
        with catalogue.open("rb") as file:
            known = {
                (one.context or "", _first(one.id))
                for one in read_po(file)
                if one.id and not one.fuzzy and _first(one.string)
            }
    inner = {each for each in slices() if slice_folder in each.parents}
    lacking: dict[Text, str] = {}
    for path in sorted([*slice_folder.rglob("*.py"), *slice_folder.rglob("*.html")]):
        if path.name.startswith("test_") or "migrations" in path.parts:
            continue
        if inner.intersection(path.parents):  # an app within this one has a catalogue of its own
            continue
        for text in texts_of(path):
            if text not in known:
                lacking.setdefault(text, str(path.relative_to(PACKAGE)))
    return lacking


def _first(forms: str | tuple[str, ...] | list[str]) -> str:
    return forms if isinstance(forms, str) else forms[0]


def slices() -> list[Path]:
    """The folders that have a catalogue of their own: the Django apps of this package."""
    from django.apps import apps

    folders = (Path(config.path) for config in apps.get_app_configs())
    return sorted(folder for folder in folders if PACKAGE in folder.parents)


def main() -> None:
    import django

    django.setup()
    for folder in slices():
        for (context, text), place in missing(folder).items():
            print(f"{folder.relative_to(PACKAGE)}: {text!r} {context and f'[{context}] '}({place})")  # noqa: T201


if __name__ == "__main__":
    main()
