"""Events of a day as the columns of the file."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute

from bench.history import catalogue as shop
from bench.history.people import ANONYMOUS, KNOWN, MERGED, People
from bench.history.sessions import Day
from bench.history.uuids import as_text, random_uuids, uuids_of

DEVICE_SALT = 7 << 40
TEXT = pa.string()
TIME = pa.timestamp("ms", "UTC")


class Columns:
    """Makes tables of one schema; the names are those of UserOps's standard properties."""

    repeating = (
        *("event", "platform", "os", "app_version", "channel", "country", "province", "city"),
        *("page", "item", "ab_group", "search_word", "coupon"),
    )
    schema = pa.schema(
        [
            ("uuid", TEXT),
            ("user_id", TEXT),
            ("person", pa.uint32()),
            ("time", TIME),
            ("received", TIME),
            ("event", TEXT),
            *((name, TEXT) for name in repeating[1:9]),
            ("amount", pa.float64()),
            *((name, TEXT) for name in repeating[9:]),
            ("position", pa.int32()),
        ]
    )
    """`person` is the number of the human being: the truth, which no import is told."""

    def __init__(self, random: np.random.Generator, people: People) -> None:
        self._random = random
        self._people = people

    def table(self, made: Day, day: int) -> pa.Table:
        random, people, user = self._random, self._people, made.user
        count = len(user)
        platform, channel, place = self._of_visits(made)
        browser = platform >= 3
        columns: dict[str, pa.Array] = {
            "uuid": as_text(random_uuids(random, made.ms, browser)),
            "user_id": self._ids(user, day),
            "person": pa.array(user, pa.uint32()),
            "time": pa.array(made.ms, TIME),
            "received": pa.array(made.ms + random.integers(80, 4_000, count), TIME),
            "event": _named(shop.EVENTS, made.event),
            "platform": _named(shop.PLATFORMS, platform),
            "os": _named(shop.SYSTEMS, platform),
            "app_version": self._versions(user, day),
            "channel": _named(shop.CHANNELS, channel),
            "country": _named(shop.COUNTRIES, people.country[user]),
            "province": _named(shop.PROVINCES, place),
            "city": _named(shop.CITIES, place),
        }
        return pa.table({**columns, **self._details(made)}, schema=self.schema)

    def _of_visits(self, made: Day) -> tuple[npt.NDArray[np.int64], ...]:
        """Platform, channel and place of each event: most visits are as the user always is."""
        random, people = self._random, self._people
        count = int(made.visit.max()) + 1 if len(made.visit) else 0
        same = random.random(count) >= 0.06
        other_platform = shop.pick(random, shop.PLATFORM_SHARE, count)
        stay = random.random(count) >= 0.30
        other_channel = shop.pick(random, shop.CHANNEL_SHARE, count)
        home = random.random(count) >= 0.03
        other_place = shop.zipf(random, len(shop.PLACES), count, 0.7)
        at = made.visit
        return (
            np.where(same[at], people.platform[made.user], other_platform[at]),
            np.where(stay[at], people.channel[made.user], other_channel[at]),
            np.where(home[at], people.place[made.user], other_place[at]),
        )

    def _ids(self, user: npt.NDArray[np.int64], day: int) -> pa.Array:
        people = self._people
        kind = people.kind[user]
        anonymous = (kind == ANONYMOUS) | ((kind == MERGED) & (day < people.log_in[user]))
        return pa.compute.if_else(pa.array(anonymous), device_ids(user), known_ids(people, user))

    def _versions(self, user: npt.NDArray[np.int64], day: int) -> pa.Array:
        # a release every five days; people update late, each in their own rhythm
        newest = np.full(len(user), day // 5)
        behind = (user * 2654435761 % 97) // 28
        return _named(shop.VERSIONS, np.maximum(newest - behind, 0))

    def _details(self, made: Day) -> dict[str, pa.Array]:
        """Properties that only some events have."""
        random, event, count = self._random, made.event, len(made.event)
        goods = (event >= shop.VIEW) & (event <= shop.PAY)
        item = shop.zipf(random, 3_000, count, 0.9)
        amount = np.round(np.exp(random.normal(4.3, 0.9, count)), 2)
        page = shop.zipf(random, len(shop.PAGES), count)
        items = np.array([f"i{number:05}" for number in range(3_000)])
        paged = (event == shop.PAGE) | (event == shop.OPEN)
        dice = random.random(count)
        return {
            "page": _named(shop.PAGES, page, paged),
            "amount": pa.array(amount, mask=event != shop.PAY),
            "item": _named(items, item, goods),
            "ab_group": _named(shop.GROUPS, made.user % 2, dice < 0.3),
            "search_word": _named(
                shop.WORDS, shop.zipf(random, len(shop.WORDS), count), event == shop.SEARCH
            ),
            "coupon": _named(
                shop.COUPONS,
                shop.zipf(random, len(shop.COUPONS), count),
                (event == shop.PAY) & (dice > 0.8),
            ),
            "position": pa.array(
                random.integers(1, 60, count),
                pa.int32(),
                mask=~((event == shop.VIEW) & (dice < 0.5)),
            ),
        }


def _named(
    names: npt.NDArray[np.str_] | tuple[str, ...],
    codes: npt.NDArray[np.int64],
    there: npt.NDArray[np.bool_] | None = None,
) -> pa.Array:
    mask = None if there is None else ~there
    indices = pa.array(codes, pa.int32(), mask=mask)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names), TEXT)).cast(TEXT)


def device_ids(user: npt.NDArray[np.int64]) -> pa.Array:
    return as_text(uuids_of(user, DEVICE_SALT))


def known_ids(people: People, user: npt.NDArray[np.int64]) -> pa.Array:
    return pa.compute.binary_join_element_wise(
        "u", pa.array(people.number[user]).cast(TEXT), "", null_handling="skip"
    )


def merges(people: People) -> pa.Table:
    """Who turned out to be whom: the anonymous id of each merged user, and the known one."""
    both = np.flatnonzero(people.kind == MERGED)
    return pa.table(
        {
            "distinct_id": known_ids(people, both),
            "anonymous_id": device_ids(both),
            "person": pa.array(both, pa.uint32()),
            "day": pa.array(people.log_in[both], pa.int32()),
        }
    )


__all__ = ["KNOWN", "Columns", "device_ids", "known_ids", "merges"]
