"""What PostHog SDKs expect to hear: capture answers, and "no flags, no recordings" settings."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from userops.events.capture.door import Answer, CaptureRequest, Outcome, Parsed, retry_headers
from userops.events.records import Refusal

CAPTURE_V1 = "/i/v1/analytics/events"
SETTINGS_PATHS = ("/decide", "/flags", "/array")
_ARRAY = re.compile(r"^/array/([^/]+)/config(\.js(?:on)?)?$")
_encode = msgspec.json.Encoder().encode

SETTINGS: dict[str, Any] = {
    "supportedCompression": ["gzip", "gzip-js"],
    "hasFeatureFlags": False,
    "isAuthenticated": False,
    "toolbarParams": {},
    "sessionRecording": False,
    "capturePerformance": False,
    "autocapture_opt_out": False,
    "autocaptureExceptions": False,
    "captureDeadClicks": False,
    "heatmaps": False,
    "surveys": False,
    "conversations": False,
    "productTours": False,
    "defaultIdentifiedOnly": True,
    "siteApps": [],
    "elementsChainAsString": True,
    "analytics": {"endpoint": "/e/"},
}
"""What `posthog-js` reads from `/array/<key>/config`: what this product has not is off."""

NO_FLAGS: dict[str, Any] = {
    "featureFlags": {},
    "featureFlagPayloads": {},
    "errorsWhileComputingFlags": False,
    "quotaLimited": [],
}


def key_of_settings(request: CaptureRequest) -> str:
    match = _ARRAY.match(request.page_of_path)
    return match[1] if match else ""


def answer(request: CaptureRequest, parsed: Parsed, outcome: Outcome) -> Answer:
    if outcome.problem is not None:
        return _problem(outcome)
    if request.page_of_path.startswith(SETTINGS_PATHS):
        return _settings(request, parsed)
    if request.page_of_path == CAPTURE_V1:
        return Answer(200, _encode({"results": _results(parsed.refusals)}))
    if request.params.get("beacon") == "1":
        return Answer(204, b"", "text/plain")
    if parsed.refusals and len(parsed.refusals) == parsed.messages:
        first = parsed.refusals[0]
        return _error(400, first.code, f"{first.code}: {first.detail}")
    return Answer(200, _encode({"status": "Ok"}))


def _problem(outcome: Outcome) -> Answer:
    problem = outcome.problem
    assert problem is not None
    answered = _error(problem.status, problem.code, problem.words.en)
    return Answer(answered.status, answered.body, headers=retry_headers(outcome))


def _error(status: int, code: str, detail: str) -> Answer:
    told = {"type": "validation_error", "code": code, "detail": detail, "attr": None}
    return Answer(status, _encode(told))


def _settings(request: CaptureRequest, parsed: Parsed) -> Answer:
    if request.page_of_path.startswith("/array"):
        match = _ARRAY.match(request.page_of_path)
        if match is not None and match[2] == ".js":
            return Answer(200, _settings_script(match[1]), "application/javascript")
        return Answer(200, _encode({"token": parsed.key, **SETTINGS}))
    if request.page_of_path == "/decide":
        return Answer(200, _encode({**SETTINGS, **NO_FLAGS}))
    version = request.params.get("v", "1")
    flags: dict[str, Any] = {"flags": {}} if version.isdigit() and int(version[:9]) >= 2 else {}
    settings = SETTINGS if request.params.get("config") == "true" else {}
    return Answer(200, _encode({**settings, **NO_FLAGS, **flags}))


def _settings_script(key: str) -> bytes:
    """The script form: it stores the settings where `posthog-js` looks for them."""
    # "<" is escaped so that the text is harmless wherever it may be put
    token = _encode(key).decode().replace("<", "\\u003c")
    settings = _encode({"token": key, **SETTINGS}).decode().replace("<", "\\u003c")
    script = (
        "(function(){window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{};"
        f"window._POSTHOG_REMOTE_CONFIG[{token}]={{config:{settings},siteApps:[]}}}})();"
    )
    return script.encode()


def _results(refusals: list[Refusal]) -> dict[str, dict[str, str]]:
    """Capture v1 answers per uuid; an event that is not named counts as taken."""
    results: dict[str, dict[str, str]] = {}
    for refusal in refusals:
        try:
            uuid = msgspec.json.decode(refusal.raw).get("uuid")
        except (msgspec.MsgspecError, AttributeError, UnicodeError):
            continue
        if isinstance(uuid, str):
            told = f"{refusal.code}: {refusal.detail}"
            results[uuid] = {"result": "drop", "details": told}
    return results
