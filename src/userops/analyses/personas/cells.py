"""The values of features as they are told: hours as parts of the day, weekdays as workdays and weekend."""

from __future__ import annotations

from dataclasses import dataclass

from userops.analyses.personas.document import FeatureName
from userops.analyses.personas.features import Features
from userops.words import Words

DAYPARTS: dict[str, tuple[Words, tuple[int, ...]]] = {
    "early": (Words("清晨（5–8 点）", "early morning (5–8)"), (5, 6, 7)),
    "morning": (Words("上午（8–12 点）", "morning (8–12)"), (8, 9, 10, 11)),
    "noon": (Words("午间（12–14 点）", "noon (12–14)"), (12, 13)),
    "afternoon": (Words("下午（14–18 点）", "afternoon (14–18)"), (14, 15, 16, 17)),
    "evening": (Words("晚间（18–22 点）", "evening (18–22)"), (18, 19, 20, 21)),
    "night": (Words("深夜（22–5 点）", "night (22–5)"), (22, 23, 0, 1, 2, 3, 4)),
}
WEEK: dict[str, tuple[Words, tuple[int, ...]]] = {
    "workdays": (Words("工作日", "weekdays"), (0, 1, 2, 3, 4)),
    "weekend": (Words("周末", "weekends"), (5, 6)),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """Days in `columns` are looked at relative to those in `whole`, or to active days where it is empty."""

    feature: FeatureName
    property: str | None
    value: str
    columns: tuple[int, ...]
    whole: tuple[int, ...]


def cells_of(features: Features) -> list[Cell]:
    found: list[Cell] = []
    for feature in features.coded:
        place = range(feature.first - 1, feature.first - 1 + len(feature.values))
        whole = () if feature.name == "events" else tuple(place)
        grouped = {"hours": DAYPARTS, "weekdays": WEEK}.get(feature.name)
        if grouped is not None:
            parts = {value: members for value, (_, members) in grouped.items()}
        else:
            parts = {value: (number,) for number, value in enumerate(feature.values)}
        found += [
            Cell(feature.name, feature.property, value, tuple(place[m] for m in members), whole)
            for value, members in parts.items()
        ]
    return found
