"""The kinds of questions: what each asks, which answers it takes, and how an answer counts."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from userops.errors import Refused
from userops.stats.scales import Scale
from userops.words import Words

LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}
LANGUAGES = tuple(LANGUAGE_NAMES)
LONGEST_TEXT = 4_000
LONGEST_OTHER = 200
UNSAID = "–"
"""“Other” was chosen, and nothing was written beside it."""
Language = Literal["zh-hans", "en"]
Texts = dict[Language, Annotated[str, Field(max_length=1_000)]]
"""A text in each language of the survey."""
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
END = "end"


class Unfit(ValueError):  # noqa: N818
    """What does not fit together in a survey, in both languages. `question`: the key of the one that is wrong."""

    def __init__(self, words: Words, question: str):
        super().__init__(words.en)
        self.words = words
        self.question = question


class AnswerInvalid(Refused):
    """`expected`: what the question asks for, without the name that only members know."""

    code = "answer_invalid"

    def __init__(self, key: str, expected: Words, got: Any):
        shown = str(got)[:60]
        super().__init__(
            Words(
                f"问题 {key} 的回答{expected.zh}；实际为 {shown!r}。",
                f"The answer to {key} must be {expected.en}; got {shown!r}.",
            ),
            question=key,
        )
        self.expected = expected


class Part(BaseModel):
    """Frozen, and refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(Part):
    key: Key
    text: Texts


class Branch(Part):
    """After an answer like this, go on with that question (or `end`). The first that fits counts."""

    when: Literal["is", "is_not", "at_least", "at_most", "skipped"]
    value: str | int = ""
    to: str = END


class _Question(Part):
    """What all have. `alone`: keys of answers that are numbers are the question's own."""

    key: Key
    title: Texts = {}
    help: Texts = {}
    required: bool = False
    branches: tuple[Branch, ...] = ()
    words: ClassVar[Words]

    def check(self, answer: Any) -> Any:
        """The answer as it is kept. Raises `Refused`."""
        raise NotImplementedError

    def matches(self, answer: Any, value: str | int) -> bool:
        return bool(answer == value)

    def can_be(self, value: str | int) -> bool:
        """Whether an answer can be this value."""
        return True

    def number(self, answer: Any) -> int | None:
        """The answer as a number, where it is one."""
        return answer if isinstance(answer, int) and not isinstance(answer, bool) else None


class _Scaled(_Question):
    """Whole numbers from `low` to `high`. `ends`: what the lowest and the highest mean."""

    low_label: Texts = {}
    high_label: Texts = {}

    @property
    def scale(self) -> Scale:
        raise NotImplementedError

    @property
    def values(self) -> range:
        return range(self.scale.low, self.scale.high + 1)

    def check(self, answer: Any) -> int:
        text = str(answer).strip()
        number = int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else None
        if number is None or number not in self.values:
            low, high = self.scale.low, self.scale.high
            raise AnswerInvalid(
                self.key,
                Words(f"应为 {low} 到 {high} 的整数", f"a whole number from {low} to {high}"),
                answer,
            )
        return number

    def matches(self, answer: Any, value: str | int) -> bool:
        return str(answer) == str(value)

    def can_be(self, value: str | int) -> bool:
        return str(value) in {str(each) for each in self.values}


class Nps(_Scaled):
    """Always 0 to 10: there is no field for another scale."""

    kind: Literal["nps"] = "nps"
    words = Words("推荐意愿（NPS）", "Recommendation (NPS)")

    @property
    def scale(self) -> Scale:
        return Scale(0, 10)


class Csat(_Scaled):
    kind: Literal["csat"] = "csat"
    points: Literal[3, 4, 5, 7, 10] = 5
    words = Words("满意度（CSAT）", "Satisfaction (CSAT)")

    @property
    def scale(self) -> Scale:
        return Scale(1, self.points)


class Ces(_Scaled):
    """Agreement that it was easy: more is easier."""

    kind: Literal["ces"] = "ces"
    points: Literal[5, 7] = 7
    words = Words("费力度（CES）", "Effort (CES)")

    @property
    def scale(self) -> Scale:
        return Scale(1, self.points)


class Rating(_Scaled):
    kind: Literal["rating"] = "rating"
    points: int = Field(5, ge=2, le=10)
    words = Words("评分", "Rating")

    @property
    def scale(self) -> Scale:
        return Scale(1, self.points)


class _Chosen(_Question):
    """`other`: a field for what is not listed. `shuffle`: another order for each who answers."""

    options: tuple[Option, ...] = Field(min_length=1, max_length=60)
    other: bool = False
    shuffle: bool = False

    @model_validator(mode="after")
    def _keys_differ(self) -> _Chosen:
        keys = [option.key for option in self.options]
        if len(set(keys)) < len(keys):
            raise Unfit(
                Words(f"{self.key} 的选项键重复", f"options of {self.key} share a key"), self.key
            )
        return self

    def can_be(self, value: str | int) -> bool:
        return value in {option.key for option in self.options} or (value == "other" and self.other)

    def matches(self, answer: Any, value: str | int) -> bool:
        return value in answer["chosen"] or (value == "other" and bool(answer.get("other")))

    def _taken(self, answer: Any) -> dict[str, Any]:
        chosen = [str(each) for each in answer.get("chosen") or []] if answer else []
        known = {option.key for option in self.options}
        other = " ".join(str(answer.get("other") or "").split())[:LONGEST_OTHER] if answer else ""
        if not set(chosen) <= known or (other and not self.other):
            raise AnswerInvalid(
                self.key, Words("应为所列选项", "one of the options listed"), answer
            )
        kept = [option.key for option in self.options if option.key in chosen]
        return {"chosen": kept, **({"other": other} if other else {})}


class Single(_Chosen):
    kind: Literal["single"] = "single"
    words = Words("单选", "Single choice")

    def check(self, answer: Any) -> dict[str, Any]:
        taken = self._taken(answer)
        if len(taken["chosen"]) + ("other" in taken) != 1:
            raise AnswerInvalid(self.key, Words("只能选一项", "exactly one option"), answer)
        return taken


class Multiple(_Chosen):
    kind: Literal["multiple"] = "multiple"
    most: int | None = Field(None, ge=1)
    words = Words("多选", "Multiple choice")

    def check(self, answer: Any) -> dict[str, Any]:
        taken = self._taken(answer)
        count = len(taken["chosen"]) + ("other" in taken)
        if not count or (self.most is not None and count > self.most):
            most = self.most or len(self.options)
            raise AnswerInvalid(
                self.key,
                Words(f"应至少选 1 项，最多选 {most} 项", f"at least 1 and at most {most}"),
                answer,
            )
        return taken


class Matrix(_Question):
    """The same scale for each row: what driver analysis and the quadrant live on."""

    kind: Literal["matrix"] = "matrix"
    rows: tuple[Option, ...] = Field(min_length=1, max_length=30)
    points: int = Field(5, ge=2, le=10)
    low_label: Texts = {}
    high_label: Texts = {}
    words = Words("矩阵评分", "Matrix")

    @property
    def scale(self) -> Scale:
        return Scale(1, self.points)

    def check(self, answer: Any) -> dict[str, int]:
        given = {
            str(row): value for row, value in (answer or {}).items() if value not in (None, "")
        }
        known = {row.key for row in self.rows}
        good = {str(each) for each in range(1, self.points + 1)}
        if not given or not set(given) <= known or not {str(v) for v in given.values()} <= good:
            raise AnswerInvalid(
                self.key,
                Words(f"每行应为 1 到 {self.points}", f"1 to {self.points} for rows listed"),
                answer,
            )
        if self.required and set(given) != known:
            raise AnswerInvalid(self.key, Words("每行都要评分", "an answer for every row"), answer)
        return {row: int(str(value)) for row, value in given.items()}

    def matches(self, answer: Any, value: str | int) -> bool:
        return False

    def can_be(self, value: str | int) -> bool:
        return False


class Text(_Question):
    kind: Literal["text"] = "text"
    words = Words("文字", "Text")

    def check(self, answer: Any) -> str:
        text = str(answer).replace("\r\n", "\n").replace("\x00", "").strip()
        if not text or len(text) > LONGEST_TEXT:
            limit = Words(
                f"应为 1 到 {LONGEST_TEXT} 个字符", f"a text of 1 to {LONGEST_TEXT} characters"
            )
            raise AnswerInvalid(self.key, limit, text[:40])
        return text


Question = Annotated[
    Nps | Csat | Ces | Rating | Single | Multiple | Matrix | Text, Field(discriminator="kind")
]
KINDS: dict[str, type[_Question]] = {
    kind.model_fields["kind"].default: kind
    for kind in (Nps, Csat, Ces, Single, Multiple, Matrix, Rating, Text)
}
SCORED = ("nps", "csat", "ces", "rating")
"""Kinds whose answer is one number."""


def said(texts: Texts, language: str) -> str:
    """A text in a language, else in the first one that it has."""
    return texts.get(language) or next(iter(texts.values()), "")  # type: ignore[call-overload]
