"""pandas: a data frame in memory, texts as categories, local days made once."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.history import History
from bench.history.catalogue import TIMEZONE
from bench.question import Question

TEXTS = ("event", "platform", "os", "app_version", "channel", "country", "province", "city")


class Pandas:
    """See the module. The folder holds nothing: a frame lives as long as its process."""

    def prepare(self) -> None:
        import pandas as pd

        self._pandas = pd

    def open(self, folder: Path) -> None:
        pass

    def load(self, folder: Path, history: History) -> dict[str, Any]:
        pd = self._pandas
        begun = time.perf_counter()
        frame = pd.read_parquet(history.parquet, columns=["person", "time", "amount", *TEXTS])
        for name in TEXTS:
            frame[name] = frame[name].astype("category")
        local = frame["time"].dt.tz_convert(TIMEZONE)
        frame["day"] = local.dt.tz_localize(None).dt.normalize()
        frame["ts"] = frame["time"].astype("int64")
        self.frame = frame.drop(columns="time")
        return {"seconds": time.perf_counter() - begun}

    def settle(self) -> None:
        """It is as it stays."""

    def can(self, question: Question) -> str:
        return ""

    def run(self, question: Question) -> Any:
        return question.pandas(self.frame)

    def rows(self, question: Question, answer: Any) -> Sequence[Sequence[Any]]:
        return list(answer)

    def facts(self) -> dict[str, Any]:
        return {"bytes": int(self.frame.memory_usage(deep=True).sum()), "tables": {}}

    def close(self) -> None:
        del self.frame
