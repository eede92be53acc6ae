"""The breakdown values of a trend, largest first, and what is put together of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from userops.analyses.breakdown import REST, Value
from userops.analyses.trend.measures import Figure
from userops.query.steps import OTHERS


@dataclass(frozen=True, slots=True)
class Ranking:
    """The breakdown values told apart, largest first; `more` says that there are others."""

    values: tuple[Value, ...]
    more: bool
    drawn: int

    @property
    def drawn_values(self) -> tuple[Value, ...]:
        return self.values[: self.drawn]

    @property
    def crowded(self) -> bool:
        """Whether there are more values than a chart draws."""
        return self.more or len(self.values) > self.drawn


@dataclass(frozen=True, slots=True)
class Figures:
    """One line: the figure over the whole range, and per place on the axis where there is any."""

    total: Figure = None
    points: dict[int, Figure] = field(default_factory=dict)


def ranked_counts(
    cells: Mapping[Value, Mapping[int, int]], limit: int, drawn: int, width: int
) -> tuple[Ranking, dict[Value, Figures]]:
    """Rank values by how many events they have, from the events of each by place on the axis. Beyond `limit`
    they are put together; so are, once more, those that a chart does not draw."""
    order = sorted(cells, key=lambda value: (-sum(cells[value].values()), value))
    told = order[:limit]
    found = {value: dict(cells[value]) for value in told}
    for name, beyond in ((OTHERS, order[limit:]), (REST, order[min(drawn, limit) :])):
        if beyond:
            together = Counter[int]()
            for value in beyond:
                together.update(cells[value])
            found[(name,) * width] = dict(together)
    figures = {value: Figures(sum(line.values()), {**line}) for value, line in found.items()}
    return Ranking(tuple(told), len(order) > limit, drawn), figures
