"""How the columns of a file become events or profiles. Kept with the import, as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

import msgspec

from userops.errors import Refused
from userops.events.fields import BY_NAME
from userops.events.importers.formats import FileFormat
from userops.events.importers.timeformats import check_time_format
from userops.words import Words

FULL_WIDTH_COMMA = "\uff0c"


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """Which column means what.

    Fields whose default is None or "" are decided by `proposing.settle` from the first rows of the
    file and written back, so that a stored mapping says everything.
    """

    file: FileFormat
    user: str = ""
    """Column of the user id."""
    time: str = ""
    """Column of the time; "" is allowed for profiles only."""
    event: str = ""
    """Column of the event name; or
    `event_name`, one name for all rows."""
    event_name: str = ""
    event_map: dict[str, str] = {}
    """Value in the event column → event name. A value that is not listed keeps its own text."""
    time_format: str = ""
    """A name from `timeformats.NAMED`, or a pattern such as `%d/%m/%Y %H:%M`."""
    timezone: str = ""
    """IANA zone of times without an offset; "" means the product's."""
    props: tuple[str, ...] = ()
    """Columns kept as properties; `all_props` keeps every column that has no other role."""
    all_props: bool = False
    fields: dict[str, str] = {}
    """Column → standard field of `events.fields`."""
    uuid: str = ""
    """Column of a UUID that the sender gave each row."""
    profile: bool = False
    """Rows describe users, not events."""
    identities: bool = False
    """Each row says that an anonymous id is the user's: `user` and `anonymous` are one person."""
    anonymous: str = ""
    """Column of the anonymous id, for identities."""
    dedupe: bool = False
    """Of rows that are equal in every column only the first counts."""
    number_columns: tuple[str, ...] | None = None
    """Property columns written as JSON numbers."""
    whole_ids: bool | None = None
    """User ids are numbers written with a decimal point: `266079.0` is `266079`."""

    def __post_init__(self) -> None:
        if self.identities:  # rows that describe users, not events
            msgspec.structs.force_setattr(self, "profile", True)

    @property
    def role_columns(self) -> frozenset[str]:
        """Columns that are the user, the anonymous id, the time, the event or the uuid."""
        names = {self.user, self.anonymous, self.time, self.event, self.uuid}
        return frozenset(names - {""})

    def property_columns(self, columns: Iterable[str]) -> tuple[str, ...]:
        """Columns that become properties, in order of name: the order is part of no answer."""
        if self.identities:
            return ()
        taken = self.role_columns | set(self.fields)
        if self.all_props:
            return tuple(sorted(name for name in columns if name not in taken))
        return tuple(sorted(set(self.props) - set(self.fields)))

    def to_json(self) -> bytes:
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, text: bytes | str) -> Mapping:
        """Raises `Refused` (`mapping_invalid`) for text that is no mapping."""
        try:
            return msgspec.json.decode(text, type=cls)
        except msgspec.DecodeError as wrong:
            raise Refused(
                Words(f"导入映射不正确：{wrong}", f"The import mapping is not valid: {wrong}"),
                code="mapping_invalid",
            ) from None


def replaced(mapping: Mapping, **changes: object) -> Mapping:
    """A copy with some fields changed."""
    return msgspec.structs.replace(mapping, **changes)


def parse_event_map(text: str) -> dict[str, str]:
    """`1=浏览,2=加购` → `{"1": "浏览", "2": "加购"}`. Raises `Refused` (`event_map_invalid`)."""
    pairs: dict[str, str] = {}
    for part in text.replace(FULL_WIDTH_COMMA, ",").split(","):
        if not part.strip():
            continue
        value, sign, name = part.partition("=")
        if not sign or not value.strip() or not name.strip():
            raise Refused(
                Words(
                    f"事件名映射应写成 1=浏览，2=加购，实际有一段是 {part!r}。",
                    f"The event map must read like 1=view,2=cart; got a part {part!r}.",
                ),
                code="event_map_invalid",
            )
        pairs[value.strip()] = name.strip()
    return pairs


def check_mapping(mapping: Mapping, columns: Iterable[str]) -> None:
    """Raises `Refused` for the first thing that is wrong: what, expected, got, what to do."""
    for check in CHECKS:
        check(mapping, tuple(columns))


def _check_user(mapping: Mapping, columns: tuple[str, ...]) -> None:
    if not mapping.user:
        raise _missing("user", "--user", Words("用户列", "user column"), columns)


def _check_anonymous(mapping: Mapping, columns: tuple[str, ...]) -> None:
    if mapping.identities and not mapping.anonymous:
        what = Words("匿名标识列", "column of the anonymous id")
        raise _missing("anonymous", "--anonymous", what, columns)


def _check_time(mapping: Mapping, columns: tuple[str, ...]) -> None:
    if not mapping.time and not mapping.profile:
        raise _missing("time", "--time", Words("时间列", "time column"), columns)


def _check_event(mapping: Mapping, columns: tuple[str, ...]) -> None:
    if mapping.profile:
        return
    if not mapping.event and not mapping.event_name:
        what = Words("事件列或固定事件名", "event column or event name")
        raise _missing("event", "--event / --event-name", what, columns)
    if mapping.event and mapping.event_name:
        raise Refused(
            Words(
                "事件列与固定事件名只能选一个。",
                "Give either an event column or one event name, not both.",
            ),
            code="mapping_invalid",
        )


def _check_columns(mapping: Mapping, columns: tuple[str, ...]) -> None:
    named = [*mapping.role_columns, *mapping.fields, *mapping.props]
    # inner keys of a JSON-lines file may first appear far below the sample
    if mapping.file.kind == "jsonl":
        named = list(mapping.role_columns)
    for name in sorted(named):
        if name not in columns:
            known = ", ".join(columns)
            raise Refused(
                Words(
                    f"文件中没有列 {name}。现有的列：{known}。",
                    f"The file has no column {name}. It has: {known}.",
                ),
                code="column_unknown",
                column=name,
            )


def _check_fields(mapping: Mapping, _columns: tuple[str, ...]) -> None:
    for column, field in mapping.fields.items():
        if field not in BY_NAME:
            known = ", ".join(BY_NAME)
            raise Refused(
                Words(
                    f"列 {column} 对应的标准属性 {field} 不存在。可用：{known}。",
                    f"Column {column} is mapped to an unknown standard property {field}. "
                    f"Known: {known}.",
                ),
                code="mapping_invalid",
            )
    repeated = sorted(
        {f for f in mapping.fields.values() if list(mapping.fields.values()).count(f) > 1}
    )
    if repeated:
        raise Refused(
            Words(
                f"有多列对应同一个标准属性 {repeated[0]}。",
                f"More than one column is mapped to the standard property {repeated[0]}.",
            ),
            code="mapping_invalid",
        )


def _check_timezone(mapping: Mapping, _columns: tuple[str, ...]) -> None:
    if mapping.timezone:
        check_zone(mapping.timezone)


def check_zone(name: str) -> None:
    """Raises `Refused` (`timezone_unknown`)."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise Refused(
            Words(
                f"未知时区 {name}。请用 Asia/Shanghai、Europe/London 这样的名称。",
                f"Unknown time zone {name}. Use a name such as Asia/Shanghai or Europe/London.",
            ),
            code="timezone_unknown",
        ) from None


def _check_time_format(mapping: Mapping, _columns: tuple[str, ...]) -> None:
    if mapping.time_format:
        check_time_format(mapping.time_format)


CHECKS: tuple[Callable[[Mapping, tuple[str, ...]], None], ...] = (
    _check_user,
    _check_anonymous,
    _check_time,
    _check_event,
    _check_columns,
    _check_fields,
    _check_timezone,
    _check_time_format,
)


def _missing(part: str, option: str, what: Words, columns: tuple[str, ...]) -> Refused:
    known = ", ".join(columns)
    return Refused(
        Words(
            f"没有指定{what.zh}。文件中的列：{known}。",
            f"The {what.en} is not given. Columns of the file: {known}.",
        ),
        code="mapping_incomplete",
        # for the command line; a form has its field
        hint=Words(f"用 {option} 指定。", f"Name it with {option}."),
        part=part,
    )
