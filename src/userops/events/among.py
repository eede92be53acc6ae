"""The lookup `field__among=values`: as `in`, but the values are one parameter.

Django prepares each value of an `in` by itself, which costs more than the database's answer when there
are thousands.
"""

from __future__ import annotations

from typing import Any

import orjson
from django.db.models.lookups import Lookup

_AMONG_JSON = " in (select value from json_each(%s))"


class Among(Lookup):
    """Values must be texts or whole numbers."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = any(%s)", (*values, list(self.rhs))

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, values = self.process_lhs(compiler, connection)
        among = orjson.dumps(list(self.rhs)).decode()
        return left + _AMONG_JSON, (*values, among)
