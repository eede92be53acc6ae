"""Branches of the tree of categories: a category stands for all below it."""

from __future__ import annotations

from collections.abc import Iterable

from userops.events.models import Product
from userops.feedback.sorting.actions import BETWEEN
from userops.feedback.sorting.models import Category


class Branches:
    """The categories of a product; they are read once, when somebody asks."""

    def __init__(self, product: Product):
        self._product = product
        self._paths: dict[int, str] | None = None

    def within(self, keys: Iterable[int]) -> frozenset[int]:
        """The keys of these categories and of all below them."""
        wanted = set(keys)
        if not wanted:
            return frozenset()
        if self._paths is None:
            rows = Category.objects.filter(product=self._product)
            self._paths = dict(rows.values_list("pk", "path"))
        heads = [self._paths[key] for key in wanted if key in self._paths]
        return frozenset(
            key
            for key, path in self._paths.items()
            if any(path == head or path.startswith(head + BETWEEN) for head in heads)
        )
