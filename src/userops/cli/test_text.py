from __future__ import annotations

import csv
import json

from click.testing import CliRunner

from userops.cli.commands.text import command
from userops.text.planted import planted


def test_the_command_measures_reads_and_groups(tmp_path):
    file = tmp_path / "texts.csv"
    texts, labels = planted(30)
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("text", "label"), *zip(texts, labels, strict=True)])
    run = CliRunner().invoke
    done = run(command, ["evaluate", str(file), "--text", "text", "--label", "label", "--json"])
    assert json.loads(done.stdout)["accuracy"] > 0.9
    done = run(
        command,
        ["topics", str(file), "--text", "text", "--truth", "label", "--topics", "3", "--json"],
    )
    assert json.loads(done.stdout)["nmi"] > 0.8
    done = run(command, ["read", str(file), "--text", "text", "--keep", "label"])
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["label"] for line in lines] == labels
    assert {line["language"] for line in lines} == {"zh"}
