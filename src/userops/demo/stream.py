"""From batches to rows: times within a visit, the sender's id, columns, order of arrival."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from userops.demo.catalogue import EVENTS
from userops.demo.people import Bools, Floats, Generator, Ints, People
from userops.demo.plan import DAY_MS, HOUR_MS
from userops.demo.scene import Batch, Coded, Scene
from userops.demo.visits import LONGEST_MS
from userops.demo.world import (
    CHANNELS,
    DEVICES,
    LOGIN_METHODS,
    PLACES,
    PLATFORMS,
    SYSTEM_VERSIONS,
    SYSTEMS,
)
from userops.stats.runs import begins

EVENT_NAMES = tuple(EVENTS)
LATE_SHARE = 0.015
LATE_MEAN_HOURS = 9.0
LONGEST_DELAY_MS = 72 * 3_600_000


@dataclass(frozen=True)
class Rows:
    """Every event, in the order of arrival. All arrays are parallel."""

    kind: Ints
    """Index of `EVENT_NAMES`."""
    visit: Ints
    ts: Ints
    """UTC milliseconds, strictly growing within a visit."""
    uuid: npt.NDArray[np.uint8]
    """Shape (events, 16); version 7: time first, then chance."""
    sender: Ints
    """Index of the id list of `sender_ids`."""
    amount: Floats
    late: Bools
    properties: pa.StringArray


def make_rows(scene: Scene, batches: Sequence[Batch]) -> Rows:
    """Put the batches in time, then in the order in which a collector would have got them."""
    kind = np.concatenate([np.full(b.visit.size, EVENT_NAMES.index(b.event)) for b in batches])
    visit = np.concatenate([batch.visit for batch in batches])
    key = np.concatenate([batch.key for batch in batches])
    amount = np.concatenate(
        [b.amount if b.amount is not None else np.full(b.visit.size, np.nan) for b in batches]
    )
    properties = pa.concat_arrays([json_text(b.properties, b.visit.size) for b in batches])
    ts = _times(scene, kind, visit, key)
    sender = _senders(scene, kind, visit, key)
    late = scene.rng.random(ts.size) < LATE_SHARE
    delay = np.where(late, scene.rng.exponential(LATE_MEAN_HOURS * 3_600_000, ts.size), 900.0)
    arrival = ts + np.minimum(delay, LONGEST_DELAY_MS).astype(np.int64)
    order = np.lexsort((visit, key, arrival))
    order = order[ts[order] < scene.plan.end_ms]
    return Rows(
        kind=kind[order],
        visit=visit[order],
        ts=ts[order],
        uuid=_uuids(scene.rng, ts[order]),
        sender=sender[order],
        amount=amount[order],
        late=late[order],
        properties=properties.take(pa.array(order)),
    )


def json_text(columns: dict[str, Coded | Ints | Floats], size: int) -> pa.StringArray:
    """One JSON object per row."""
    parts: list[pa.Array | str] = []
    for name, column in columns.items():
        parts.append(("," if parts else "{") + json.dumps(name) + ":")
        parts.append(_json_values(column))
    if not parts:
        return pa.array(["{}"], pa.string()).take(pa.array(np.zeros(size, dtype=np.int64)))
    return pc.binary_join_element_wise(*parts, pa.scalar("}"), "")


def _json_values(column: Coded | Ints | Floats) -> pa.StringArray:
    if isinstance(column, Coded):
        names = pa.array(
            [json.dumps(name, ensure_ascii=False) for name in column.names], pa.string()
        )
        return names.take(pa.array(column.codes))
    return pc.cast(pa.array(column), pa.string())


def _times(scene: Scene, kind: Ints, visit: Ints, key: Floats) -> Ints:
    """Start of the visit plus exponential pauses, squeezed into `LONGEST_MS`."""
    order = np.lexsort((key, visit))
    pause = np.array([event.pause_seconds for event in EVENTS.values()])[kind[order]] * 1000
    step = 40 + (scene.rng.exponential(1.0, order.size) * pause).astype(np.int64)
    sorted_visit = visit[order]
    first = begins(sorted_visit)
    step[first] = 0
    passed = np.cumsum(step)
    begin = np.flatnonzero(first)
    length = np.diff(np.append(begin, order.size))
    offset = passed - np.repeat(passed[begin], length)
    longest = np.repeat(offset[begin + length - 1], length)
    squeezed = np.where(
        longest > LONGEST_MS, offset * (LONGEST_MS / np.maximum(longest, 1)), offset
    )
    ts = np.empty(order.size, dtype=np.int64)
    ts[order] = scene.visits.start[sorted_visit] + squeezed.astype(np.int64)
    return ts


def _senders(scene: Scene, kind: Ints, visit: Ints, key: Floats) -> Ints:
    """Known id, first device id or second device id: see `sender_ids`."""
    visits, people = scene.visits, scene.people
    person = visits.person[visit]
    door = (kind == EVENT_NAMES.index("sign_up")) | (kind == EVENT_NAMES.index("log_in"))
    before_wall = visits.wall[visit] & (key <= 4.5) & ~door
    anonymous = ~visits.known[visit] | before_wall
    second = before_wall & ~visits.signs_up[visit]
    return np.asarray(person + people.size * np.where(second, 2, np.where(anonymous, 1, 0)))


def sender_ids(people: People) -> list[str]:
    """Three blocks of one id per person: member number, device, second device."""
    known = [f"sg{number}" for number in people.number.tolist()]
    devices = [_device_id(number) for number in people.number.tolist()]
    return [*known, *devices, *(_device_id(number + 10**9) for number in people.number.tolist())]


def _device_id(number: int) -> str:
    """A random-looking device id: one multiplication of an odd constant spreads the bits."""
    mixed = (number * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    return f"d-{mixed ^ (mixed >> 31):016x}"


def _uuids(rng: Generator, ts: Ints) -> npt.NDArray[np.uint8]:
    raw = rng.integers(0, 256, (ts.size, 16), dtype=np.uint8)
    raw[:, :6] = ts.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 2:]
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x70
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    return raw


def past_sign_ups(scene: Scene, rng: Generator) -> pa.Table:
    """One `sign_up` of each member from before the window, on the day they joined."""
    people, visits, plan = scene.people, scene.visits, scene.plan
    first = np.flatnonzero((visits.number == 1) & (people.join_day[visits.person] < 0))
    person = visits.person[first]
    ts = plan.start_ms + people.join_day[person] * DAY_MS
    ts += (rng.triangular(8.0, 20.5, 24.0, first.size) * HOUR_MS).astype(np.int64)
    order = np.argsort(ts, kind="stable")
    method = Coded(LOGIN_METHODS, rng.integers(0, len(LOGIN_METHODS), first.size))
    rows = Rows(
        kind=np.full(first.size, EVENT_NAMES.index("sign_up")),
        visit=first[order],
        ts=ts[order],
        uuid=_uuids(rng, ts[order]),
        sender=person[order],
        amount=np.full(first.size, np.nan),
        late=np.zeros(first.size, dtype=bool),
        properties=json_text({"method": method}, first.size),
    )
    table = pa.concat_tables(tables(scene, rows, max(first.size, 1)))
    # what belongs to the visit inside the window is not true of that day
    for name in ("app_version", "session", "utm_source", "utm_medium"):
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.repeat(pa.scalar("", pa.string()), first.size))
    return table


def tables(scene: Scene, rows: Rows, chunk_rows: int) -> Iterator[pa.Table]:
    """The rows as Arrow tables. Text columns are dictionary-encoded except session and props."""
    encode = _encoders(scene)
    ids = pa.array(sender_ids(scene.people), pa.string())
    names = pa.array(EVENT_NAMES, pa.string())
    pages = pa.array([event.page for event in EVENTS.values()], pa.string())
    for begin in range(0, rows.ts.size, chunk_rows):
        part = slice(begin, begin + chunk_rows)
        visit = rows.visit[part]
        kind = rows.kind[part]
        amount = rows.amount[part]
        columns: dict[str, pa.Array] = {
            "event": _coded(kind, names),
            "distinct_id": ids.take(pa.array(rows.sender[part])),
            "ts": pa.array(rows.ts[part]),
            "uuid": pa.FixedSizeBinaryArray.from_buffers(
                pa.binary(16),
                visit.size,
                [None, pa.py_buffer(np.ascontiguousarray(rows.uuid[part]))],
            ),
            **{name: _coded(codes[visit], values) for name, (codes, values) in encode.items()},
            "page": _coded(kind, pages),
            "session": pc.binary_join_element_wise("s", pc.cast(pa.array(visit), pa.string()), ""),
            "amount": pa.array(amount, mask=np.isnan(amount)),
            "currency": _coded(np.isnan(amount).astype(np.int64), pa.array(["CNY", ""])),
            "props": rows.properties.slice(begin, visit.size),
        }
        yield pa.table(columns)


def _coded(codes: Ints, values: pa.Array) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), values)


def _encoders(scene: Scene) -> dict[str, tuple[Ints, pa.Array]]:
    """Code of each visit and the values, for every standard field that belongs to the visit."""
    people, visits = scene.people, scene.visits
    person = visits.person
    platform = people.platform[person]
    device = _flat(DEVICES, platform, people.device[person])
    system = _flat(SYSTEM_VERSIONS, platform, people.system_version[person])
    channel = people.channel[person]
    utm = np.where(visits.from_advert & ~scene.bot, channel, len(CHANNELS))
    versions = [release.version for release in scene.plan.releases]
    return {
        "platform": (platform, pa.array(PLATFORMS)),
        "os": (platform, pa.array(SYSTEMS)),
        "os_version": (system, pa.array([name for names in SYSTEM_VERSIONS for name in names])),
        "device": (device, pa.array([name for names in DEVICES for name in names])),
        "app_version": (visits.release, pa.array(versions)),
        "channel": (channel, pa.array([c.name for c in CHANNELS])),
        "utm_source": (utm, pa.array([*(c.utm_source for c in CHANNELS), ""])),
        "utm_medium": (utm, pa.array([*(c.utm_medium for c in CHANNELS), ""])),
        "country": (platform * 0, pa.array(["中国"])),
        "province": (people.place[person], pa.array([place[0] for place in PLACES])),
        "city": (people.place[person], pa.array([place[1] for place in PLACES])),
        "language": (platform * 0, pa.array(["zh-CN"])),
    }


def _flat(options: tuple[tuple[str, ...], ...], row: Ints, column: Ints) -> Ints:
    begins = np.cumsum([0, *(len(names) for names in options[:-1])])
    return np.asarray(begins[row] + column)
