"""Small files that unpack to more than any memory are refused, and the process lives on."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from userops.errors import Refused
from userops.events.importers import jsonl_rows, workbook_size
from userops.events.importers.excel_rows import open_workbook
from userops.events.importers.formats import detect_format
from userops.events.importers.reading import open_rows, read_chunks

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(path: Path, cells: str, extra: dict[str, bytes] | None = None) -> Path:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'
    relation = '<Relationship Id="rId1" Type="{}/{}" Target="{}"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">'
            + relation.format(OFFICE, "officeDocument", "xl/workbook.xml")
            + "</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">'
            + relation.format(OFFICE, "worksheet", "worksheets/sheet1.xml")
            + "</Relationships>",
            "xl/worksheets/sheet1.xml": sheet,
            **(extra or {}),
        }.items():
            archive.writestr(name, text)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        open_workbook(path)
    return caught.value.code


def test_a_plain_workbook_is_opened(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="C1"><v>3</v></c></row>'
    book = open_workbook(workbook(tmp_path / "a.xlsx", cells))
    assert book.get_sheet_by_name("S").to_python() == [[1.0, "", 3.0]]


A1 = '<row r="1"><c r="A1"><v>1</v></c></row>'
CORNERS = {
    "plain": A1 + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "odd writing": A1 + "<row><c s='1' r = 'xfd1048576'><v>1</v></c></row>",
    "padded": A1 + f'<row r="9"><c {" " * 9_000} r="XFD1048576"><v>1</v></c></row>',
    "prefixed": A1 + '<x:row r="9"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "row only": A1 + '<row r="1048576"><c r="XFD1"><v>1</v></c></row>',
    "no addresses": f"<row>{'<c><v>1</v></c>' * 16_384}</row>"
    + "<row><c><v>1</v></c></row>" * 3_000,
}


@pytest.mark.parametrize("cells", CORNERS.values(), ids=CORNERS)
def test_cells_in_opposite_corners_are_refused(tmp_path: Path, cells: str) -> None:
    assert code_of(workbook(tmp_path / "corners.xlsx", cells)) == "workbook_too_large"


def test_an_address_across_two_blocks_is_seen(tmp_path: Path) -> None:
    far = '<c r="XFD1048576"><v>1</v></c>'
    for shift in (5, 12, 24):
        lead = '<row r="1"><c r="A1"><v>1</v></c>'
        opened = len(f'<worksheet xmlns="{MAIN}"><sheetData>')
        padding = " " * (workbook_size._BLOCK - opened - len(lead) - shift)
        path = workbook(tmp_path / f"{shift}.xlsx", f"{lead}{padding}{far}</row>")
        assert code_of(path) == "workbook_too_large"


def test_much_that_is_packed_small_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(workbook_size, "MAX_XML_BYTES", 100_000)
    path = workbook(tmp_path / "zip.xlsx", "", {"xl/sharedStrings.xml": b" " * 200_000})
    assert path.stat().st_size < 10_000
    assert code_of(path) == "workbook_too_large"


def test_a_packed_workbook_without_end_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("userops.events.importers.excel_rows.MAX_FILE_BYTES", 100_000)
    path = tmp_path / "endless.xlsx.gz"
    path.write_bytes(gzip.compress(b"PK\x03\x04" + bytes(200_000)))
    assert code_of(path) == "workbook_too_large"


@pytest.mark.parametrize("mark", ["xl/workbook.bin", "content.xml"])
def test_another_kind_under_a_false_name_is_refused(tmp_path: Path, mark: str) -> None:
    assert code_of(workbook(tmp_path / "a.xlsx", "", {mark: b"x"})) == "file_kind_unknown"


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>').read_bytes()
    path = tmp_path / "b.xlsx"
    path.write_bytes(whole[: len(whole) // 3] + b"\xff" * 40 + whole[len(whole) // 3 + 40 :])
    assert code_of(path) == "file_damaged"


@pytest.mark.parametrize("opening", [b'{"a":"', b'[{"a":"'])
def test_json_without_end_is_refused(tmp_path: Path, monkeypatch, opening: bytes) -> None:
    monkeypatch.setattr(jsonl_rows, "MAX_LINE_BYTES", 3 << 20)
    monkeypatch.setattr(jsonl_rows, "MAX_ARRAY_BYTES", 3 << 20)
    path = tmp_path / "rows.jsonl.gz"
    packed = io.BytesIO()
    with gzip.open(packed, "wb", compresslevel=1) as file:
        file.write(opening)
        for _ in range(6):
            file.write(b"a" * (1 << 20))
    path.write_bytes(packed.getvalue())
    reader = open_rows(path, detect_format(path))
    with pytest.raises(Refused) as caught:
        list(read_chunks(reader, path))
    assert caught.value.code == "json_too_long"
