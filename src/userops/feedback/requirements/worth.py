"""What users have paid, as far as the house has computed it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from userops.events.identity import Forest, chunks
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.query.sql import statement

AMOUNT = "$amount"
_SQL = Path(__file__).parent / "sql" / "paid.sql"


def paid_by(
    store: Store, product: Product, forest: Forest, roots: Iterable[int]
) -> dict[int, float]:
    """Person → what he paid in all, by the computed fact; nobody where it was not computed yet."""
    fact = Fact.objects.filter(product=product, name=AMOUNT).first()
    if fact is None:
        return {}
    members = {root: forest.members(root) for root in roots}
    known: dict[int, float] = {}
    for chunk in chunks([uid for uids in members.values() for uid in uids]):
        values = {"product": product.pk, "version": fact.version, "uids": chunk}
        rows = store.engine.rows(statement(_SQL), values)
        known |= {uid: number for uid, number in rows}  # noqa: C416
    # a fact stands at the person's own number, else at the lowest that was his when it was computed
    found = {}
    for root, uids in members.items():
        own = next((uid for uid in [root, *sorted(uids)] if known.get(uid) is not None), None)
        if own is not None:
            found[root] = known[own]
    return found
