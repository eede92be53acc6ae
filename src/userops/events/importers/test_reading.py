from __future__ import annotations

import csv
import gzip
import io
import threading
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import openpyxl
import orjson
import pyarrow as pa
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from pyarrow import parquet

from userops.errors import Refused
from userops.events.importers.encoding import detect_encoding
from userops.events.importers.excel_rows import sheet_names
from userops.events.importers.formats import FileFormat
from userops.events.importers.reading import detect_format, open_rows, read_chunks
from userops.events.importers.rows import Chunk, ReadingNotes

CHINESE = "用户编号,城市,备注\n1,上海,第一次购买的用户\n2,北京,通过朋友推荐注册\n"
TRADITIONAL = "編號,城市,備註\n1,臺北,第一次購買的會員\n2,高雄,透過朋友推薦註冊的會員\n"


def read(path: Path, rows: int = 50_000, **chosen: object) -> tuple[list[Chunk], ReadingNotes]:
    reader = open_rows(path, detect_format(path, **chosen))
    return list(read_chunks(reader, path, rows)), reader.notes


def records(chunks: list[Chunk]) -> list[dict[str, str | None]]:
    return [row for chunk in chunks for row in chunk.table.to_pylist()]


def file(folder: Path, content: bytes, name: str = "data.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "text", "found"),
    [
        ("utf-8", CHINESE, "utf-8"),
        ("utf-8-sig", CHINESE, "utf-8-sig"),
        ("gbk", CHINESE, "gb18030"),
        ("big5", TRADITIONAL, "big5"),
        ("utf-16", CHINESE, "utf-16"),
        ("utf-16-le", "id,name\n1,Zoë\n2,Ana\n", "utf-16-le"),
        ("cp1252", "id,commentaire\n1,très bien\n2,délai d'attente\n", "cp1252"),
    ],
)
def test_encodings_are_detected_and_read(
    tmp_path: Path, encoding: str, text: str, found: str
) -> None:
    path = file(tmp_path, text.encode(encoding))
    chunks, notes = read(path)
    assert notes.encoding == found
    assert notes.bad_bytes == 0
    expected = list(csv.DictReader(io.StringIO(text)))
    assert records(chunks) == expected


def test_an_encoding_far_below_the_sample_is_found_when_it_comes(tmp_path: Path) -> None:
    ascii_rows = "".join(f"{n},plain\n" for n in range(200_000))
    content = b"id,city\n" + ascii_rows.encode() + "7,上海市浦东新区\n".encode("gbk")
    path = file(tmp_path, content)
    assert detect_format(path).encoding == ""
    chunks, notes = read(path)
    assert notes.encoding == "gb18030"
    assert records(chunks)[-1] == {"id": "7", "city": "上海市浦东新区"}


def test_bad_bytes_are_counted_and_replaced(tmp_path: Path) -> None:
    content = CHINESE.encode() + "4,广州,复购\n".encode() * 20 + b"3,\xff\xfe,x\n"
    chunks, notes = read(file(tmp_path, content))
    assert notes.bad_bytes == 2
    assert records(chunks)[-1]["城市"] == "\ufffd\ufffd"


def test_an_encoding_can_be_given(tmp_path: Path) -> None:
    path = file(tmp_path, "id,name\n1,\x8a\n".encode("latin-1"))
    chunks, _ = read(path, encoding="cp850")
    assert records(chunks) == [{"id": "1", "name": "è"}]


def test_mixed_french_encodings_of_a_real_file(real_data: Path) -> None:
    chunks, notes = read(real_data / "nps_retail_fr.csv")
    assert notes.encoding == "cp1252"
    assert sum(len(chunk.rows) for chunk in chunks) == 13_954
    assert notes.bad_bytes > 0
    assert notes.suspect_characters > 100


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_detected(tmp_path: Path, delimiter: str) -> None:
    lines = ["user,when,what", "u1,2024-01-01,view", "u2,2024-01-02,buy"]
    content = "\r\n".join(line.replace(",", delimiter) for line in lines).encode()
    path = file(tmp_path, content)
    assert detect_format(path).delimiter == delimiter
    chunks, _ = read(path)
    assert records(chunks)[1] == {"user": "u2", "when": "2024-01-02", "what": "buy"}


def test_runs_of_spaces_and_no_header(tmp_path: Path) -> None:
    content = b" 00004 19970101  2   29.33\r\n 00021 19970118 12  129.73\r\n"
    path = file(tmp_path, content, "sample.txt")
    found = detect_format(path)
    assert (found.delimiter, found.header) == (" ", False)
    chunks, _ = read(path)
    assert records(chunks)[1] == {
        "column_1": "00021",
        "column_2": "19970118",
        "column_3": "12",
        "column_4": "129.73",
    }
    assert chunks[0].rows.tolist() == [1, 2]


def test_ragged_rows_are_refused_with_their_number_and_text(tmp_path: Path) -> None:
    content = b'a,b,c\n1,2,3\n4,5\n\n"x\ny",2,3\n6,7,8,9\n7,8,9\n   \n'
    chunks, _ = read(file(tmp_path, content))
    refused = [row for chunk in chunks for row in chunk.refused]
    assert [(row.row, row.code, row.raw) for row in refused] == [
        (3, "row_malformed", "4,5"),
        (6, "row_malformed", "6,7,8,9"),
    ]
    assert [n for chunk in chunks for n in chunk.rows.tolist()] == [2, 5, 7]
    assert records(chunks)[1]["a"] == "x\ny"


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_refused_rows_are_given_once_whatever_the_chunks(tmp_path: Path, size: int) -> None:
    rows = [f"{n},x" if n % 3 else f"{n}" for n in range(1, 60)]
    path = file(tmp_path, ("id,v\n" + "\n".join(rows)).encode())
    chunks, _ = read(path, rows=size)
    refused = [row.row for chunk in chunks for row in chunk.refused]
    assert refused == [n + 1 for n in range(3, 60, 3)]
    taken = [n for chunk in chunks for n in chunk.rows.tolist()]
    assert sorted(taken + refused) == list(range(2, 61))


def test_an_unclosed_quote_says_what_to_do(tmp_path: Path) -> None:
    content = b'a,b\n1,"x\n' + b"2,yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n" * 200_000
    path = file(tmp_path, content)
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.code == "csv_quote_unclosed"
    chunks, _ = read(path, quotes=False)
    assert sum(len(chunk.rows) for chunk in chunks) == 200_001


@pytest.mark.parametrize("name", ["data.csv.gz", "data.csv.zst", "data.csv"])
def test_compression_is_told_by_the_content(tmp_path: Path, name: str) -> None:
    content = CHINESE.encode()
    packed = {
        "data.csv.gz": gzip.compress(content),
        "data.csv.zst": zstandard.ZstdCompressor().compress(content),
        "data.csv": content,
    }[name]
    chunks, notes = read(file(tmp_path, packed, name))
    assert records(chunks)[0]["城市"] == "上海"
    assert notes.share_read == 1.0


def test_a_cut_off_archive_is_refused(tmp_path: Path) -> None:
    content = b"".join(f"{n},{n * 7919 % 10007}\n".encode() for n in range(900_000))
    packed = gzip.compress(b"a,b\n" + content)
    path = file(tmp_path, packed[: len(packed) // 2], "half.csv.gz")
    with pytest.raises(Refused) as refused:
        read(path)
    assert refused.value.code == "file_damaged"


@pytest.mark.parametrize(("content", "code"), [(b"", "file_empty"), (b" \n\n", "file_empty")])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        read(file(tmp_path, content))
    assert refused.value.code == code


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path / "nothing.csv")
    assert refused.value.code == "file_missing"


def test_json_lines_are_flattened_and_bad_lines_refused(tmp_path: Path) -> None:
    lines = [
        '{"user":"u1","p":{"city":"上海","n":{"k":1}},"tags":["a","b"],"no":null,"yes":true}',
        "not json",
        "[1,2]",
        "",
        '{"user":"u2","extra":2.50}',
    ]
    path = file(tmp_path, "\n".join(lines).encode(), "data.jsonl")
    chunks, _ = read(path)
    assert records(chunks)[0] == {
        "user": "u1",
        "p.city": "上海",
        "p.n.k": "1",
        "tags": '["a","b"]',
        "yes": "true",
        "extra": None,
    }
    assert records(chunks)[1]["extra"] == "2.5"
    refused = [(row.row, row.code) for chunk in chunks for row in chunk.refused]
    assert refused == [(2, "json_invalid"), (3, "not_an_object")]
    assert chunks[0].rows.tolist() == [1, 5]


def test_one_json_array_is_read_like_lines(tmp_path: Path) -> None:
    content = '[\n  {"user": "u1", "n": 1},\n  {"user": "u2"}, 7\n]\n'
    chunks, _ = read(file(tmp_path, content.encode(), "data.json"))
    assert records(chunks) == [{"user": "u1", "n": "1"}, {"user": "u2", "n": None}]
    assert [(row.row, row.code) for row in chunks[0].refused] == [(3, "not_an_object")]


def test_workbook_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["用户ID", "时间", "金额"])
    sheet.append([10001, datetime(2024, 1, 2, 3, 4, 5), 12.5])  # noqa: DTZ001
    sheet.append(["10002", datetime(2024, 1, 3), None])  # noqa: DTZ001
    book.create_sheet("第二页").append(["a", "b"])
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert sheet_names(path) == ("Sheet", "第二页")
    chunks, _ = read(path)
    assert records(chunks) == [
        {"用户ID": "10001", "时间": "2024-01-02 03:04:05", "金额": "12.5"},
        {"用户ID": "10002", "时间": "2024-01-03", "金额": None},
    ]
    with pytest.raises(Refused) as refused:
        read(path, sheet="没有")
    assert refused.value.code == "sheet_unknown"


@pytest.mark.parametrize("packed", [False, True])
def test_parquet_types_become_text(tmp_path: Path, packed: bool) -> None:
    table = pa.table(
        {
            "n": pa.array([1, None], pa.int64()),
            "t": pa.array([datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=UTC), None]),
            "local": pa.array([datetime(2024, 1, 2), None]),  # noqa: DTZ001
            "list": [[1, 2], None],
            "flag": [True, False],
            "word": pa.array(["上海", "x"]).dictionary_encode(),
        }
    )
    path = tmp_path / "data.parquet"
    parquet.write_table(table, path)
    if packed:
        path = file(tmp_path, gzip.compress(path.read_bytes()), "data.parquet.gz")
        chosen = FileFormat(kind="parquet")
        chunks = list(read_chunks(open_rows(path, chosen), path))
    else:
        chunks, _ = read(path)
    assert records(chunks)[0] == {
        "n": "1",
        "t": "2024-01-02T03:04:05.678000Z",
        "local": "2024-01-02 00:00:00.000000",
        "list": "[1,2]",
        "flag": "true",
        "word": "上海",
    }


TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from('\n",;|\t'), max_size=12
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=20), st.integers(1, 7))
def test_csv_round_trip(tmp_path: Path, rows: list[tuple[str, str, str]], size: int) -> None:
    """Whatever stands in the cells, the rows come back, in chunks of any size."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["first", "second", "third"])
    writer.writerows(rows)
    path = file(tmp_path, out.getvalue().encode())
    chosen = FileFormat(kind="csv", encoding="utf-8", columns=("first", "second", "third"))
    chunks = list(read_chunks(open_rows(path, chosen), path, size))
    expected = [row for row in rows if any(row)]
    assert [tuple(row.values()) for row in records(chunks)] == expected
    assert all(len(chunk.rows) <= size for chunk in chunks)


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), st.text(max_size=5), min_size=1), max_size=8)
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_json_lines_round_trip(tmp_path: Path, rows: list[dict[str, str]]) -> None:
    content = b"\n".join(orjson.dumps(row) for row in rows)
    path = file(tmp_path, content, "data.jsonl")
    chosen = FileFormat(kind="jsonl", encoding="utf-8")
    back = records(list(read_chunks(open_rows(path, chosen), path, 3)))
    filled = [{k: v for k, v in row.items() if v is not None} for row in back]
    assert filled == rows


def test_a_guess_is_uncertain_when_the_bytes_are_few() -> None:
    assert detect_encoding(b"plain").encoding == ""
    assert detect_encoding("男,女\n".encode("gbk") * 5).encoding == "gb18030"


def test_the_next_chunk_is_read_while_one_is_worked_on_and_reading_ends_with_the_caller(tmp_path):
    asked, ended = threading.Semaphore(0), threading.Event()

    class Endless:
        notes = ReadingNotes()

        def chunks(self, _rows):
            try:
                for number in count(1):
                    asked.release()
                    yield Chunk(pa.table({"a": ["x"]}), np.array([number]))
            finally:
                ended.set()

    chunks = read_chunks(Endless(), tmp_path / "endless.csv", rows=1)
    assert next(chunks).rows.tolist() == [1]
    # a chunk is whole once the next one does not fit into it: two are read for each that is given
    for _ in range(3):
        assert asked.acquire(timeout=10)
    assert next(chunks).rows.tolist() == [2]
    chunks.close()
    assert ended.is_set()
