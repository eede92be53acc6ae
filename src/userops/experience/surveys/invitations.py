"""Single-use links: made for one person, told from forgeries by their digest, kept apart from answers.

That a link of an anonymous survey was used is noted by a mark of its secret, which is stored nowhere: whoever has the
database alone cannot tell who answered.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime

from userops.config import current
from userops.experience.surveys.models import Invitation, SpentLink, Survey


def token_of(invitation: Invitation) -> str:
    """The secret of the link. It is computed when it is needed, never stored."""
    return _token(invitation.survey_id, invitation.person, invitation.nonce)


def _token(survey: int, person: int, nonce: str) -> str:
    key = f"{current().secret_key()}:surveys".encode()
    return hmac.new(key, f"{survey}:{person}:{nonce}".encode(), hashlib.sha256).hexdigest()[:40]


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def invite(survey: Survey, person: int, way: str, state: str) -> Invitation:
    """A new link for a person; what was made before and not used stays good."""
    rounds = Invitation.objects.filter(survey=survey, person=person, way=way)
    last = rounds.order_by("-round").values_list("round", flat=True).first() or 0
    row = Invitation(
        survey=survey, person=person, way=way, round=last + 1, state=state, due=datetime.now(UTC)
    )
    row.digest = digest_of(token_of(row))
    row.save()
    return row


def found(survey: Survey, token: str) -> Invitation | None:
    """The invitation behind a token of this survey."""
    if not token or len(token) > 100:
        return None
    return Invitation.objects.filter(survey=survey, digest=digest_of(token)).first()


def mark_of(token: str) -> str:
    """What a used link of an anonymous survey leaves behind."""
    return hashlib.sha256(f"spent:{token}".encode()).hexdigest()


def is_used(invitation: Invitation) -> bool:
    if invitation.survey.anonymous:
        return SpentLink.objects.filter(pk=mark_of(token_of(invitation))).exists()
    return invitation.used


def use(invitation: Invitation) -> bool:
    """Mark it used; answers whether it was not before."""
    if invitation.survey.anonymous:
        mark = mark_of(token_of(invitation))
        _row, made = SpentLink.objects.get_or_create(
            pk=mark, defaults={"survey": invitation.survey}
        )
        return made
    fresh = Invitation.objects.filter(pk=invitation.pk, used=False).update(used=True)
    return bool(fresh)
