"""How many texts a second are read, suggested a category, and grouped: `python -m bench.texts FILE COLUMN [LABEL]`."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from userops.cli.commands.text import _columns
from userops.text.classifying import learn
from userops.text.reading import read
from userops.text.topics import find_topics

TEXTS = 100_000


def main() -> None:
    file, column = Path(sys.argv[1]), sys.argv[2]
    label = sys.argv[3] if len(sys.argv) > 3 else ""
    found = _columns(file, column, *([label] if label else []))
    given = [text for text in found[column] if text.strip()]
    texts = (given * (TEXTS // len(given) + 1))[:TEXTS]
    figures: dict[str, float] = {"texts": len(texts)}
    figures |= _seconds("read", lambda: [read(text) for text in texts])
    if label:
        learned = learn(found[column][::12], found[label][::12])
        steps = range(0, len(texts), 500)
        figures |= _seconds(
            "suggest", lambda: [learned.suggest(texts[at : at + 500]) for at in steps]
        )
    figures |= _seconds("topics", lambda: find_topics(texts))
    print(json.dumps({name: round(value, 1) for name, value in figures.items()}))


def _seconds(name: str, work: Callable[[], object]) -> dict[str, float]:
    """By the clock, and of the processor: the latter is the same on a busy machine."""
    began, used = time.perf_counter(), time.process_time()
    work()
    clock, processor = time.perf_counter() - began, time.process_time() - used
    return {f"{name}_s": clock, f"{name}_processor_s": processor}


if __name__ == "__main__":
    main()
