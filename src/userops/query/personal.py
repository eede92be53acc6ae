"""Which personal properties a document names, and who may: decision 19."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import Any

from userops.errors import NotAllowed
from userops.events.personal import Name, Personal
from userops.words import Words

SHORT = frozenset({"breakdown", "hold_constant", "properties"})
"""Fields that hold names of event properties in a list."""
SINGLE = frozenset({"property", "word", "results"})
"""Fields that hold the name of one property; of an event where no `of` stands beside it."""
_TELLS_NOTHING = frozenset({"set", "not_set"})
"""Whether somebody has an e-mail address does not say which."""
_OF_TEXTS = frozenset({"is", "is_not", "contains", "not_contains", "starts_with", "ends_with"})
HIDDEN = "•••"
"""Stands for what somebody with permission typed."""


class Sight(IntEnum):
    """What somebody who asks may know of personal properties."""

    NONE = 0
    """Neither values nor who has one: by asking for one address after the other a filter would tell them."""
    FILTERED = 1
    """Figures of people chosen by them, as somebody with permission wrote the question down."""
    ALL = 2


class PersonalProperty(NotAllowed):
    code = "personal_property"

    def __init__(self, name: Name):
        of, property_ = name
        owner = (
            Words("用户属性", "user property")
            if of == "user"
            else Words("事件属性", "event property")
        )
        super().__init__(
            Words(
                f"{owner.zh}“{property_}”是个人信息：按它拆分、筛选或查看取值需要“查看单个用户”的权限，这里没有。",
                f"The {owner.en} “{property_}” is personal data: to break down by it, filter by it or see its "
                "values takes the permission to see single users, which is not given here.",
            ),
            hint=Words(
                "请换一个属性，或使用有权限的同事建好的分群；若它并不是个人信息，管理员可在数据目录中改正。"
                "API 令牌还需要 people 权限范围。",
                "Use another property, or a segment that a colleague with the permission has made. If it is no "
                "personal data, an administrator can say so in the catalogue. A token also needs the scope people.",
            ),
            property=property_,
            of=of,
        )


def named(node: Any) -> Iterator[tuple[Name, bool]]:
    """The properties that a document as JSON names, each with whether its values come out."""
    if isinstance(node, list | tuple):
        for each in node:
            yield from named(each)
    if not isinstance(node, Mapping):
        return
    condition = _is_condition(node)
    for key, value in node.items():
        if key in SINGLE and isinstance(value, str):
            if not (condition and node["op"] in _TELLS_NOTHING):
                yield (str(node.get("of", "event")), value), not condition
        elif key in SHORT and isinstance(value, list | tuple):
            yield from ((("event", each), True) for each in value if isinstance(each, str))
            yield from named(value)
        else:
            yield from named(value)


def check_sight(document: Any, personal: Personal, sight: Sight) -> None:
    """Raises `PersonalProperty` for a document, as JSON, that names what is not to be seen."""
    if sight is Sight.ALL:
        return
    for name, listed in named(document):
        if (listed or sight is Sight.NONE) and name in personal:
            raise PersonalProperty(name)


def hidden(node: Any, personal: Personal) -> Any:
    """A document, as JSON, for who may not see personal data: what its conditions on such properties ask for is
    hidden. Conditions by size, time or pattern, which take no such text, become `is`."""
    if isinstance(node, list | tuple):
        return [hidden(each, personal) for each in node]
    if not isinstance(node, Mapping):
        return node
    if _is_condition(node) and isinstance(node.get("property"), str):
        name = (str(node.get("of", "event")), node["property"])
        if node["op"] not in _TELLS_NOTHING and name in personal:
            op = node["op"] if node["op"] in _OF_TEXTS else "is"
            return {**node, "op": op, "value": HIDDEN}
    return {key: hidden(value, personal) for key, value in node.items()}


def _is_condition(node: Mapping[str, Any]) -> bool:
    return "op" in node and node.get("who", "user") == "user"
