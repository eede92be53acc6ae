"""The form of what facts are computed from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from userops.audience.facts.actions import SPANS, Settings
from userops.audience.facts.models import FactState
from userops.events.fields import FIELDS
from userops.events.models import Product, PropertyDefinition
from userops.workspace.forms import HouseForm
from userops.workspace.language import reader_language

MOST = 500


class SettingsForm(HouseForm):
    value_property = forms.ChoiceField(label=_("Value property (amount, RFM)"))
    category_property = forms.ChoiceField(label=_("Category property"), required=False)
    lifecycle_days = forms.IntegerField(
        label=_("Days of a lifecycle period"), min_value=SPANS[0], max_value=SPANS[-1]
    )

    def __init__(self, *args: Any, product: Product, state: FactState, **kwargs: Any):
        kwargs["initial"] = {
            name: getattr(state, name)
            for name in ("value_property", "category_property", "lifecycle_days")
        }
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["value_property"].choices = properties(product, "number", state.value_property)
        fields["category_property"].choices = [
            ("", _("The catalogue’s best candidate")),
            *properties(product, "text", state.category_property),
        ]

    def wanted(self) -> Settings:
        return Settings(**self.cleaned_data)


def properties(product: Product, type_: str, kept: str) -> list[tuple[str, str]]:
    """Event properties of a type by their display names; `kept` is among them."""
    language = reader_language()
    first, second = (
        ("label_zh", "label_en") if language.startswith("zh") else ("label_en", "label_zh")
    )
    found = {field.name: field.words.text(language) for field in FIELDS if field.type == type_}
    rows = PropertyDefinition.objects.filter(product=product, of="event", type=type_, hidden=False)
    for name, one, other in rows.values_list("name", first, second)[:MOST]:
        found[name] = one or other or found.get(name, name)
    if kept:
        found.setdefault(kept, kept)
    return sorted(found.items(), key=lambda each: each[1].lower())
