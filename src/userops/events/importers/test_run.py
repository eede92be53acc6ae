from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from userops.errors import Refused
from userops.events.identity import person_of
from userops.events.importers.formats import detect_format
from userops.events.importers.mapping import Mapping, replaced
from userops.events.importers.quarantine import quarantine_path
from userops.events.importers.rows import Chunk, RowReader
from userops.events.importers.run import ImportCancelled, ImportOutcome, Progress, run_import
from userops.events.importers.stage import Stage
from userops.events.models import (
    EventDefinition,
    ImportRun,
    Product,
    Profile,
    PropertyDefinition,
    QualityReport,
    QuarantinedRow,
    UserId,
)
from userops.events.records import Event, Identify, taken_id

NOW = 1_780_000_000_000

HEADER = "user,when,what,price,city\n"
LINES = [
    "u1,2024-01-02 10:00:00,view,1.5,上海",
    "u2,2024-01-02 11:00:00,view,,北京",
    "u1,2024-01-02 10:00:00,view,1.5,上海",
    "u3,2024-01-03 00:00:00,buy,20,",
    ",2024-01-03 00:00:00,buy,20,",
    "u1,2024-01-02 10:00:00,view,1.5,上海",
]


def write(folder: Path, lines: list[str], name: str = "rows.csv") -> Path:
    path = folder / name
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def mapping_of(path: Path, **changes: object) -> Mapping:
    plain = Mapping(
        file=detect_format(path), user="user", time="when", event="what", all_props=True
    )
    return replaced(plain, **changes)


def load(store, product, path: Path, **changes: object) -> ImportOutcome:
    return run_import(store, product, path, mapping_of(path, **changes))


def counts(outcome: ImportOutcome) -> tuple[int, int, int, int]:
    return outcome.rows, outcome.stored, outcome.refused, outcome.duplicates


def stored(store, product, what: str = "count()"):
    sql = f"select {what} from events where product = {{product:UInt32}}"
    return store.engine.value(sql, {"product": product.pk})


def test_rows_are_stored_as_events(store, product, tmp_path: Path) -> None:
    outcome = load(store, product, write(tmp_path, LINES))
    assert counts(outcome) == (6, 5, 1, 0)
    rows = store.engine.rows(
        "select event, uid, toUnixTimestamp64Milli(ts), city, toString(props.price), source"
        " from events where product = {product:UInt32} order by uid, ts",
        {"product": product.pk},
    )
    first = ("view", 0, 1_704_160_800_000, "上海", "1.5", "import")  # 10:00 in Shanghai
    assert [tuple(row) for row in rows] == [
        first,
        first,
        first,
        ("view", 1, 1_704_164_400_000, "北京", "", "import"),
        ("buy", 2, 1_704_211_200_000, "", "20", "import"),
    ]
    assert outcome.report.repeated == 2
    run = ImportRun.objects.get(pk=outcome.run)
    assert (run.state, run.stored, run.refused) == ("done", 5, 1)
    assert QualityReport.objects.get(import_run=run).report["rows"] == 6
    assert Stage(store.engine, run.pk).count() == 0
    assert set(EventDefinition.objects.filter(product=product).values_list("name", flat=True)) == {
        "view",
        "buy",
    }
    types = dict(PropertyDefinition.objects.filter(product=product).values_list("name", "type"))
    assert types == {"price": "number", "city": "text"}


def test_importing_again_doubles_nothing(store, product, tmp_path: Path) -> None:
    load(store, product, write(tmp_path, LINES))
    again = load(store, product, write(tmp_path, LINES, "copy.csv"))
    assert counts(again) == (6, 0, 1, 5)
    more = [*LINES, LINES[0], "u9,2024-02-01 00:00:00,view,3,"]
    random.Random(7).shuffle(more)
    longer = load(store, product, write(tmp_path, more, "longer.csv"))
    assert counts(longer) == (8, 2, 1, 5)
    fewer_props = load(store, product, write(tmp_path, more, "bare.csv"), all_props=False)
    assert fewer_props.stored == 0
    assert stored(store, product) == 7


def test_dedupe_counts_equal_rows_once(store, product, tmp_path: Path) -> None:
    outcome = load(store, product, write(tmp_path, LINES), dedupe=True)
    assert counts(outcome) == (6, 3, 1, 2)


def test_given_uuids_count_once(store, product, tmp_path: Path) -> None:
    one, two = "0189c5a2-7f4c-7a43-8d27-6b1f9a3d2e11", "0189C5A27F4C7A438D276B1F9A3D2E12"
    path = tmp_path / "ids.csv"
    path.write_text(
        "user,when,what,id\n"
        f"u1,2024-01-02,view,{one}\nu2,2024-01-02,buy,{one}\nu1,2024-01-02,view,{two}\n"
        "u1,2024-01-02,view,\n"
    )
    outcome = load(store, product, path, uuid="id")
    assert counts(outcome) == (4, 3, 0, 1)
    sql = "select id from taken where product = {product:UInt32}"
    ids = {row[0] for row in store.engine.rows(sql, {"product": product.pk})}
    assert len(ids) == 3 and {taken_id(UUID(one)), taken_id(UUID(two))} <= ids


def test_a_dry_run_tells_the_same_and_leaves_nothing(store, product, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    dry = run_import(store, product, path, mapping_of(path), dry_run=True)
    assert stored(store, product) == 0
    assert not ImportRun.objects.filter(product=product).exists()
    assert not UserId.objects.filter(product=product).exists()
    assert not QuarantinedRow.objects.filter(product=product).exists()
    assert store.engine.value("select count() from import_keys") == 0
    assert counts(dry) == counts(load(store, product, path))
    assert run_import(store, product, path, mapping_of(path), dry_run=True).stored == 0


def test_a_dry_run_leaves_an_interrupted_import_alone(store, product, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    with pytest.raises(ImportCancelled):
        run_import(store, product, path, mapping_of(path), cancelled=lambda: True)
    run_import(store, product, path, mapping_of(path), dry_run=True)
    [run] = ImportRun.objects.filter(product=product)
    assert load(store, product, path).run == run.pk


def test_refused_rows_are_kept_and_safe_to_open(store, product, tmp_path: Path) -> None:
    path = write(tmp_path, [*LINES, "=cmd()|x", "u5,@now,view,,"])
    outcome = load(store, product, path)
    kept = QuarantinedRow.objects.filter(import_run=outcome.run).order_by("row_number")
    assert [(row.row_number, row.code) for row in kept] == [
        (6, "user_missing"),
        (8, "row_malformed"),
        (9, "time_invalid"),
    ]
    assert json.loads(kept[0].raw)["price"] == "20"
    assert outcome.quarantine == quarantine_path(store.config.data, outcome.run)
    with outcome.quarantine.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == ["6", "8", "9"]
    assert rows[1]["raw"] == "'=cmd()|x"
    assert rows[2]["detail"] == "'@now"


def many(count: int) -> list[str]:
    return [
        f"u{n % 50},2024-01-02 00:{n // 60 % 60:02}:{n % 60:02},view,{n},x" for n in range(count)
    ]


def test_a_cancelled_import_leaves_nothing_and_goes_on_later(
    store, product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userops.events.importers.reading.CHUNK_ROWS", 100)
    path = write(tmp_path, many(500))
    seen: list[Progress] = []
    in_chunks_of_100(monkeypatch)
    with pytest.raises(ImportCancelled):
        run_import(
            store,
            product,
            path,
            mapping_of(path),
            progress=seen.append,
            cancelled=lambda: len(seen) >= 3,
        )
    run = ImportRun.objects.get(product=product)
    assert run.state == "cancelled"
    assert stored(store, product) == 0
    assert not UserId.objects.filter(product=product).exists()
    assert Stage(store.engine, run.pk).count() == 300
    added: list[int] = []
    plain_add = Stage.add
    monkeypatch.setattr(
        Stage,
        "add",
        lambda self, rows, *more: (added.append(rows.height), plain_add(self, rows, *more))[1],
    )
    outcome = load(store, product, path)
    assert added == [100, 100]
    assert outcome.run == run.pk
    assert counts(outcome) == (500, 500, 0, 0)
    assert outcome.report.field("price").distinct == 500


def in_chunks_of_100(monkeypatch: pytest.MonkeyPatch) -> None:
    from userops.events.importers import run
    from userops.events.importers.reading import read_chunks

    def small(reader: RowReader, path: Path, *, typed: bool) -> Iterator[Chunk]:
        return read_chunks(reader, path, 100, typed=typed)

    monkeypatch.setattr(run, "read_chunks", small)


def test_a_failure_while_moving_takes_everything_back(
    store, product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, LINES)

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as broken:
        broken.setattr("userops.events.importers.run._Execution._note_names", fail)
        with pytest.raises(RuntimeError):
            load(store, product, path)
    run = ImportRun.objects.get(product=product)
    assert run.state == "failed"
    assert run.error["code"] == "import_failed"
    assert stored(store, product) == 0
    assert not QuarantinedRow.objects.filter(product=product).exists()
    assert counts(load(store, product, path)) == (6, 5, 1, 0)
    assert ImportRun.objects.filter(product=product).count() == 1


def test_several_slices_are_as_one(
    store, product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("userops.events.importers.stage.SLICE_ROWS", 30)
    path = write(tmp_path, many(400) + many(40))
    outcome = load(store, product, path)
    assert counts(outcome) == (440, 440, 0, 0)
    assert stored(store, product) == 440
    ids = "select uniqExact(id) from taken where product = {product:UInt32}"
    assert store.engine.value(ids, {"product": product.pk}) == 440
    assert load(store, product, path, dedupe=True).stored == 0


def test_profiles_are_set(store, product, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,年龄,name\n1.0,31,Ann\n2.0,,Bo\n,5,x\n1.0,32,Ann\n", encoding="gbk")
    mapping = Mapping(file=detect_format(path), user="id", profile=True, all_props=True)
    for _ in range(2):
        outcome = run_import(store, product, path, mapping)
        assert counts(outcome) == (4, 3, 1, 0)
    uid = UserId.objects.get(product=product, distinct_id="1").uid
    assert Profile.objects.get(product=product, uid=uid).properties == {"年龄": 32, "name": "Ann"}
    assert stored(store, product) == 0


def test_a_wrong_mapping_leaves_no_run(store, product, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    with pytest.raises(Refused) as refused:
        load(store, product, path, user="nobody")
    assert refused.value.code == "column_unknown"
    assert not ImportRun.objects.filter(product=product).exists()


def test_refused_rows_are_read_again_once_they_are_mended(store, product, tmp_path: Path) -> None:
    from userops.events.quarantine import replay, waiting

    lines = ["u1,2024-01-02,view,1,上海", "u2,soon,buy,2,x", "u2,soon,buy,2,x", "u3,2024-01-03"]
    outcome = load(store, product, write(tmp_path, lines))
    assert counts(outcome) == (4, 1, 3, 0)
    rows = list(waiting(product).order_by("pk"))
    untouched = replay(store.ingest, product, rows)
    assert (untouched.taken, untouched.refused) == (0, {"time_invalid": 2, "row_malformed": 1})
    for row in rows:
        row.raw = row.raw.replace("soon", "2024-01-05").replace(
            "u3,2024-01-03", "u3,2024-01-03,buy,,"
        )
        row.save()
    mended = replay(store.ingest, product, rows)
    assert (mended.taken, mended.stored) == (3, 3)
    assert not waiting(product).exists()
    assert stored(store, product, "groupUniqArray(event)") in (["view", "buy"], ["buy", "view"])
    # the mended file finds them all taken
    fixed = [lines[0], *["u2,2024-01-05,buy,2,x"] * 2, "u3,2024-01-03,buy,,"]
    assert counts(load(store, product, write(tmp_path, fixed, "fixed.csv"))) == (4, 0, 0, 4)


def test_users_who_come_live_meanwhile_keep_their_numbers(
    store, product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The uids foreseen for new ids are taken by others before the import ends."""
    in_chunks_of_100(monkeypatch)
    seen: list[Progress] = []

    def live(progress: Progress) -> None:
        seen.append(progress)
        if len(seen) in (1, 2):
            for name in (f"live{len(seen)}", f"u{47 + len(seen)}", "u3"):
                event = Event(event="open", distinct_id=name, ts=NOW, uuid=uuid4(), properties={})
                store.ingest.submit(product.pk, "native", [event])

    path = write(tmp_path, many(300))
    outcome = run_import(store, product, path, mapping_of(path), progress=live)
    assert counts(outcome) == (300, 300, 0, 0)
    uids = dict(UserId.objects.filter(product=product).values_list("distinct_id", "uid"))
    assert sorted(uids.values()) == list(range(52))
    sql = (
        "select uid, toInt64(toString(props.price)) from events"
        " where product = {product:UInt32} and event = 'view'"
    )
    rows = store.engine.rows(sql, {"product": product.pk})
    assert sorted(rows) == sorted((uids[f"u{n % 50}"], n) for n in range(300))


def test_an_interrupted_run_goes_on_among_new_users(
    store, product, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_chunks_of_100(monkeypatch)
    monkeypatch.setattr("userops.events.importers.pipeline.AHEAD", 0)
    path = write(tmp_path, [f"u{n},2024-01-02 00:00:00,view,{n},x" for n in range(300)])
    seen: list[Progress] = []
    with pytest.raises(ImportCancelled):
        run_import(
            store,
            product,
            path,
            mapping_of(path),
            progress=seen.append,
            cancelled=lambda: len(seen) > 1,
        )
    for name in ("live", "u5", "u250"):
        event = Event(event="open", distinct_id=name, ts=NOW, uuid=uuid4(), properties={})
        store.ingest.submit(product.pk, "native", [event])
    run = ImportRun.objects.get(product=product)
    # half a chunk, as a crash leaves it: later than what is known to be whole
    store.engine.command(
        f"insert into import_events_{run.pk} (product, event, ts, received)"
        " select product, event, ts, now64(3) + 5 from"
        f" import_events_{run.pk} limit 7"
    )
    assert counts(load(store, product, path)) == (300, 300, 0, 0)
    uids = dict(UserId.objects.filter(product=product).values_list("distinct_id", "uid"))
    assert sorted(uids.values()) == list(range(301))
    rows = store.engine.rows(
        "select uid, toInt64(toString(props.price)) from events"
        " where product = {product:UInt32} and event = 'view'",
        {"product": product.pk},
    )
    assert sorted(rows) == sorted((uids[f"u{n}"], n) for n in range(300))


def test_identities_merge_as_those_that_come_live(store, product, tmp_path: Path) -> None:
    chance = random.Random(11)
    pairs = [(f"k{chance.randrange(12)}", f"a{chance.randrange(25)}") for _ in range(60)]
    lines = [f"{known},{anonymous}" for known, anonymous in [*pairs, ("guest", "a1"), ("k1", "")]]
    path = tmp_path / "pairs.csv"
    path.write_text("user_id,device\n" + "\n".join(lines) + "\n", encoding="utf-8")
    mapping = Mapping(file=detect_format(path), user="user_id", anonymous="device", identities=True)
    other = Product.objects.create(pk=product.pk + 500_000_000, slug="other", name="other")
    live = [Identify(distinct_id=known, anonymous_id=anonymous) for known, anonymous in pairs]
    conflicts = store.ingest.submit(other.pk, "native", live).refused
    assert conflicts
    for _ in range(2):
        outcome = run_import(store, product, path, mapping)
        assert counts(outcome) == (62, 60 - conflicts, conflicts + 2, 0)
    codes = {each.code: each.count for each in outcome.report.reasons}
    assert codes == {"identity_conflict": conflicts, "user_not_a_person": 1, "user_missing": 1}
    names = {name for pair in pairs for name in pair}
    assert _persons(product.pk, names) == _persons(other.pk, names)
    again = QuarantinedRow.objects.filter(import_run=outcome.run, code="identity_conflict")
    assert again.count() == conflicts
    rows = store.engine.rows(
        "select count(), uniqExact(person) from people final where product = {product:UInt32}",
        {"product": product.pk},
    )
    assert rows[0][0] == sum(len(group) for group in _persons(product.pk, names)) - len(
        _persons(product.pk, names)
    )


def _persons(product: int, names: set[str]) -> set[frozenset[str]]:
    groups: dict[int | None, set[str]] = {}
    for name in names:
        groups.setdefault(person_of(product, name), set()).add(name)
    return {frozenset(group) for group in groups.values()}


def test_identities_need_both_columns(store, product, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    with pytest.raises(Refused) as refused:
        run_import(
            store, product, path, Mapping(file=detect_format(path), user="user", identities=True)
        )
    assert (refused.value.code, refused.value.data["part"]) == ("mapping_incomplete", "anonymous")
