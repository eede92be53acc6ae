"""Whose hands an issue went through: a document that nobody but its author looked at says so."""

from __future__ import annotations

from collections.abc import Mapping

from userops.words import Words

ROLES: dict[str, Words] = {
    "written": Words("撰写", "Written by"),
    "reviewed": Words("审核", "Reviewed by"),
    "approved": Words("批准", "Approved by"),
}
LABEL = Words("双人复核", "Second person")
_ALONE = Words("无：撰写、审核与批准为同一人", "none: written, reviewed and approved by one person")
_OWN_REVIEW = Words("审核与撰写为同一人", "reviewed by the author; approved by somebody else")
_OWN_APPROVAL = Words("批准与撰写为同一人", "approved by the author; reviewed by somebody else")


def note_on(signed: Mapping[str, str]) -> Words | None:
    """What readers should know of who signed; None where others than the author reviewed and approved it, and
    before it is issued."""
    author = signed.get("written")
    if not author or not signed.get("approved"):
        return None
    own = signed.get("reviewed") == author, signed["approved"] == author
    return {(True, True): _ALONE, (True, False): _OWN_REVIEW, (False, True): _OWN_APPROVAL}.get(own)
