"""Who has a tag: read and replaced as a whole, one writer at a time.

Values stand in the event store as those of uids, so that undoing a merge gives each side its own tag back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from userops.audience.facts import days
from userops.audience.people import scope_of
from userops.audience.tags.models import Tag
from userops.events import facts
from userops.events.exclusive import exclusive
from userops.events.models import Fact, Product
from userops.events.store import Store
from userops.query import codes
from userops.query.sql import statement
from userops.words import Words

SQL = Path(__file__).parent / "sql"
Values = dict[int, str]


def one_writer(product: Product) -> AbstractContextManager[None]:
    """What is read meanwhile of a product's tags stays true until it is written."""
    return exclusive(f"tags-{product.pk}")


def own_values(store: Store, tag: Tag) -> Values:
    """uid → value, as it was put on."""
    row = Fact.objects.filter(product=tag.product, name=tag.fact).first()
    if row is None:
        return {}
    values = {"product": tag.product.pk, "name": tag.fact, "version": row.version}
    table = store.engine.arrow(statement(SQL / "own.sql"), values)
    return dict(
        zip(table.column("uid").to_pylist(), table.column("value").to_pylist(), strict=True)
    )


def replace(store: Store, tag: Tag, values: Mapping[int, str], *, since: datetime) -> bool:
    """Make these the values of a tag; answers whether any is different now. The tag's counts follow."""
    personal = Tag.objects.values_list("personal", flat=True).get(pk=tag.pk)  # decided meanwhile
    on = {} if tag.values else codes.YES
    about = facts.About(tag.fact, "tag", Words(tag.name, tag.name), values=on, personal=personal)
    changed = facts.write(
        store, tag.product, about, list(values), list(values.values()), since=since
    )
    days.keep(tag.product, tag.fact, values)
    count(store, tag)
    return changed


def count(store: Store, tag: Tag) -> None:
    """How many people have which value, of how many in all."""
    found = Counter(facts.read(store, tag.product, tag.fact).values())
    tag.people, tag.counts = sum(found.values()), dict(found.most_common())
    tag.everyone = everyone(store, tag.product)
    tag.refreshed = datetime.now(UTC)
    Tag.objects.filter(pk=tag.pk).update(
        people=tag.people, counts=tag.counts, everyone=tag.everyone, refreshed=tag.refreshed
    )


def everyone(store: Store, product: Product) -> int:
    """All persons of whom there is an event or a profile."""
    scope = scope_of(store, product)
    values = scope.values()
    sql = statement(SQL / "everyone.sql", {"person": scope.person})
    found: int = scope.ask(sql, values).column("people")[0].as_py()
    return found


def page_of(
    store: Store, tag: Tag, *, value: str = "", limit: int, offset: int
) -> tuple[list[tuple[int, str]], int]:
    """Persons with the tag (with this value, where one is given), and how many there are."""
    found = sorted(facts.read(store, tag.product, tag.fact).items())
    if value:
        found = [each for each in found if each[1] == value]
    return found[offset : offset + limit], len(found)
