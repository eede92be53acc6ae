"""The command line on the real files: import them, ask, and get the published answers.

Each file goes into a product of one data folder. The commands of a test run one after the other in one
process of their own, because starting a process takes longer than most of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.realdata

JD_EVENTS = "1=浏览,2=加购,3=删购,4=下单,5=关注,6=点击"


DRIVER = """
import contextlib, io, json, sys, warnings
from userops.cli import root
answers = []
for arguments, stdin in json.load(sys.stdin):
    sys.stdin, out = io.StringIO(stdin), io.StringIO()
    with contextlib.redirect_stdout(out):
        root(arguments, standalone_mode=False)
    answers.append(json.loads(out.getvalue()))
json.dump(answers, sys.stdout)
"""
PROOF = """
import json, os, sys
from userops.cli.options import setup
setup()
from userops.events.models import Product
from userops.events.store import current
from userops.analyses.answering import forget_answers
from userops.reports.actions import create_report
from userops.reports.building import build
from userops.reports.test_proof import compare_files
from userops.workspace.setup import local_admin
product, period, language, settings, least = json.load(sys.stdin)
of, by = Product.objects.get(slug=product), local_admin()
issues = []
for _ in range(2):
    forget_answers()
    made = create_report(of, "user-analysis", period, settings=settings, acting_user=by)
    issues.append(build(made, current()))
compare_files(*issues, language, least)
print(json.dumps("proved"))
sys.stdout.flush()
os._exit(0)
"""
"""Builds a report twice, everything asked anew, and reads the files of the first with others' readers."""
Command = tuple[list[str], str]


class Workspace:
    """A data folder that is used through the command line alone."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *commands: Command) -> list[Any]:
        """The JSON that each command prints."""
        place = ["--data", str(self.data)]
        found: list[Any] = self._driven(
            DRIVER, [([*arguments, *place], stdin) for arguments, stdin in commands]
        )
        return found

    def prove(self, *given: Any) -> Any:
        """What `PROOF` says: of a product a period, a language, settings, and how much there is at least."""
        return self._driven(PROOF, given)

    def _driven(self, script: str, given: Any) -> Any:
        """What a script in a process of its own prints, as JSON."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
        own = {"PYTHONWARNINGS": "default", "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(given),
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**environment, **own, "USEROPS_DATA": str(self.data)},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


def load(*arguments: str | Path) -> Command:
    return ["import", *map(str, arguments), "--json"], ""


def ask(**document: Any) -> Command:
    return ["query", "-", "--format", "json"], json.dumps(document)


@pytest.fixture(scope="module")
def workspace(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return Workspace(tmp_path_factory.mktemp("real") / "data")


def counts(outcome: dict[str, Any]) -> tuple[int, int, int, int]:
    return outcome["rows"], outcome["stored"], outcome["refused"], outcome["duplicates"]


def test_shop(workspace: Workspace, real_data: Path) -> None:
    command = load(
        *(real_data / "shop_events.csv", "--product", "shop", "--user", "user_id"),
        *("--time", "timestamp", "--event", "event"),
    )
    dry = ([*command[0], "--dry-run"], "")
    funnel = ask(
        kind="funnel",
        product="shop",
        range={"from": "2019-11-01", "to": "2020-04-30"},
        window="180d",
        steps=[{"event": "catalog"}, {"event": "cart"}, {"event": "payment_done"}],
    )
    tried, first, again, answer = workspace.run(dry, command, command, funnel)
    assert counts(tried) == counts(first) == (35_381, 35_381, 0, 0)
    assert counts(again) == (35_381, 0, 0, 35_381)
    events = dict(first["report"]["events"])
    assert (events["catalog"], events["payment_done"]) == (14_518, 706)
    assert [step["users"] for step in answer["result"]["steps"]] == [3_611, 1_924, 653]


def test_git_with_27_offsets(workspace: Workspace, real_data: Path) -> None:
    outcome, answer = workspace.run(
        load(
            *(real_data / "git_contrib_events.csv.gz", "--product", "git", "--user", "user_id"),
            *("--time", "event_time", "--event", "event", "--all-props"),
        ),
        ask(
            kind="trend",
            product="git",
            range={"from": "2005-04-01", "to": "2026-08-31"},
            unit="month",
            series=[{"event": "commit", "measure": "total"}],
            breakdown=["release"],
            limit=1_000,
        ),
    )
    assert counts(outcome) == (339_710, 339_710, 0, 0)
    assert outcome["report"]["users"] == 3_298
    lines = answer["result"]["series"]
    totals = {line["breakdown"]["release"]: line["total"] for line in lines}
    found = [totals[f"v{release}"] for release in ("2.39.0", "2.45.0", "2.50.0", "2.53.0")]
    assert found == [483, 540, 621, 466]
    assert workspace.prove("git", "2025", "en", {}, (15, 500, 300, 200, 20)) == "proved"


def test_retail(workspace: Workspace, real_data: Path) -> None:
    outcome, answer = workspace.run(
        load(
            *(real_data / "online_retail.csv.gz", "--product", "retail", "--user", "CustomerID"),
            *("--time", "InvoiceDate", "--event-name", "purchase", "--timezone", "Europe/London"),
            *("--props", "InvoiceNo,Quantity,UnitPrice,Country"),
        ),
        ask(
            kind="retention",
            product="retail",
            range={"from": "2010-12-01", "to": "2011-12-31"},
            unit="month",
            start={"event": "purchase"},
            periods=12,
            **{"return": {"event": "purchase"}},
        ),
    )
    assert counts(outcome) == (541_909, 406_829, 135_080, 0)
    fields = {field["name"]: field for field in outcome["report"]["fields"]}
    assert (fields["Quantity"]["low"], fields["Quantity"]["high"]) == (-80_995, 80_995)
    assert fields["Quantity"]["mean"] == pytest.approx(9.55225, abs=5e-6)
    assert fields["UnitPrice"]["mean"] == pytest.approx(4.611114, abs=5e-7)
    assert dict(fields["InvoiceNo"]["shapes"])["C#"] == 9_288
    cohorts = {cohort["start"]: cohort for cohort in answer["result"]["cohorts"]}
    first, second = cohorts["2010-12-01"], cohorts["2011-01-01"]
    assert first["retained"][:4] == [948, 362, 317, 367]
    assert first["retained"][11:] == [474, 260]
    assert (second["size"], second["retained"][1]) == (421, 101)
    assert sum(cohort["size"] for cohort in cohorts.values()) == 4_372
    sums = {"amount": "UnitPrice"}
    assert workspace.prove("retail", "2011-11", "zh", sums, (15, 500, 300, 200, 20)) == "proved"


def test_jd(workspace: Workspace, real_data: Path) -> None:
    """Chinese event names by map, ids as float text, exact duplicates, users in GBK."""
    files = sorted((real_data / "jd").glob("JData_Action_*.csv.gz"))
    arguments = [
        *("--user", "user_id", "--time", "time", "--timezone", "Asia/Shanghai"),
        *("--event", "type", "--event-map", JD_EVENTS, "--all-props"),
    ]
    names = ["浏览", "加购", "删购", "下单", "关注", "点击"]
    period = {"from": "2016-01-01", "to": "2016-04-30"}
    *every, once, users, trend, funnel = workspace.run(
        *[load(path, "--product", "jd", *arguments) for path in files],
        load(files[0], "--product", "jd-once", *arguments, "--dedupe"),
        load(
            *(real_data / "jd" / "JData_User.csv.gz", "--product", "jd", "--user", "user_id"),
            *("--profile", "--props", "age,sex,user_lv_cd"),
        ),
        ask(
            kind="trend",
            product="jd",
            range=period,
            unit="month",
            series=[{"event": name, "measure": "total"} for name in names],
        ),
        ask(
            kind="funnel",
            product="jd",
            range=period,
            window="180d",
            steps=[{"event": "浏览"}, {"event": "加购"}, {"event": "下单"}],
        ),
    )
    assert sum(each["stored"] for each in every) == 89_997
    repeated = [each["report"]["repeated"] for each in every]
    assert sum(repeated) / 89_997 == pytest.approx(0.265, abs=0.0005)
    assert counts(once) == (29_999, 29_999 - repeated[0], 0, repeated[0])
    totals = [line["total"] for line in trend["result"]["series"]]
    assert totals == [34_226, 1_549, 590, 200, 223, 53_209]
    assert funnel["result"]["steps"][0]["users"] == 2_890
    assert users["report"]["encoding"] == "gb18030"
    assert users["stored"] == users["rows"]
    ages = {field["name"]: field for field in users["report"]["fields"]}["age"]["top"]
    assert "26-35岁" in dict(ages)
