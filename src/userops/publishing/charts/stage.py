"""The engine that draws: V8 with ECharts and the chart scripts of the pages, warm, one for all threads."""

from __future__ import annotations

import json
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from userops.errors import StoreFailed
from userops.words import Words

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
ECHARTS = STATIC / "vendor" / "echarts.min.js"
SCRIPTS = STATIC / "userops" / "js"
MODULES = {
    "words": "words.js",
    "numbers": "numbers.js",
    "flow": "chart-flow.js",
    "look": "chart-look.js",
}
"""In the order in which they need each other."""
LONGEST = 20.0
"""Seconds for one chart."""
MEMORY = 512 * 2**20

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (const|function) (\w+)", re.MULTILINE)


class Stage:
    """Draws one chart after the other. After a fault or a limit it begins anew."""

    def __init__(self) -> None:
        self.draw_limit = LONGEST
        self._engine: Any = None

    def draw(self, given: str) -> str:
        """The SVG text of what `drawn` in stage.js is given, as JSON. Raises `StoreFailed`."""
        # the data is a text that JSON itself reads: nothing of it is ever run
        return self.run(f"drawn({json.dumps(given)})")

    def run(self, script: str) -> str:
        """A script of ours, within the limits. Raises `StoreFailed`."""
        return _thread().submit(self._run, script).result()

    def _run(self, script: str) -> str:
        from py_mini_racer import JSEvalException, JSTimeoutException

        if self._engine is None:
            self._engine = _engine()
        try:
            return str(self._engine.eval(script, timeout_sec=self.draw_limit))
        except (JSEvalException, JSTimeoutException) as wrong:
            self._close()
            raise _not_drawn(wrong) from None

    def leave(self) -> None:
        """Let go of the engine in its own thread: left to the end of the interpreter, it waits for minutes."""
        _thread().submit(self._close).result()

    def _close(self) -> None:
        """Let go of the engine; the next chart makes a new one."""
        from py_mini_racer import JSEvalException

        engine, self._engine = self._engine, None
        if engine is None:
            return
        # what was stopped must have ended before its engine goes
        with suppress(JSEvalException):
            engine.eval("0", timeout_sec=1)
        engine.close()


@cache
def _thread() -> ThreadPoolExecutor:
    """The one thread in which engines live.

    V8 protects its memory: a thread that does not descend from the first one to start it crashes.
    And an engine made in a thread with a running event loop would wait for that loop, which waits
    for the chart.
    """
    return ThreadPoolExecutor(1, thread_name_prefix="charts")


def _engine() -> Any:
    from py_mini_racer import MiniRacer

    engine = MiniRacer()
    engine.set_hard_memory_limit(MEMORY)
    engine.eval("var window = undefined;")
    engine.eval(ECHARTS.read_text(encoding="utf-8"))
    engine.eval(page_modules())
    engine.eval((Path(__file__).parent / "stage.js").read_text(encoding="utf-8"))
    return engine


def page_modules() -> str:
    """The pages' modules as one function of a document: `pageModules(document)`."""
    parts = [_module(SCRIPTS / name, name) for name in MODULES.values()]
    named = ", ".join(f'{name}: modules["{file}"]' for name, file in MODULES.items())
    body = "\n".join(parts)
    return (
        f"function pageModules(document) {{\nconst modules = {{}};\n{body}\nreturn {{{named}}};\n}}"
    )


def _module(path: Path, name: str) -> str:
    text = path.read_text(encoding="utf-8")
    exports = ", ".join(found[2] for found in _EXPORT.finditer(text))
    text = _IMPORT.sub(r'const {\1} = modules["\2"];', text)
    text = _EXPORT.sub(r"\1 \2", text)
    return f'modules["{name}"] = (() => {{\n{text}\nreturn {{ {exports} }};\n}})();'


def _not_drawn(wrong: Exception) -> StoreFailed:
    reason = str(wrong).strip().splitlines()[0][:200] if str(wrong).strip() else "limit"
    return StoreFailed(
        Words(f"图表无法绘制：{reason}", f"The chart could not be drawn: {reason}"),
        code="chart_not_drawn",
    )


@cache
def stage() -> Stage:
    """The one engine of this process; it is made when the first chart is drawn."""
    made = Stage()
    _thread()  # whose own end is registered first, and so comes after
    threading._register_atexit(made.leave)  # type: ignore[attr-defined] # atexit itself is too late
    return made
