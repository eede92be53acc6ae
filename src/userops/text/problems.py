"""What may go wrong with texts."""

from __future__ import annotations

from userops.errors import UserOpsError


class TextError(UserOpsError):
    code = "text_invalid"


class TooFewLabels(TextError):  # noqa: N818
    """Not enough to learn from."""

    code = "too_few_labels"


class TooFewTexts(TextError):  # noqa: N818
    """Not enough to find topics in."""

    code = "too_few_texts"
