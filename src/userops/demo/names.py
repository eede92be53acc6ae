"""The display names of the demo company, written into the workbench's catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from userops.demo.catalogue import PropertyEntry
from userops.demo.company import Company
from userops.events.fields import BY_NAME
from userops.events.models import EventDefinition, Product, PropertyDefinition
from userops.words import Words

STANDARD = Words("标准属性", "Standard property")


def write_names(product: Product, company: Company) -> None:
    """Name every event, every property and every profile field, in both languages."""
    entries = company.catalogue
    EventDefinition.objects.bulk_create(
        [
            EventDefinition(
                product=product,
                name=name,
                label_zh=entry.words.zh,
                label_en=entry.words.en,
                description=_both(entry.description),
                owner=entry.owner,
                reviewed=True,
            )
            for name, entry in entries.events.items()
        ],
        update_conflicts=True,
        unique_fields=["product", "name"],
        update_fields=["label_zh", "label_en", "description", "owner", "reviewed"],
    )
    _write(product, PropertyDefinition.Of.EVENT, {**_standard(company), **entries.properties})
    _write(product, PropertyDefinition.Of.USER, entries.profile_properties)


def _standard(company: Company) -> dict[str, PropertyEntry]:
    """The standard fields that the company's events fill."""
    columns = next(company.event_chunks(1)).column_names
    fields = [BY_NAME[name] for name in columns if name in BY_NAME]
    return {field.name: PropertyEntry(field.words, STANDARD, "", field.type) for field in fields}


def _write(
    product: Product, of: PropertyDefinition.Of, entries: Mapping[str, PropertyEntry]
) -> None:
    PropertyDefinition.objects.bulk_create(
        [
            PropertyDefinition(
                product=product,
                of=of,
                name=name,
                type=entry.type,
                label_zh=entry.words.zh,
                label_en=entry.words.en,
                description=_both(entry.description),
            )
            for name, entry in entries.items()
        ],
        update_conflicts=True,
        unique_fields=["product", "of", "name"],
        update_fields=["type", "label_zh", "label_en", "description"],
    )


def _both(words: Words) -> str:
    return f"{words.zh} · {words.en}"
