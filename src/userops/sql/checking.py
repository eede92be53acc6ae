"""Whether a text may be asked: the engine's own parser says what it is, lists of ours say what is allowed.

`formatQuery` gives the text as the engine reads it: one statement, no comments. Set in parentheses as a
subquery, it can only be a SELECT: no FORMAT, no INTO OUTFILE, nothing else than SELECT parses there. `EXPLAIN
AST` names every node of it, one a line, values of parameters included. Neither runs anything.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from userops.events.reading import EngineSaid, Reader
from userops.sql.problems import AVAILABLE, SYNTAX, NotPermitted, number_of, refused_text
from userops.sql.tables import SYSTEM, TABLES
from userops.sql.tokens import parameters, renamed, tokens
from userops.words import Words

LONGEST = 65_536
"""Characters of a text."""

NODES = frozenset(
    (
        "SelectWithUnionQuery",
        "SelectIntersectExceptQuery",
        "SelectQuery",
        "ExpressionList",
        "Subquery",
        "WithElement",
        "TablesInSelectQuery",
        "TablesInSelectQueryElement",
        "TableExpression",
        "TableIdentifier",
        "TableJoin",
        "ArrayJoin",
        "SampleRatio",
        "Function",
        "Identifier",
        "Literal",
        "Asterisk",
        "QualifiedAsterisk",
        "OrderByElement",
        "InterpolateElement",
        "WindowDefinition",
        "WindowListElement",
        "ColumnsRegexpMatcher",
        "ColumnsListMatcher",
        "QualifiedColumnsRegexpMatcher",
        "QualifiedColumnsListMatcher",
        "ColumnsTransformerList",
        "ColumnsExceptTransformer",
        "ColumnsReplaceTransformer",
        "ColumnsReplaceTransformer::Replacement",
    )
)
"""Of a SELECT. Not here: `Set` (SETTINGS), and APPLY, whose function the tree does not name."""
TABLE_FUNCTIONS = frozenset(
    ("numbers", "values", "generate_series", "generateSeries", "SQLStandardValues")
)
_MEMBERSHIP = frozenset(
    f"{globally}{negated}{null}in"
    for globally in ("", "global")
    for negated in ("", "not")
    for null in ("", "null")
)
_COMBINATORS = (
    "SimpleState", "OrDefault", "Distinct", "Resample", "ForEach", "ArgMax", "ArgMin", "OrNull", "Tuple", "Merge",
    "State", "Array", "Null", "Map", "If",
)  # fmt: skip
_UNFIT = re.compile(r"[\\\x00-\x1f]")
_FORMAT = re.compile(r"\nFORMAT (\w+)$")
_IDENTIFIER = re.compile(r"[A-Za-z_][\w.]*")
_NODE = re.compile(r"( *)(\S+)(?: (.*?))?(?: \(alias .*\))?(?: \(children \d+\))?")


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that may be asked, as the engine will get it. `format`: of its FORMAT clause."""

    text: str
    format: str | None


def canonical(reader: Reader, text: str) -> tuple[str, str | None]:
    """The text as the engine reads it, and the format that it asks for. Raises `EngineSaid`."""
    if len(text) > LONGEST:
        raise refused_text(
            Words(f"SQL 超过 {LONGEST} 个字符。", f"The SQL has more than {LONGEST} characters.")
        )
    formatted = reader.small("select formatQuery({text:String})", {"text": escaped(text)})
    formatted = formatted.removesuffix("\n")
    found = _FORMAT.search(formatted)
    return (formatted[: found.start()], found[1]) if found else (formatted, None)


def check(
    reader: Reader, text: str, values: Mapping[str, str], slug: str, database: str
) -> Checked:
    """A text as it may be asked. Raises `NotPermitted`, or `EngineSaid` where it is no SQL."""
    formatted, format_ = canonical(reader, text)
    ours = _in_our_database(formatted, slug, database)
    _check_names(ours, values)
    # on lines of its own: what does not parse alone could otherwise close the parenthesis
    try:
        tree = reader.small(f"explain ast select * from (\n{ours}\n)", values)  # noqa: S608
    except EngineSaid as said:
        if number_of(str(said)) != SYNTAX:
            raise
        raise NotPermitted(
            Words("只能执行一条 SELECT。", "Only one SELECT can be asked here."),
            hint=Words(
                "不能写入，也不能用 INTO OUTFILE 或 SETTINGS。",
                "Nothing can be written, and INTO OUTFILE and SETTINGS are not permitted.",
            ),
        ) from None
    _check_tree(tree, database)
    return Checked(ours, format_)


def escaped(text: str) -> str:
    """A text as the value of a `String` parameter."""
    for mark, code in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r"), ("\0", "\\0")):
        text = text.replace(mark, code)
    return text


def _in_our_database(text: str, slug: str, database: str) -> str:
    """`demo.events` is asked of the product's database, and so are the tables that clients ask of `system`."""
    known = {table.name for table in TABLES}

    def new(first: str, second: str) -> str | None:
        if first.lower() == "system" and second in SYSTEM:
            return f"`{database}`.system_{second}"
        return f"`{database}`.{second}" if first == slug and second in known else None

    return renamed(text, new)


def _check_names(text: str, values: Mapping[str, str]) -> None:
    """No name may hold what could be taken for a line of the tree."""
    for token in tokens(text):
        if token.kind == "quoted" and _UNFIT.search(token.text):
            raise NotPermitted(
                Words(
                    "名称中不能有反斜杠或控制字符。",
                    "A name may not hold a backslash or a control character.",
                )
            )
    for each in parameters(text):
        if each.name not in values:
            raise refused_text(
                Words(f"参数 {each.name} 没有值。", f"The parameter {each.name} has no value."),
                code="sql_parameter_missing",
                parameter=each.name,
            )
        if each.type == "Identifier" and not _IDENTIFIER.fullmatch(values[each.name]):
            raise refused_text(
                Words(
                    f"参数 {each.name} 不是合法的名称。",
                    f"The parameter {each.name} is not a name.",
                ),
                code="sql_parameter_invalid",
                parameter=each.name,
            )


@dataclass(frozen=True, slots=True)
class _Node:
    depth: int
    kind: str
    name: str


def _nodes(tree: str) -> list[_Node]:
    found = [_NODE.fullmatch(line) for line in tree.split("\n") if line]
    return [
        _Node(len(each[1]), each[2], each[3] or "") if each else _Node(0, "", "") for each in found
    ]


def _check_tree(tree: str, database: str) -> None:
    nodes = _nodes(tree)
    for at, node in enumerate(nodes):
        if node.kind not in NODES:
            raise _not_permitted_node(node)
        if node.kind == "TableIdentifier":
            _check_table(node.name, database)
        elif node.kind == "Identifier":
            _check_identifier(node.name, database)
        elif node.kind == "Function" and nodes[at - 1].kind == "TableExpression":
            if node.name not in TABLE_FUNCTIONS:
                raise NotPermitted(
                    Words(
                        f"不允许使用表函数 {node.name}。",
                        f"The table function {node.name} is not permitted.",
                    )
                )
        elif node.kind == "Function":
            _check_function(node.name)
            if node.name.lower() in _MEMBERSHIP:
                _check_members(nodes, at, database)


def _not_permitted_node(node: _Node) -> NotPermitted:
    if node.kind == "Set":
        return NotPermitted(
            Words("SQL 中不能有 SETTINGS。", "SETTINGS is not permitted."),
            hint=Words("去掉 SETTINGS 子句。", "Leave the SETTINGS clause out."),
        )
    kind = node.kind.removeprefix("Columns") or "?"
    return NotPermitted(Words(f"不允许使用 {kind}。", f"{kind} is not permitted."))


def _check_table(name: str, database: str) -> None:
    """A bare name is a subquery's or one of the product's database, in which the question is asked."""
    qualifier, dot, _table = name.rpartition(".")
    if dot and qualifier != database:
        raise NotPermitted(
            Words(f"不能查询表 {name}。", f"The table {name} cannot be asked."),
            hint=AVAILABLE,
        )


def _check_identifier(name: str, database: str) -> None:
    """An alias may stand for a table, so no name may begin with another's database, wherever it stands."""
    first, dot, _rest = name.partition(".")
    prefix, mark, _slug = database.rpartition("_")
    other = first.lower() in ("system", "information_schema", "default", prefix) or (
        first.startswith(prefix + mark) and first != database
    )
    if dot and other:
        _check_table(name, database)


def _check_members(nodes: list[_Node], at: int, database: str) -> None:
    """The right side of IN may name a table."""
    depth = nodes[at].depth + 2
    sides = []
    for node in nodes[at + 2 :]:
        if node.depth < depth:
            break
        if node.depth == depth:
            sides.append(node)
    if len(sides) > 1 and sides[1].kind == "Identifier":
        _check_table(sides[1].name, database)


def _check_function(name: str) -> None:
    lowered = name.lower()
    if lowered in _functions() or _aggregate(name):
        return
    raise NotPermitted(
        Words(
            f"不允许使用函数 {name}，或没有这个函数。",
            f"The function {name} is not permitted, or does not exist.",
        )
    )


def _aggregate(name: str) -> bool:
    """An aggregate function, with any of the engine's combinators behind its name."""
    if name.lower() in _aggregates():
        return True
    endings = (each for each in _COMBINATORS if name.endswith(each) and len(name) > len(each))
    return any(_aggregate(name.removesuffix(each)) for each in endings)


@cache
def _functions() -> frozenset[str]:
    return _listed("functions.txt")


@cache
def _aggregates() -> frozenset[str]:
    return _listed("aggregates.txt")


def _listed(file: str) -> frozenset[str]:
    lines = Path(__file__).with_name(file).read_text(encoding="utf-8").splitlines()
    return frozenset(
        name.lower() for line in lines if not line.startswith("#") for name in line.split()
    )
