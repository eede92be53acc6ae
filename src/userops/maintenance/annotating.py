"""Errands of annotations: list, write, change, delete. The machine's own administrator does them."""

from __future__ import annotations

from typing import Any

from userops.annotations import actions
from userops.annotations.models import Annotation
from userops.errors import NotFound
from userops.events.store import Store
from userops.words import Words
from userops.workspace.setup import local_admin


def listing(store: Store, *, product: str, kind: str = "") -> list[dict[str, Any]]:
    """The annotations of a product, the newest first."""
    rows = Annotation.objects.filter(product=store.product(product))
    return [told(row) for row in (rows.filter(kind=kind) if kind else rows)]


def create(store: Store, *, product: str, **written: str) -> dict[str, Any]:
    """Write an annotation; the machine's own administrator does it."""
    found = store.product(product)
    return told(actions.create_annotation(found, **written, acting_user=local_admin()))


def change(store: Store, *, product: str, annotation: int, **wanted: str | None) -> dict[str, Any]:
    """Change what is given of an annotation. Raises `NotFound`."""
    row = _find(store, product, annotation)
    return told(actions.change_annotation(row, **wanted, acting_user=local_admin()))


def delete(store: Store, *, product: str, annotation: int) -> None:
    """Take an annotation away. Raises `NotFound`."""
    row = _find(store, product, annotation)
    actions.delete_annotation(row, acting_user=local_admin())


def _find(store: Store, product: str, key: int) -> Annotation:
    found = Annotation.objects.filter(product=store.product(product), pk=key).first()
    if found is None:
        raise NotFound(
            Words(f"没有编号为 {key} 的标注。", f"There is no annotation {key}."),
            code="annotation_not_found",
        )
    return found


def told(row: Annotation) -> dict[str, Any]:
    return {
        "id": row.pk,
        "kind": row.kind,
        "begins": row.begins.key(),
        "ends": row.ends.key() if row.ends else None,
        "text": row.text,
        "link": row.link,
    }
