"""Connections that can only read: one for each question of a person, with a database and settings of its own.

`readonly = 1` is set last, after which the engine refuses writes, changed settings, and table functions that
reach files or the network, whatever the text says.
"""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Protocol

import chdb
import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

from userops.events.engine import Engine

BLOCKWISE = frozenset(
    {
        "Native",
        "TabSeparated",
        "TSV",
        "TabSeparatedRaw",
        "TSVRaw",
        "CSV",
        "RowBinary",
        "JSONEachRow",
    }
)
"""Formats of which the blocks of an answer, one after the other, are the answer."""
SLICE = 2**20


class EngineSaid(Exception):  # noqa: N818 - it is what the engine said
    """An error in the engine's own words: `Code: 62. DB::Exception: …`. For our eyes only."""


class Reader(Protocol):
    """One connection. Values are texts as the engine's HTTP interface takes them (`param_…`)."""

    def small(self, sql: str, values: Mapping[str, str]) -> str:
        """A small answer as text, of any statement. Raises `EngineSaid`."""
        ...

    def read(self, sql: str, format_: str, values: Mapping[str, str]) -> Iterator[bytes]:
        """The answer in pieces; block by block where the format allows it. Raises `EngineSaid`."""
        ...


@contextlib.contextmanager
def reader(engine: Engine, database: str, settings: Mapping[str, Any]) -> Iterator[Reader]:
    """A reader of `database`. It is closed at the end of the block, and with it all its state."""
    if engine.embedded:
        embedded = _Embedded(engine.folder, database, settings)
        try:
            yield embedded
        finally:
            embedded.close()
    else:
        yield _Remote(engine, database, settings)


class _Embedded:
    """A connection to the engine within this process; opening one takes a tenth of a millisecond."""

    def __init__(self, folder: str, database: str, settings: Mapping[str, Any]):
        self._reading: Generator[bytes, None, None] | None = None
        self._connection = chdb.connect(folder)
        with _said():
            self._connection.query(f"use `{database}`")
            for name, value in {**settings, "readonly": 1}.items():
                self._connection.query(f"set {name} = {_literal(value)}")

    def small(self, sql: str, values: Mapping[str, str]) -> str:
        with _said():
            answer = self._connection.query(sql, "TabSeparatedRaw", params=dict(values)).bytes()
        return bytes(answer or b"").decode("utf-8", "replace")

    def read(self, sql: str, format_: str, values: Mapping[str, str]) -> Iterator[bytes]:
        made = self._blocks if format_ in BLOCKWISE else self._whole
        self._reading = made(sql, format_, values)
        return self._reading

    def _whole(
        self, sql: str, format_: str, values: Mapping[str, str]
    ) -> Generator[bytes, None, None]:
        with _said():
            answer = self._connection.query(sql, format_, params=dict(values))
        if answer.size():
            whole = answer.get_memview().view()
            for start in range(0, len(whole), SLICE):
                # a copy: the view does not keep the answer alive
                yield bytes(whole[start : start + SLICE])

    def _blocks(
        self, sql: str, format_: str, values: Mapping[str, str]
    ) -> Generator[bytes, None, None]:
        with _said():
            stream = self._connection.send_query(sql, format_, params=dict(values))
        try:
            while True:
                with _said():
                    block = stream.fetch()
                if block is None:
                    return
                if block.size():
                    yield bytes(block.bytes())
        finally:
            stream.close()

    def close(self) -> None:
        # a stream that outlives its connection takes the whole engine down with it
        if self._reading is not None:
            self._reading.close()
        self._connection.close()


class _Remote:
    """A question to a ClickHouse server, whose HTTP interface keeps nothing between two of them."""

    def __init__(self, engine: Engine, database: str, settings: Mapping[str, Any]):
        self._client = _remote_client(engine.dsn)
        self._settings = {**settings, "database": database, "readonly": 1}

    def small(self, sql: str, values: Mapping[str, str]) -> str:
        return b"".join(self.read(sql, "TabSeparatedRaw", values)).decode("utf-8", "replace")

    def read(self, sql: str, format_: str, values: Mapping[str, str]) -> Iterator[bytes]:
        given = {name: _Verbatim(value) for name, value in values.items()}
        with _said():
            stream = self._client.raw_stream(
                sql, parameters=given, settings=self._settings, fmt=format_, use_database=False
            )
        with contextlib.closing(stream):
            while True:
                with _said():
                    piece = stream.read(SLICE)
                if not piece:
                    return
                yield bytes(piece)


_clients: dict[str, Any] = {}


def _remote_client(dsn: str) -> Any:
    """One client without a session serves all threads."""
    if dsn not in _clients:
        _clients[dsn] = clickhouse_connect.get_client(dsn=dsn, autogenerate_session_id=False)
    return _clients[dsn]


class _Verbatim:
    """A value that the client must not write in its own way."""

    def __init__(self, text: str):
        self._text = text

    def __str__(self) -> str:
        return self._text


def _literal(value: Any) -> str:
    if isinstance(value, int):
        return str(value)
    escaped = str(value).replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


@contextlib.contextmanager
def _said() -> Iterator[None]:
    try:
        yield
    except (ClickHouseError, RuntimeError) as wrong:
        raise EngineSaid(str(wrong)) from wrong
