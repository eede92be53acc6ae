"""A survey's questions as one frozen document: validated once, kept as a version, walked by answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, ValidationError, ValidationInfo, model_validator

from userops.errors import DocumentError
from userops.experience.surveys.questions import (
    END,
    LANGUAGE_NAMES,
    Branch,
    Language,
    Part,
    Question,
    Texts,
    Unfit,
)
from userops.query.problems import expectation, problem
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
    def _fits_together(self, info: ValidationInfo) -> Document:
        keys = [question.key for question in self.questions]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice:
            raise Unfit(
                Words(f"两道题目的键都是 {twice}", f"two questions have the key {twice}"), twice
            )
        for place, question in enumerate(self.questions):
            for branch in question.branches:
                _leads_on(place, question, branch, {*keys[place + 1 :], END})
                if info.context:  # it is new
                    _can_be_taken(place, question, branch)
            _in_each_language(place, question, self.languages)
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


def _leads_on(place: int, question: Any, branch: Branch, later: set[str]) -> None:
    """Raises `Unfit` for a branch that leads back."""
    if branch.to not in later:
        raise Unfit(
            Words(
                f"第 {place + 1} 题跳到 {branch.to}，它不在这道题之后",
                f"question {place + 1} leads to {branch.to}, which does not come later",
            ),
            question.key,
        )


def _can_be_taken(place: int, question: Any, branch: Branch) -> None:
    """Raises `Unfit` for a branch that no answer can ever take."""
    compared = branch.when in ("at_least", "at_most")
    # only a scale has an order
    good = question.can_be(branch.value) and (not compared or hasattr(question, "values"))
    if branch.when != "skipped" and not good:
        raise Unfit(
            Words(
                f"第 {place + 1} 题的跳题条件“{branch.value}”不是这道题可能的回答",
                f"question {place + 1} branches at “{branch.value}”, which no answer can be",
            ),
            question.key,
        )


def _in_each_language(place: int, question: Any, languages: tuple[Language, ...]) -> None:
    """Raises `Unfit` where a title, an option or a row is missing in one."""
    parts = getattr(question, "options", ()) or getattr(question, "rows", ())
    texts = [(Words("标题", "title"), question.title)]
    texts += [(Words(f"选项 {n} ", f"option {n}"), part.text) for n, part in enumerate(parts, 1)]
    for what, text in texts:
        missing = next((each for each in languages if not (text.get(each) or "").strip()), None)
        if missing:
            name = LANGUAGE_NAMES[missing]
            raise Unfit(
                Words(
                    f"第 {place + 1} 题的{what.zh}缺少 {name} 文字",
                    f"the {what.en} of question {place + 1} is missing in {name}",
                ),
                question.key,
            )


def parse(given: Mapping[str, Any]) -> Document:
    """A document from JSON. Raises `DocumentError` that names the place."""
    return _validated(given, new=False)


def parse_new(given: Mapping[str, Any]) -> Document:
    """One that somebody hands in, which must hold more than one that was taken before had to."""
    return _validated(given, new=True)


def _validated(given: Mapping[str, Any], *, new: bool) -> Document:
    try:
        return Document.model_validate(given, context=new)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        place = ".".join(str(each) for each in first["loc"])
        unfit = first.get("ctx", {}).get("error")
        if isinstance(unfit, Unfit):
            said, place = unfit.words, unfit.question
        else:
            told = expectation(problem(first["loc"], first))
            said = Words(f"{place}：{told.zh}", f"{place}: {told.en}")
        raise DocumentError(
            Words(f"问卷有误：{said.zh}。", f"The survey is wrong: {said.en}."),
            code="survey_invalid",
            hint=Words(
                "问卷格式见 docs/reference/surveys.md。",
                "See docs/reference/surveys.md for the form.",
            ),
            place=place,
        ) from None
