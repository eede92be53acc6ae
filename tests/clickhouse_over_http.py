"""The embedded engine behind ClickHouse's HTTP interface: `python tests/clickhouse_over_http.py FOLDER`.

No ClickHouse server can be installed everywhere the tests run. This bridge speaks as much of its HTTP
protocol as the real client uses, so that everything on our side of the wire is tested as with a server.
Prints its address, then serves until it is stopped.
"""

from __future__ import annotations

import re
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from chdb.state.sqlitelike import Connection

FORMAT = re.compile(r"\s+format\s+(\w+)\s*;?\s*$", re.IGNORECASE)
NO_SETTINGS = ("query", "database", "default_format", "session_id", "query_id", "readonly")
"""Words of the address that no setting of the engine is named after; so are those of the protocol."""


class Bridge(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: str
    one_at_a_time = threading.Lock()

    def do_POST(self) -> None:
        words = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
        body = self._body()
        try:
            with self.one_at_a_time:
                form, answer = self._answer(words, body)
            self._send(200, answer, {"X-ClickHouse-Format": form})
        except RuntimeError as wrong:
            code = re.search(r"Code: (\d+)", str(wrong))
            number = code[1] if code else "1"
            self._send(500, str(wrong).encode(), {"X-ClickHouse-Exception-Code": number})

    do_GET = do_POST

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().strip() or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _answer(self, words: dict[str, str], body: bytes) -> tuple[str, bytes]:
        engine = Connection(self.folder)
        try:
            return self._asked(engine, words, body)
        finally:
            engine.close()

    def _asked(self, engine: Connection, words: dict[str, str], body: bytes) -> tuple[str, bytes]:
        engine.query(f"use `{words.get('database', 'default')}`", "TabSeparated")
        values = {k.removeprefix("param_"): v for k, v in words.items() if k.startswith("param_")}
        for name, value in words.items():
            if name not in NO_SETTINGS and not name.startswith(("param_", "client_", "wait_end_")):
                escaped = value.replace("\\", "\\\\").replace("'", "\\'")
                engine.query(f"set {name} = '{escaped}'", "TabSeparated")
        if words.get("readonly", "0") != "0":  # after the other settings, as a server does
            engine.query(f"set readonly = {words['readonly']}", "TabSeparated")
        statement = words.get("query") or body.decode()
        named = FORMAT.search(statement)
        statement = FORMAT.sub("", statement)
        form = named[1] if named else words.get("default_format", "TabSeparated")
        if "query" in words and body:
            with tempfile.NamedTemporaryFile() as file:
                file.write(body)
                file.flush()
                rows = f" select * from file('{file.name}', '{form}')"
                engine.query(statement + rows, "TabSeparated", params=values)
            return form, b""
        return form, bytes(engine.query(statement, form, params=values).bytes() or b"")

    def _send(self, status: int, answer: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "X-ClickHouse-Timezone": "UTC"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        pass


def main(folder: Path) -> None:
    Bridge.folder = str(folder)
    keeps_the_engine_open = Connection(Bridge.folder)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Bridge)
    print(f"clickhouse://default@127.0.0.1:{server.server_port}/default", flush=True)
    server.serve_forever()
    keeps_the_engine_open.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
