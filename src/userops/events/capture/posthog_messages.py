"""PostHog messages: what each special event means, and which property fills which column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from userops.events.capture import validate
from userops.events.capture.messages import (
    Envelope,
    Said,
    as_dict,
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
    ProfileChange,
    ProfileOperation,
    Record,
)

NAME = "posthog"
_RESENT = frozenset({"sent_at", "api_key", "token"})
_DROPPED = (
    "token",
    "distinct_id",
    "$set",
    "$set_once",
    "$unset",
    "$insert_id",
    "$time",
    "$lib_rate_limit_remaining_tokens",
)

COLUMNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("os", ("$os", "$os_name")),
    ("os_version", ("$os_version",)),
    ("browser", ("$browser",)),
    ("device", ("$device_model", "$device_name", "$device")),
    ("app_version", ("$app_version",)),
    ("country", ("$geoip_country_name", "$geoip_country_code")),
    ("province", ("$geoip_subdivision_1_name",)),
    ("city", ("$geoip_city_name",)),
    ("language", ("$locale", "$browser_language")),
    ("page", ("$pathname", "$screen_name")),
    ("session", ("$session_id",)),
)
_PLATFORMS = {
    "web": "web",
    "posthog-ios": "ios",
    "posthog-android": "android",
    "posthog-react-native": "",
    "posthog-flutter": "",
    "posthog-unity": "",
}
# recordings and heat maps are not behaviour events and are not kept
_NOT_KEPT = frozenset({"$snapshot", "$snapshot_items", "$performance_event", "$$heatmap"})


def read_one(message: dict[str, Any], envelope: Envelope) -> Sequence[Record]:
    name = validate.event_name(message.get("event", _engage_event(message)))
    if name in _NOT_KEPT:
        raise Bad("type_unknown", f"{name}: recordings and heat maps are not kept")
    props = as_dict(message.get("properties"), "properties")
    _lift_v1(message, props)
    user = message.get("distinct_id")
    user = props.get("distinct_id") if user is None else user
    user = message.get("$distinct_id") if user is None else user
    distinct_id = validate.person(user)
    ts, uuid = _when_and_which(message, props, envelope)
    said = Said(message, props, distinct_id, ts, uuid)
    read = _SPECIAL.get(name)
    if read is not None:
        return read(said)
    return [*_profile_changes(said), _event(name, said, envelope.library)]


def _engage_event(message: dict[str, Any]) -> str | None:
    """`/engage` of old SDKs sends a bare `$set` without an event name."""
    return "$set" if "$set" in message or "$set_once" in message else None


def _lift_v1(message: dict[str, Any], props: dict[str, Any]) -> None:
    """The capture v1 protocol moved a few properties to the top of the message."""
    for key in ("session_id", "window_id"):
        if type(message.get(key)) is str:
            props.setdefault(f"${key}", message[key])


def _when_and_which(
    message: dict[str, Any], props: dict[str, Any], envelope: Envelope
) -> tuple[int, UUID]:
    """PostHog's order: timestamp corrected by sent_at, else offset before now, else now."""
    given = message.get("uuid") or props.get("$insert_id")
    timestamp = message.get("timestamp")
    skew = 0 if _ignores_sent_at(message, props) else envelope.skew_ms
    if timestamp is not None and timestamp != "":
        ts = validate.instant(timestamp, "timestamp") + skew
    else:
        ts = envelope.received_ms - _offset(message.get("offset"))
    ts = validate.check_clock(ts, envelope.received_ms)
    if message.get("uuid"):
        return ts, validate.given_uuid(given)
    if given:
        return ts, validate.named_uuid(NAME, str(given))
    if timestamp:
        return ts, validate.content_uuid(NAME, message, _RESENT)
    return ts, validate.random_uuid()


def _ignores_sent_at(message: dict[str, Any], props: dict[str, Any]) -> bool:
    options = message.get("options")
    if type(options) is dict and options.get("disable_skew_correction") is True:
        return True
    return props.get("$ignore_sent_at") is True


def _offset(value: Any) -> int:
    if type(value) is int or (type(value) is float and abs(value) < 10**15):
        return int(value)
    return 0


def _event(name: str, said: Said, library: str = "") -> Event:
    props = said.props
    for key in _DROPPED:
        props.pop(key, None)
    if "page" not in props and not props.get("$pathname") and "$current_url" in props:
        props["page"] = page_path(props["$current_url"])
    if props.get("$referrer") != "$direct":
        promote(props, (("referrer", ("$referrer",)),))
    promote(props, COLUMNS)
    _collected_by(props, library)
    return Event(
        event=name,
        distinct_id=said.user,
        ts=said.ts,
        uuid=said.uuid,
        properties=check_properties(props),
    )


def _collected_by(props: dict[str, Any], library: str) -> None:
    named = props.get("$lib")
    library = named if type(named) is str and named else library
    props.setdefault("source", f"{NAME}:{library}" if library else NAME)
    if "platform" not in props and library:
        system = props.get("os")
        fallback = system.lower() if type(system) is str else ""
        props["platform"] = _PLATFORMS.get(library, "server") or fallback


def _profile_changes(said: Said) -> list[ProfileChange]:
    def wanted(name: str) -> Any:
        value = said.message.get(name)
        return said.props.get(name) if value is None else value

    operations: dict[ProfileOperation, Any] = {
        "set": wanted("$set"),
        "set_once": wanted("$set_once"),
        "unset": wanted("$unset"),
    }
    return changes(said, operations)


def _identify(said: Said) -> Sequence[Record]:
    """Also an event: the user is there and has just logged in."""
    anonymous = said.message.get("$anon_distinct_id") or said.props.get("$anon_distinct_id")
    if anonymous is not None:
        anonymous = validate.person(anonymous, "$anon_distinct_id")
    known = Identify(distinct_id=said.user, anonymous_id=anonymous, ts=said.ts)
    return [known, *_profile_changes(said), _event("$identify", said)]


def _alias(said: Said) -> Sequence[Record]:
    alias = said.props.get("alias")
    alias = said.message.get("alias") if alias is None else alias
    return (Alias(distinct_id=said.user, alias=validate.person(alias, "alias"), ts=said.ts),)


def _set_only(said: Said) -> Sequence[Record]:
    """`$set` and its kin say something about the user, not that the user did something."""
    records = _profile_changes(said)
    if not records:
        raise Bad("profile_invalid", "$set, $set_once, $unset: nothing to change")
    return records


def _group(said: Said) -> Sequence[Record]:
    kind, key = said.props.get("$group_type"), said.props.get("$group_key")
    if type(kind) is not str or not kind or type(key) not in (str, int):
        raise Bad("profile_invalid", "$group_type, $group_key")
    told: dict[str, Any] = {f"$group_{kind}": key}
    if said.props.get("$group_set"):
        told[f"$group_{kind}_properties"] = said.props["$group_set"]
    return changes(said, {"set": told})


def _merge(_said: Said) -> Sequence[Record]:
    raise Bad("identity_conflict", "$merge_dangerously: an administrator merges known users")


_SPECIAL: dict[str, Callable[[Said], Sequence[Record]]] = {
    "$identify": _identify,
    "$create_alias": _alias,
    "$set": _set_only,
    "$set_once": _set_only,
    "$unset": _set_only,
    "$groupidentify": _group,
    "$group_identify": _group,
    "$merge_dangerously": _merge,
}
