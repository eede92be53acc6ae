"""The error tree.

    UserOpsError                 anything a person can mend; has a stable code, words, a hint, a status
    ├── ConfigError              a setting is wrong                                  (exit code 2)
    ├── DocumentError            a query document is wrong                           (HTTP 400)
    ├── NotFound                 no such product, user, import …                     (HTTP 404)
    ├── NotAllowed               the role does not permit it                         (HTTP 403)
    ├── Refused                  input that cannot be taken, with its reason         (HTTP 400)
    ├── StoreBusy                another process owns the data folder                (HTTP 503, retry)
    └── StoreFailed              the engine could not answer                         (HTTP 500)

Every error says what, expected, got, and what to do, in both languages.
"""

from __future__ import annotations

from typing import Any, ClassVar

from userops.words import Words


class UserOpsError(Exception):
    """Base of all errors that are shown to a person. `data` holds values for programs."""

    code: str = "error"
    status: ClassVar[int] = 400
    retry: ClassVar[bool] = False

    def __init__(
        self, words: Words, *, code: str | None = None, hint: Words | None = None, **data: Any
    ):
        super().__init__(words.en)
        self.words = words
        self.hint = hint
        self.data = data
        if code is not None:
            self.code = code

    def body(self, language: str = "en") -> dict[str, Any]:
        """The one error body of the API and of `--json`."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.words.text(language),
            "message_zh": self.words.zh,
            "message_en": self.words.en,
            "retry": self.retry,
        }
        if self.hint is not None:
            error["hint"] = self.hint.text(language)
            error |= {"hint_zh": self.hint.zh, "hint_en": self.hint.en}
        if self.data:
            error["data"] = self.data
        return {"error": error}

    def __str__(self) -> str:
        return self.words.en if self.hint is None else f"{self.words.en} {self.hint.en}"


class ConfigError(UserOpsError):
    code = "config_invalid"


class DocumentError(UserOpsError):
    code = "document_invalid"


class NotFound(UserOpsError):  # noqa: N818
    code = "not_found"
    status = 404


class NotAllowed(UserOpsError):  # noqa: N818
    code = "not_allowed"
    status = 403


class Refused(UserOpsError):  # noqa: N818
    code = "refused"


class StoreBusy(UserOpsError):  # noqa: N818
    code = "store_busy"
    status = 503
    retry = True


class StoreFailed(UserOpsError):  # noqa: N818
    code = "store_failed"
    status = 500
