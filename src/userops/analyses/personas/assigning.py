"""From a question to the group of each person, kept a while: whoever asks for the people asks it again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from userops.analyses.keeping import Kept
from userops.analyses.personas.cells import Cell, cells_of
from userops.analyses.personas.document import Personas
from userops.analyses.personas.features import SQL, Features, features_of, rows_pieces
from userops.analyses.personas.observing import (
    Floats,
    Ints,
    Seen,
    blocks_of,
    observed,
    parts_of,
)
from userops.analyses.personas.tallying import Tally
from userops.analyses.side_by_side import side_by_side
from userops.query.scope import Scope
from userops.query.sql import statement
from userops.stats.clustering import Grouping, NoGroups, grouping
from userops.stats.mixture import Block

LIGHT, TOGETHER = -1, 0
"""The group of those seen on too few days to say whom they are like; that of all others where there is no
structure."""
SURE = 0.9
"""Groups are found among those of enough days. Who was there on fewer is placed in one from this certainty on: what
latent class analysis calls an ideal classification (Weller, Bowen & Faubert 2020, J. Black Psychol. 46, table 2)."""


@dataclass(frozen=True, eq=False)
class Assigned:
    """`group` of each person, from 0, the largest first, or `LIGHT`. The last row of `tally` is of the light."""

    features: Features
    cells: list[Cell]
    found: Grouping | NoGroups
    order: Ints
    """The group of the mixture that each group was."""
    person: Ints
    group: Ints
    certainty: Floats
    tally: Tally
    hours: Floats
    weekdays: Floats

    @property
    def groups(self) -> int:
        return len(self.tally.persons) - 1


_KEPT: Kept[Assigned] = Kept(4)


def assigned(document: Personas, scope: Scope) -> Assigned:
    """The groups of a resolved document; the same question of the same data is worked out once."""
    question = document.model_copy(update={"view": "groups"})
    return _KEPT.get(question, scope, lambda: _assigned(document, scope))


def _assigned(document: Personas, scope: Scope) -> Assigned:
    features = features_of(document, scope)
    cells = cells_of(features)
    parts = observed(document, scope, features, parts_of(_people(document, scope)))
    found: Grouping | NoGroups | None = None
    persons, groups, certainties = [], [], []
    tally = rhythm = None
    for seen in parts:
        enough = seen.active >= document.min_days
        blocks = blocks_of(features, seen.chosen(enough))
        if found is None or tally is None or rhythm is None:
            # parts are drawn by chance: the first stands for all
            found = grouping(
                blocks, document.min_groups, document.max_groups, document.seed,
                run=lambda work, given: side_by_side(work, given, scope),
            )  # fmt: skip
            size = (found.mixture.groups if isinstance(found, Grouping) else 1) + 1
            tally, rhythm = Tally.empty(size, len(cells)), np.zeros((size, 31))
        group, certainty = _placed(found, blocks, enough)
        if isinstance(found, Grouping) and not features.numbers:
            _place_few(found, blocks_of(features, seen.chosen(~enough)), ~enough, group, certainty)
        row = np.where(group == LIGHT, len(tally.persons) - 1, group)
        tally.add(seen, row, np.where(np.isfinite(certainty), certainty, 0.0), cells)
        np.add.at(rhythm, row, _rhythm(features, seen))
        persons.append(seen.person)
        groups.append(group)
        certainties.append(certainty)
    assert found is not None and tally is not None and rhythm is not None
    return _ordered(
        features, cells, found, tally, rhythm,
        np.concatenate(persons), np.concatenate(groups), np.concatenate(certainties),
    )  # fmt: skip


def _placed(
    found: Grouping | NoGroups,
    blocks: list[Block],
    enough: npt.NDArray[np.bool_],
) -> tuple[Ints, Floats]:
    group, certainty = np.full(len(enough), LIGHT, np.int64), np.full(len(enough), np.nan)
    if isinstance(found, NoGroups):
        group[enough] = TOGETHER
    elif enough.any():
        group[enough], certainty[enough] = found.assigned(blocks)
    return group, certainty


def _place_few(
    found: Grouping,
    blocks: list[Block],
    few: npt.NDArray[np.bool_],
    group: Ints,
    certainty: Floats,
) -> None:
    """Who was there on few days and yet shows clearly whom they are like. Not where numbers count: how little they
    did would itself decide."""
    if not few.any():
        return
    likeliest, chance = found.assigned(blocks)
    rows = np.flatnonzero(few)[chance >= SURE]
    group[rows], certainty[rows] = likeliest[chance >= SURE], chance[chance >= SURE]


def _rhythm(features: Features, seen: Seen) -> Floats:
    """Days by hour and by weekday; zeros for what is not looked at."""
    result = np.zeros((len(seen), 31))
    for name, place in (("hours", slice(0, 24)), ("weekdays", slice(24, 31))):
        feature = next((each for each in features.coded if each.name == name), None)
        if feature is not None:
            result[:, place] = seen.days[:, feature.place()]
    return result


def _ordered(
    features: Features,
    cells: list[Cell],
    found: Grouping | NoGroups,
    tally: Tally,
    rhythm: Floats,
    person: Ints,
    group: Ints,
    certainty: Floats,
) -> Assigned:
    """Persons in rising order, groups by their size."""
    order = np.argsort(-tally.persons[:-1], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    tally.reorder(np.append(order, len(order)))
    rhythm = rhythm[np.append(order, len(order))]
    rank = np.argsort(person)
    moved = np.where(group == LIGHT, LIGHT, place[np.maximum(group, 0)])
    return Assigned(
        features, cells, found, order, person[rank], moved[rank], certainty[rank], tally,
        rhythm[:, :24], rhythm[:, 24:],
    )  # fmt: skip


def _people(document: Personas, scope: Scope) -> int:
    values = scope.values()
    pieces = rows_pieces(document, scope, values, 0, 1)
    table = scope.ask(statement(SQL / "people.sql", pieces), values)
    return int(table.column("people")[0].as_py())
