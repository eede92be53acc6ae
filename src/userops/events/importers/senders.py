"""The sender ids of a file and their uids, foreseen while the file is read.

A uid is given for good only when the import ends: a cancelled one leaves no user. Until then a new id gets
the number that it will have if nobody else comes in between; what turned out otherwise is put right when
the rows are moved.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from userops.events.batches import Batches
from userops.events.identity import chunks, resolve, stored_uids
from userops.events.limits import MAX_BATCH
from userops.events.models import Product

_BASE = ""
"""No sender id: beside the staged ones it holds the first number that was foreseen."""


class SenderIds:
    """`staged`: what an interrupted run has foreseen. `known` False: nothing is looked up or kept."""

    def __init__(self, product: int, staged: dict[str, int], *, known: bool = True) -> None:
        self._product = product
        self._uids = dict(staged)
        self._known = known
        base = self._uids.pop(_BASE, None)
        self._unsaved: dict[str, int] = {}
        if base is None:
            row = Product.objects.values_list("next_uid", flat=True)
            base = row.get(pk=product) if known else 0
            self._unsaved[_BASE] = base
        self._base = base
        self._next = max([base, *(uid + 1 for uid in self._uids.values())])

    def __len__(self) -> int:
        return len(self._uids)

    def uids(self, names: pl.Series) -> tuple[pl.Series, dict[str, int]]:
        """The uid of each row, and what is new: to be staged with the rows."""
        texts = names.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.string())
        encoded = texts.dictionary_encode()
        different = encoded.dictionary.to_pylist()
        self._foresee([name for name in different if name not in self._uids])
        found = np.fromiter((self._uids[name] for name in different), np.uint32, len(different))
        # `to_numpy` would load pandas where it is installed
        uids = pl.Series("uid", found[np.from_dlpack(encoded.indices)])
        if not self._known or not different:
            return uids, {}
        new, self._unsaved = self._unsaved, {}
        return uids, new

    def _foresee(self, names: list[str]) -> None:
        # numbers from the first foreseen one on were given to others since, or will be
        stored = stored_uids(self._product, names) if self._known and self._base else {}
        for name in names:
            uid = stored.get(name, self._base)
            if uid >= self._base:
                uid, self._next = self._next, self._next + 1
            self._uids[name] = self._unsaved[name] = uid

    def settle(self, batches: Batches) -> dict[int, int]:
        """Give all ids their uids for good; answers foreseen → real where they differ."""
        others: dict[int, int] = {}
        ordered = sorted(self._uids.items(), key=lambda item: item[1])
        for part in chunks(ordered, MAX_BATCH):
            with batches.begin():
                real = resolve(self._product, [name for name, _ in part])
            others.update((uid, real[name]) for name, uid in part if real[name] != uid)
        return others
