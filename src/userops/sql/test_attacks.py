"""SQL tries to reach what it may not: each text is one that somebody once hoped would work.

The store holds two products. What may be seen is the first one's alone; the other's events all carry the
word `secret-of-others`, and a file of the machine holds `secret-of-files`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from userops.errors import UserOpsError
from userops.events.store import ProductFacts
from userops.sql.asking import Ask, asked
from userops.sql.tables import prepare

SECRETS = (b"secret-of-others", b"secret-of-files", b"root:")
FIRST = 3_000_000_000


@dataclass(frozen=True)
class Shop:
    facts: ProductFacts
    other: str

    @property
    def slug(self) -> str:
        return self.facts.slug


@pytest.fixture(scope="module")
def mine(engine: Any) -> Shop:
    for number, word in enumerate(("mine", "secret-of-others")):
        values = {"product": FIRST + number, "word": word}
        engine.command(
            "insert into events (product, event, uid, ts, city, props) select {product:UInt32}, {word:String},"
            " number % 3, toDateTime64('2026-01-01 00:00:00', 3, 'UTC') + number, {word:String},"
            " toJSONString(map('note', {word:String})) from numbers(30)",
            values,
        )
        engine.command(
            "insert into profiles (product, person, version, batch, gone, props) select {product:UInt32}, number,"
            " 1, 1, 0, toJSONString(map('name', {word:String})) from numbers(3)",
            values,
        )
    shop, other = (
        ProductFacts(FIRST + number, f"attacked-{number}", "Asia/Shanghai", False)
        for number in (0, 1)
    )
    prepare(engine, other)
    return Shop(shop, other.slug)


@pytest.fixture
def ask(mine: Shop, engine: Any) -> Any:
    def run(text: str, format_: str = "TSV", **values: str) -> bytes:
        with asked(Ask(text, values, format_), mine.facts, engine) as reply:
            return b"".join(reply.pieces)

    return run


REFUSED = """
select * from default.events
select * from `default`.`events`
select * from "default"."events"
select * from default . events
select * from default/**/./**/events
select * from `default.events`
select * from other.events
select * from `userops_OTHER`.events
select * from `userops_OTHER`.`events` as events
with events as (select * from `userops_OTHER`.events) select * from events
with events as (select * from default.events) select * from events
with a as (with b as (select * from default.events) select * from b) select * from a
select * from events union all select * from default.events
select * from events union all select * from (select * from default.events)
select * from events except select * from default.events
select * from events e join default.events d on e.event = d.event
select * from events e, default.events d
select * from events where event in default.events
select * from events where event in (default.events)
select * from events where event in (select event from default.events)
select * from events where event not in `default`.events
select * from events where event global in default.events
select event in default.events from events
with default.events as t select 'x' in t
with system.processes as t select 'x' in t
with `userops_OTHER`.events as t select 'x' in t
select (select groupArray(event) from default.events)
select exists(select * from default.events)
select * from events array join (select groupArray(event) from default.events) as x
select * from events order by (select max(event) from default.events)
select * from events limit (select count() from default.events)
select 1 as a order by a with fill from 0 to (select toUInt8(count()) from default.events)
select * from (select * from (select * from (select * from default.events)))
select * from system.tables union all select * from system.processes
select * from system.processes
select * from system.query_log
select * from system.users
select * from system.clusters
select * from system.dictionaries
select * from system.disks
select * from system.macros
select * from system.parts
select * from SYSTEM.processes
select * from `system`.`settings_profiles`
select * from information_schema.tables
select * from INFORMATION_SCHEMA.COLUMNS
select * from file('/etc/passwd', 'LineAsString', 'x String')
select file('/etc/passwd')
select FILE('/etc/passwd')
select `file`('/etc/passwd')
with x -> file(x) as f select f('/etc/passwd')
select arrayMap(x -> file(x), ['/etc/passwd'])
select * from url('http://127.0.0.1:1/', 'LineAsString', 'x String')
select * from s3('http://127.0.0.1:1/a/b', 'LineAsString', 'x String')
select * from remote('127.0.0.1:1', default.events)
select * from remoteSecure('127.0.0.1:1', default, events)
select * from cluster('default', default, events)
select * from clusterAllReplicas('default', system, one)
select * from mysql('127.0.0.1:1', 'a', 'b', 'c', 'd')
select * from postgresql('127.0.0.1:1', 'a', 'b', 'c', 'd')
select * from sqlite('/tmp/a.sqlite3', 'workspace_user')
select * from mongodb('127.0.0.1:1', 'a', 'b', 'c', 'd', 'e String')
select * from redis('127.0.0.1:1', 'key', 'key String')
select * from odbc('DSN=a', 'b', 'c')
select * from jdbc('a', 'b', 'c')
select * from hdfs('hdfs://127.0.0.1:1/a', 'TSV', 'x String')
select * from azureBlobStorage('http://127.0.0.1:1', 'a', 'b')
select * from iceberg('http://127.0.0.1:1/a')
select * from executable('id', 'TSV', 'x String')
select * from python('open("/etc/passwd")')
select * from input('x String')
select * from merge('default', '.*')
select * from merge(REGEXP('userops_.*'), 'events')
select * from dictionary('person_of_1')
select * from loop(default.events)
select * from view(select * from default.events)
select * from viewIfPermitted(select 1 else null('x UInt8'))
select * from viewExplain('EXPLAIN', '', (select 1))
select * from (explain select 1)
select * from eval('select 1')
select * from fuzzQuery('select 1')
select * from fuzzJSON('{}')
select * from generateRandom('x UInt8')
select * from format(TSV, 'x String', 'a')
select * from mergeTreeIndex('default', 'events')
select * from mergeTreeProjection('default', 'events', 'p')
select * from filesystem('/etc')
select * from zeros(1)
select * from null('x UInt8')
select dictGet('person_of_1', 'person', 1)
select dictGetOrDefault('default.person_of_1', 'person', 1, 0)
select dictHas('default.person_of_1', 1)
select joinGet('default.events', 'event', 1)
select hasColumnInTable('default', 'events', 'uuid')
select regionToName(1)
select catboostEvaluate('/etc/passwd', 1)
select evalMLMethod(1, 2)
select aiGenerate('x')
select getSetting('readonly')
select getServerSetting('path')
select getMacro('x')
select getServerPort('tcp_port')
select hostName()
select fqdn()
select serverUUID()
select tcpPort()
select uptime()
select displayName()
select buildId()
select currentUser()
select user()
select queryID()
select currentProfiles()
select getClientHTTPHeader('Authorization')
select globalVariable('version')
select @@version
select filesystemAvailable()
select showCertificate()
select getOSKernelVersion()
select demangle('x')
select addressToLine(1)
select logTrace('x')
select formatQuery('select 1')
select sleep(1)
select SLEEP(1)
select sleepEachRow(1)
select `sleep`(1)
select sleepIf(1, 1)
select * apply(sleep) from (select 1)
select * apply(x -> file('/etc/passwd')) from (select 1)
select * apply file from (select '/etc/passwd')
select events.* apply(file) from events
select columns('city') apply(file) from events
select 1 settings readonly = 0
select 1 settings max_execution_time = 0
select * from (select 1 settings max_memory_usage = 0)
select 1 from events settings additional_table_filters = {}
select 1 format TSV settings readonly = 0
select 1 into outfile '/tmp/userops-attack'
select 1 into outfile '/tmp/userops-attack' truncate format CSV
select 1; select 2
select 1; drop table default.events
select 1) union all (select * from default.events
select 1) union all select * from default.events --
select 1 /* ) */ ) from default.events /*
drop table default.events
drop view events
truncate table default.events
alter table default.events delete where 1
delete from default.events where 1
update default.events set city = '' where 1
insert into default.events (product) values (1)
insert into events select * from events
insert into function file('/tmp/userops-attack') select 1
create table x (a UInt8) engine = Memory
create temporary table x (a UInt8)
create view x as select 1
create function f as x -> file(x)
create user x
grant all on *.* to x
attach table x
detach table default.events
rename table default.events to default.e
exchange tables default.events and default.profiles
optimize table default.events
backup table default.events to File('/tmp/x')
restore table default.events from File('/tmp/x')
set readonly = 0
set additional_table_filters = {}
use default
kill query where 1
kill mutation where 1
system flush logs
system reload dictionary person_of_1
system shutdown
explain select * from default.events
explain ast select 1
explain plan select * from default.events
show create table default.events
show processlist
show grants
check table default.events
execute as default select 1
parallel with select 1
begin transaction
undrop table x
move user x to y
copy (select 1) to '/tmp/x'
select {t:Identifier}.* from {t:Identifier}
select * from {d:Identifier}.events
select 1 in {t:Identifier}
select `a\\n                       Literal 1` in default.events from events
select 'x\u2028                 Literal 1' in default.events
select event as `x\\n TableIdentifier events` from default.events
from default.events select *
from events |> union all (select * from default.events)
table default.events
select * from events final join default.profiles using (person)
with recursive r as (select event from default.events union all select event from r) select * from r
select *, _table, _database, _part from default.events
select * from events e left join (select * from `userops_OTHER`.profiles) p using (person)
select * from python
select 1 from events where not exists (select 1 from remote('127.0.0.1', 'system.one'))
""".strip().split("\n")


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:70])
def test_it_is_refused(text: str, ask: Any, mine: Shop) -> None:
    text = text.replace("\\n", "\n") if "`a\\n" in text or "`x\\n" in text else text
    text = text.replace("userops_OTHER", f"userops_{mine.other}").replace(
        "other.", f"{mine.other}."
    )
    with pytest.raises(UserOpsError) as wrong:
        answer = ask(text, t="default.events", d="default")
        pytest.fail(f"answered {answer[:300]!r}")
    said = str(wrong.value)
    no_query = said.startswith(("Syntax error", "There is no table", "The parameter"))
    assert wrong.value.code == "sql_not_permitted" or no_query, said
    told = str(wrong.value.body())
    for hidden in (
        "/etc/",
        "userops_",
        "DB::",
        "formatQuery",
        "secret",
        "person_of_",
        mine.other,
    ):
        if hidden not in text:
            assert hidden not in told


HARMLESS = """
select * from events
select * from profiles
select count(), uniq(person) from events
select * from SLUG.events
select SLUG.events.event from SLUG.events
select * from SLUG.`profiles` p join events e on e.person = p.person
with events as (select 'mine' as event) select * from events
select event as `default.events` from events
select e.person in (select person from profiles) from events e
select 0 in system.one, (select 1) in (select 1)
select 1 in [1, 2], 'a' in ('a', 'b'), has([1], 1)
select number from numbers(10)
select * from values('a UInt8, b String', (1, 'x'))
select countIf(event = 'mine'), sumIfOrNull(1, 0), uniqExactIf(person, 1), groupArrayDistinct(city) from events
select quantiles(0.5, 0.9)(person), argMax(event, ts), topK(3)(city), COUNT(DISTINCT person), Sum(1) from events
select event, count() as n, row_number() over (order by count() desc) from events group by event with totals
select props.note::String, props.note, toTypeName(props) from events
select toStartOfDay(ts) as day, count() from events group by day order by day with fill
select case when person > 1 then 'a' else 'b' end, person between 1 and 2, city like '%m%', not 1 from events
select arrayMap(x -> x + 1, [1, 2]), arrayReduce('sum', [1, 2]), map('a', 1)['a'], (1, 2).1, [1][1]
select * except (props) replace (upper(city) as city) from events
select * from (select * from events) as default
select 'select * from default.events; drop table x' as text -- default.events
select '/etc/passwd', 'file(1)', '); drop table events'
select 1 /* ; drop table default.events */
select 1;
select name, type from system.columns
select name from system.tables
select name from system.databases
select name, value, readonly from system.settings
select version(), timezone(), currentDatabase()
select extract(day from ts), interval 1 day + ts, date '2026-01-01', cast(1 as String), 1::String from events
with (select count() from events) as n select n, n + 1
select * from events as e any left join profiles as p using (person) order by e.ts limit 1 by person limit 3
select 1 union all select 2 union distinct select 2
select 1 intersect select 1
with recursive r as (select 1 as n union all select n + 1 from r where n < 5) select * from r
select sum(person) over (partition by event order by ts rows between 1 preceding and current row) from events
select windowFunnel(86400)(toDateTime(ts), event = 'mine', event = 'other'), retention(1, 0) from events
select if(1, 2, 3), 1 ? 2 : 3, coalesce(null, 1), ifNull(null, 1), nullIf(1, 2), 1 is null, greatest(1, 2)
select 'a' || 'b', substring('abc', 1, 2), trim(both 'x' from 'xax'), position('a' in 'ba'), replaceAll('a', 'a', 'b')
from events select event limit 1
select grouping(event), count() from events group by grouping sets ((event), ())
""".strip().split("\n")


@pytest.mark.parametrize("text", HARMLESS, ids=lambda text: text[:70])
def test_it_is_answered_from_the_product_alone(text: str, ask: Any, mine: Shop) -> None:
    answer = ask(text.replace("SLUG", f"`{mine.slug}`"))
    for secret in SECRETS:
        assert secret not in answer
    assert mine.other.encode() not in answer


def test_the_rows_are_those_of_the_product(ask: Any) -> None:
    assert ask("select count(), uniqExact(person), any(event) from events") == b"30\t3\tmine\n"
    assert ask("select count(), any(props.name::String) from profiles") == b"3\tmine\n"
    assert (
        ask(
            "select groupArray(distinct name) from system.columns where name in ('uuid', 'batch', 'product')"
        )
        == b"[]\n"
    )
    assert (
        ask("select arraySort(groupArray(name)) from system.tables") == b"['events','profiles']\n"
    )


@pytest.fixture
def connection(mine: Shop, engine: Any) -> Iterator[Any]:
    """The connection of a question, to which a text goes unchecked: what the other fences hold alone."""
    from userops.events.reading import reader
    from userops.sql.asking import _settings

    database = prepare(engine, mine.facts)
    with reader(engine, database, _settings(Ask("select 1"), mine.facts, engine)) as opened:
        yield lambda text: opened.small(text, {})


def test_without_the_parser_the_engine_still_filters_the_tables(connection: Any) -> None:
    assert connection("select count(), any(event) from default.events") == "30\tmine\n"
    assert connection("select uniqExact(props.name::String) from default.profiles") == "1\n"


@pytest.mark.parametrize(
    "text",
    [
        "insert into default.events (product) values (1)",
        "drop table default.events",
        "create temporary table x (a UInt8)",
        "set readonly = 0",
        "set max_execution_time = 0",
        "select 1 settings readonly = 0",
        "select 1 settings additional_table_filters = {}",
        "select * from file('/etc/passwd', 'LineAsString', 'x String')",
        "select * from url('http://127.0.0.1:1/', 'LineAsString', 'x String')",
        "select * from remote('127.0.0.1:1', default.events)",
        "select * from executable('id', 'TSV', 'x String')",
        "system reload dictionary person_of_1",
    ],
)
def test_without_the_parser_the_connection_still_only_reads(text: str, connection: Any) -> None:
    from userops.events.reading import EngineSaid

    with pytest.raises(EngineSaid, match="Code: 164"):
        connection(text)


SLOTS = """
select zzz(1)
with zzz(1) as a select a
with a as (select zzz(1)) select 1
select 1 from numbers(zzz(1))
select 1 from events prewhere zzz(1)
select 1 from events group by grouping sets ((zzz(1)), (1))
select 1 from events group by rollup(zzz(1))
select 1 from events having zzz(1)
select 1 from events qualify zzz(1)
select 1 as a from events order by a with fill from zzz(1) to 2
select 1 as a from events order by a with fill from 1 to zzz(1)
select 1 as a from events order by a with fill from 1 to 2 step zzz(1)
select 1 as a from events order by a with fill from 1 to 2 staleness zzz(1)
select 1 as a, 2 as b from events order by a with fill from 1 to 2 interpolate (b as zzz(b))
select 1 from events limit zzz(1)
select 1 from events limit 1 offset zzz(1)
select 1 from events limit zzz(1) by 1
select 1 from events limit 1 offset zzz(1) by 1
select 1 from events array join zzz(1) as x
select 1 from events e join events f on zzz(1)
select 1 from events e join events f using (zzz(1))
select count() over (partition by zzz(1)) from events
select count() over (order by zzz(1)) from events
select count() over (rows between zzz(1) preceding and current row) from events
select count() over w from events window w as (rows between current row and zzz(1) following)
select quantile(zzz(1))(1) from events
select * replace(zzz(1) as event) from events
select * apply(zzz) from events
select * apply(x -> zzz(x)) from events
select columns('a') apply(zzz) from events
select events.* apply(quantiles(zzz(1))) from events
select columns(event, zzz(1)) from events
select case when zzz(1) then 1 end
select interval zzz(1) day
select extract(day from zzz(1))
select 1 = any(select zzz(1))
select distinct on (zzz(1)) 1 from events
select sum(1) filter (where zzz(1)) from events
select 1 from values('a Int8', zzz(1))
select 1 from (values (zzz(1)))
select lead(1, zzz(1)) ignore nulls over () from events
select 1 from view(select zzz(1))
from events |> select zzz(1)
select date_add(day, zzz(1), now())
select zzz(distinct 1)
select x -> zzz(x)
""".strip().split("\n")


@pytest.mark.parametrize("text", SLOTS)
def test_every_place_for_an_expression_is_seen(text: str, ask: Any) -> None:
    with pytest.raises(UserOpsError) as wrong:
        ask(text)
    assert wrong.value.code == "sql_not_permitted"


HEAVY = [
    "select count() from numbers(1e12) a, numbers(1e12) b",
    "select groupArray(number) from numbers(1e10)",
    "select sum(sipHash64(number)) from numbers(1e13)",
    "with recursive r as (select 1 as n union all select n + 1 from r) select count() from r",
    "select count() from events a, events b, events c, events d, events e, events f, events g, events h",
    "with (select sum(sipHash64(number)) from numbers(1e13)) as n select n",
    "select length(repeat('x', 1000000000))",
    "select arraySum(range(1000000000))",
]


@pytest.mark.parametrize("text", HEAVY)
def test_what_is_too_heavy_ends(text: str, ask: Any, engine: Any, monkeypatch: Any) -> None:
    from userops.events.engine import Limits

    monkeypatch.setattr(engine, "limits", Limits(seconds=1, memory_mb=500, result_rows=1000))
    begun = time.monotonic()
    with pytest.raises(UserOpsError) as wrong:
        ask(text)
    assert wrong.value.code in ("query_too_large", "sql_invalid", "store_failed"), str(wrong.value)
    assert time.monotonic() - begun < 8


ODD = [
    "select " + "(" * 20_000 + "1" + ")" * 20_000,
    "select " + "1+" * 30_000 + "1",
    "select " + "[" * 9_000 + "]" * 9_000,
    "select " + "not " * 15_000 + "1",
    "(" * 20_000 + "select 1" + ")" * 20_000,
    "select " + "'" * 60_001,
    "select * from (" * 4_000 + "select 1" + ")" * 4_000,
    "select " + "case when 1 then " * 3_000 + "1" + " end" * 3_000,
    "with " + ", ".join(f"(x{n} + x{n}) as x{n + 1}" for n in range(60)) + " select 1 as x0, x60",
    "x" * 70_000,
    "select '\0'",
    "\0",
    "",
    " ",
    "--",
    "/*",
    "'",
    "select \ud800",
]


@pytest.mark.parametrize("text", ODD, ids=lambda text: text[:20] + str(len(text)))
def test_odd_texts_end_in_an_answer_or_an_error(text: str, ask: Any) -> None:
    begun = time.monotonic()
    try:
        ask(text)
    except UserOpsError as wrong:
        assert len(str(wrong)) < 2_000
    assert time.monotonic() - begun < 5


def test_a_result_has_a_largest_size(ask: Any, engine: Any, monkeypatch: Any) -> None:
    from userops.events.engine import Limits

    monkeypatch.setattr(engine, "limits", Limits(result_rows=1000, result_mb=1))
    for text in (
        "select number from numbers(1001)",
        "select repeat(toString(number), 3000) from numbers(900)",
    ):
        with pytest.raises(UserOpsError) as wrong:
            ask(text, "JSONCompact")
        assert wrong.value.code == "query_too_large"


def test_every_listed_function_exists(engine: Any) -> None:
    from userops.sql.checking import _aggregates, _functions

    known = {
        name.lower(): bool(aggregate)
        for name, aggregate in engine.rows("select name, is_aggregate from system.functions")
    }
    syntax = {"lambda", "exists", "grouping", "countdistinct"}
    assert _functions() - set(known) <= syntax
    assert {name for name in _aggregates() if not known.get(name)} == set()
