"""神策 messages: what each `type` means, and which preset property fills which column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from userops.events.capture import validate
from userops.events.capture.messages import (
    Envelope,
    Said,
    as_dict,
    change,
    changes,
    page_path,
    promote,
)
from userops.events.capture.properties import check_properties
from userops.events.capture.validate import Bad
from userops.events.records import (
    Alias,
    Event,
    Identify,
    ProfileOperation,
    Record,
)

NAME = "sensors"
_RESENT = frozenset({"_flush_time", "_nocache", "token", "project", "lib", "recv_time"})
"""Keys that may differ when the same message is sent again."""

COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("os", ("$os",)),
    ("os_version", ("$os_version",)),
    ("browser", ("$browser",)),
    ("device", ("$model", "$brand")),
    ("app_version", ("$app_version",)),
    ("utm_source", ("$utm_source", "$latest_utm_source")),
    ("utm_medium", ("$utm_medium", "$latest_utm_medium")),
    ("utm_campaign", ("$utm_campaign", "$latest_utm_campaign")),
    ("country", ("$country",)),
    ("province", ("$province",)),
    ("city", ("$city",)),
    ("language", ("$browser_language", "$language")),
    ("page", ("$url_path", "$screen_name")),
    ("referrer", ("$referrer",)),
    ("session", ("$session_id", "$event_session_id")),
)
_PLATFORMS = {
    "js": "web",
    "ios": "ios",
    "android": "android",
    "harmony": "harmony",
    "harmonyos": "harmony",
    "miniprogram": "miniprogram",
    "minigame": "miniprogram",
    "alipaymini": "miniprogram",
    "baidumini": "miniprogram",
    "bytedancemini": "miniprogram",
    "qqmini": "miniprogram",
    "quickapp": "quickapp",
    "flutter": "",
    "reactnative": "",
    "unity": "",
}
_NOT_TAKEN = {
    "item_set": "items (物品表) are not kept; put what you need into the event's properties",
    "item_delete": "items (物品表) are not kept",
    "track_id_unbind": "ids are separated by an administrator on the user's page",
}
_LOGIN = "$identity_login_id"
_ANONYMOUS = ("$identity_anonymous_id", "$identity_cookie_id")


def read_one(message: dict[str, Any], envelope: Envelope) -> Sequence[Record]:
    kind = message.get("type")
    read = _READ.get(kind) if type(kind) is str else None
    if read is None:
        why = _NOT_TAKEN.get(kind, ", ".join(_READ)) if type(kind) is str else ", ".join(_READ)
        raise Bad("type_unknown", f"type: {validate.shown(kind)} ({why})")
    props = as_dict(_keys_as_dict(message.get("properties")), "properties")
    user = _user(message)
    given = message.get("time")
    skew = validate.skew(message.get("_flush_time"), envelope.received_ms)
    ts = validate.check_clock(validate.instant(given) + skew, envelope.received_ms)
    uuid = validate.content_uuid(NAME, message, _RESENT)
    said = Said(message, props, user, ts, uuid)
    return [*_identities(said), *read(said)]


def _keys_as_dict(value: Any) -> Any:
    """`profile_unset` may name its keys in a list."""
    if type(value) is list and all(type(key) is str for key in value):
        return dict.fromkeys(value, True)
    return value


def _user(message: dict[str, Any]) -> str:
    """`distinct_id`, else what the SDKs make of `identities`: the login id, or `name+value`."""
    user = message.get("distinct_id")
    if user is None or user == "":
        named = _named_ids(message)
        user = next(iter(named), None)
    return validate.person(user)


def _named_ids(message: dict[str, Any]) -> list[str]:
    """The ids of `identities`, the login id first; other kinds as `name+value`."""
    identities = message.get("identities")
    if type(identities) is not dict:
        return []
    named: list[str] = []
    for name, value in identities.items():
        if name == _LOGIN:
            named.insert(0, validate.person(value, name))
        elif name in _ANONYMOUS:
            named.append(validate.person(value, name))
        elif value:
            named.append(validate.person(f"{name}+{validate.person(value, name)}", name))
    return named


def _identities(said: Said) -> Sequence[Record]:
    """A message with a login id says who the anonymous id is; `$is_login_id` says it is known."""
    login = said.message.get("login_id")
    marked = said.props.pop("$is_login_id", None) is True
    if login is None or login == "":
        return (Identify(distinct_id=said.user, ts=said.ts),) if marked else ()
    login = validate.person(login, "login_id")
    anonymous = said.message.get("anonymous_id") or None
    if anonymous is not None:
        anonymous = validate.person(anonymous, "anonymous_id")
    return (Identify(distinct_id=login, anonymous_id=anonymous, ts=said.ts),)


def _track(said: Said) -> Sequence[Record]:
    return (_event(said.message.get("event"), said),)


def _event(name: Any, said: Said) -> Event:
    props = said.props
    promote(props, COLUMNS)
    if "page" not in props and props.get("$url"):
        props["page"] = page_path(props["$url"])
    _collected_by(said.message, props)
    return Event(
        event=validate.event_name(name),
        distinct_id=said.user,
        ts=said.ts,
        uuid=said.uuid,
        properties=check_properties(props),
    )


def _collected_by(message: dict[str, Any], props: dict[str, Any]) -> None:
    lib = message.get("lib")
    library = props.get("$lib") or (lib.get("$lib") if type(lib) is dict else None)
    library = library if type(library) is str else ""
    props.setdefault("source", f"{NAME}:{library}" if library else NAME)
    if library and "platform" not in props:
        system = props.get("os")
        fallback = system.lower() if type(system) is str else ""
        props["platform"] = _PLATFORMS.get(library.lower(), "server") or fallback


def _track_signup(said: Said) -> Sequence[Record]:
    original = validate.person(said.message.get("original_id"), "original_id")
    known = Identify(distinct_id=said.user, anonymous_id=original, ts=said.ts)
    return (known, _event(said.message.get("event") or "$SignUp", said))


def _track_id_bind(said: Said) -> Sequence[Record]:
    named = dict.fromkeys(_named_ids(said.message))
    if not named:
        raise Bad("user_missing", "identities")
    bound = [
        Alias(distinct_id=said.user, alias=other, ts=said.ts)
        for other in named
        if other != said.user
    ]
    return [*bound, _event(said.message.get("event") or "$BindID", said)]


def _profile(operation: ProfileOperation) -> Callable[[Said], Sequence[Record]]:
    def read(said: Said) -> Sequence[Record]:
        changed = changes(said, {operation: said.props})
        if not changed:
            raise Bad("profile_invalid", f"profile_{operation}: {validate.shown(said.props)}")
        return changed

    return read


def _profile_delete(said: Said) -> Sequence[Record]:
    return (change(said, "delete", {}),)


_READ: dict[str, Callable[[Said], Sequence[Record]]] = {
    "track": _track,
    "track_signup": _track_signup,
    "track_id_bind": _track_id_bind,
    "profile_set": _profile("set"),
    "profile_set_once": _profile("set_once"),
    "profile_increment": _profile("increment"),
    "profile_append": _profile("append"),
    "profile_unset": _profile("unset"),
    "profile_delete": _profile_delete,
}
