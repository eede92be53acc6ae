"""What the forms of this slice share: controls in the house's look, errors of actions beside them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language

from userops.errors import UserOpsError

_CLASSES: dict[type[forms.Widget], str] = {
    forms.Select: "form-select",
    forms.CheckboxInput: "form-check-input",
    forms.CheckboxSelectMultiple: "form-check-input",
    forms.RadioSelect: "form-check-input",
}


class HouseForm(forms.Form):
    """A form whose controls carry our classes. `refuse` shows what an action said."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _CLASSES.get(type(field.widget), "form-control"))

    def refuse(self, wrong: UserOpsError, field: str | None = None) -> None:
        """Show an action's error beside a field, or above the form."""
        self.add_error(field, said(wrong))


def said(wrong: UserOpsError) -> str:
    """An error and what to do, in the reader's language."""
    language = get_language() or "zh-hans"
    hint = wrong.hint.text(language) if wrong.hint else ""
    gap = "" if language.startswith("zh") else " "
    return f"{wrong.words.text(language)}{gap if hint else ''}{hint}"
