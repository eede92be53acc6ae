"""Who speaks: what a site says of its user, and whether it has signed that."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any

_MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
_PHONE = re.compile(r"\+?[\d ()-]{5,20}")
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Speaker:
    """`verified`: the id is signed; `forged`: it carries a signature, and a wrong one."""

    id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    device: str = ""
    page: str = ""
    app_version: str = ""
    verified: bool = False
    forged: bool = False


def signature_of(secret: str, user: str) -> str:
    """HMAC-SHA256 of the user's id with the channel's secret, in hex: what the site computes."""
    return hmac.new(secret.encode(), user.encode(), hashlib.sha256).hexdigest()


def speaker_of(said: str, contact: str, *, secret: str, signed_only: bool) -> Speaker:
    """From what the site says (JSON: id, name, contact, device, page, version, signature) and the contact
    that the user wrote, which counts more."""
    given = _parsed(said)
    claimed = given.get("id", "")
    signature = given.get("signature", "")
    good = hmac.compare_digest(signature_of(secret, claimed).encode(), signature.lower().encode())
    verified = bool(claimed and signature and good)
    forged = bool(claimed and signature and not good)
    email, phone = contact_of(contact or given.get("contact", ""))
    return Speaker(
        id=claimed if verified or not (signed_only or forged) else "",
        name=given.get("name", ""),
        email=email,
        phone=phone,
        device=given.get("device", ""),
        page=given.get("page", ""),
        app_version=given.get("version", ""),
        verified=verified,
        forged=forged,
    )


def contact_of(text: str) -> tuple[str, str]:
    """(e-mail, telephone or another way to be reached); one of them is empty."""
    plain = " ".join(text.split())
    if _MAIL.fullmatch(plain):
        return plain, ""
    return "", plain[:40]


def reachable(text: str) -> bool:
    """Whether it looks like an e-mail address or a telephone number."""
    plain = " ".join(text.split())
    return bool(_MAIL.fullmatch(plain) or _PHONE.fullmatch(plain))


def _parsed(said: str) -> dict[str, str]:
    if len(said) > _LONGEST:
        return {}
    try:
        given: Any = json.loads(said or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(given, dict):
        return {}
    return {
        str(name): " ".join(str(value).split())[:400]
        for name, value in given.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
