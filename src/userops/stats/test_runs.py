"""Where runs begin: against a loop over the rows."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from userops.stats.runs import begins

Rows = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=12)


@given(Rows)
def test_a_run_begins_where_any_key_changes(rows: list[tuple[int, int]]) -> None:
    keys = np.array(rows, np.int64).reshape(-1, 2)
    expected = [at == 0 or rows[at] != rows[at - 1] for at in range(len(rows))]
    assert begins(keys[:, 0], keys[:, 1]).tolist() == expected
    one = [at == 0 or rows[at][0] != rows[at - 1][0] for at in range(len(rows))]
    assert begins(keys[:, 0]).tolist() == one
