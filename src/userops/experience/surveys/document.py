"""A survey's questions as one frozen document: validated once, kept as a version, walked by answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError, model_validator

from userops.errors import DocumentError
from userops.experience.surveys.questions import END, Branch, Language, Part, Question, Texts
from userops.words import Words

Answers = Mapping[str, Any]
"""Question key → the answer as its question keeps it. What was skipped is not there."""


class Document(Part):
    """What is asked. `languages`: the first is the one to fall back to."""

    languages: tuple[Language, ...] = Field(("zh-hans",), min_length=1)
    questions: tuple[Question, ...] = Field(min_length=1, max_length=60)
    intro: Texts = {}
    thanks: Texts = {}

    @model_validator(mode="after")
    def _fits_together(self) -> Document:
        keys = [question.key for question in self.questions]
        if len(set(keys)) < len(keys):
            raise ValueError("questions share a key")
        for place, question in enumerate(self.questions):
            later = {*keys[place + 1 :], END}
            wrong = [branch.to for branch in question.branches if branch.to not in later]
            if wrong:
                raise ValueError(f"{question.key} leads to {wrong[0]!r}, which does not come later")
            for texts in _texts(question):
                _in_each_language(question.key, texts, self.languages)
        return self

    def __getitem__(self, key: str) -> Question:
        return next(question for question in self.questions if question.key == key)

    def get(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)

    def next_of(self, key: str, answers: Answers) -> str:
        """The question after this one, by its branches; `END` after the last."""
        question = self[key]
        for branch in question.branches:
            if _fits(question, branch, answers.get(key)):
                return branch.to
        keys = [each.key for each in self.questions]
        place = keys.index(key) + 1
        return keys[place] if place < len(keys) else END

    def path(self, answers: Answers, until: str = END) -> list[str]:
        """The questions that these answers lead through, up to `until` if they meet it."""
        found: list[str] = []
        at = self.questions[0].key
        while at != END:
            found.append(at)
            if at == until:
                break
            at = self.next_of(at, answers)
        return found

    def kept(self, answers: Answers) -> dict[str, Any]:
        """The answers to questions that were asked: what was left by another branch counts no more."""
        return {key: answers[key] for key in self.path(answers) if key in answers}


def _fits(question: Any, branch: Branch, answer: Any) -> bool:
    if branch.when == "skipped" or answer is None:
        return branch.when == "skipped" and answer is None
    if branch.when in ("is", "is_not"):
        return bool(question.matches(answer, branch.value)) == (branch.when == "is")
    number = question.number(answer)
    limit = int(branch.value) if str(branch.value).lstrip("-").isdecimal() else None
    if number is None or limit is None:
        return False
    return bool(number >= limit) if branch.when == "at_least" else bool(number <= limit)


def _texts(question: Any) -> list[Texts]:
    options = getattr(question, "options", ()) or getattr(question, "rows", ())
    return [question.title, *(option.text for option in options)]


def _in_each_language(key: str, texts: Texts, languages: tuple[Language, ...]) -> None:
    missing = [each for each in languages if not (texts.get(each) or "").strip()]
    if missing:
        raise ValueError(f"{key} has a text that is missing in {missing[0]}")


def parse(given: Mapping[str, Any]) -> Document:
    """A document from JSON. Raises `DocumentError` that names the place."""
    try:
        return Document.model_validate(given)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        said = first["msg"].removeprefix("Value error, ")
        raise DocumentError(
            Words(
                f"问卷有误{f'（{place}）' if place else ''}：{said}",
                f"The survey is wrong{f' at {place}' if place else ''}: {said}",
            ),
            code="survey_invalid",
            place=place,
        ) from None
