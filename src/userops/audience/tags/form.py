"""The form of a tag: what it asks for depends on the kind."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from userops.audience.facts.definitions import FACTS
from userops.audience.person.labels import Labels
from userops.audience.tags.defining import LONGEST_NAME, YES, Wanted
from userops.audience.tags.models import Kind, Tag
from userops.audience.tags.selecting import segment_choices, segment_key, segment_rule
from userops.events.models import Product, PropertyDefinition
from userops.workspace.forms import HouseForm
from userops.workspace.language import reader_language

RULES = 8
"""Rules that a form has room for; documents take more."""
_TEXTAREA = forms.Textarea(attrs={"rows": 4})


class TagForm(HouseForm):
    """The fields of all kinds; those of another kind are left out."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    description = forms.CharField(label=_("What it means"), max_length=500, required=False)
    values = forms.CharField(
        label=_("Values, one per line"),
        required=False,
        widget=_TEXTAREA,
        help_text=_("Empty: the tag is on or off."),
    )
    personal = forms.BooleanField(
        label=_("Personal data: its values say who somebody is"),
        required=False,
        help_text=_("Roles that may not see single users then see none of its values."),
    )
    figure = forms.ChoiceField(label=_("Figure"), required=False)
    by = forms.ChoiceField(
        label=_("Divided by"),
        choices=(
            ("quantiles", pgettext_lazy("tag", "equal parts of people")),
            ("cuts", pgettext_lazy("tag", "cut points")),
        ),
        initial="quantiles",
        required=False,
        widget=forms.RadioSelect,
    )
    quantiles = forms.IntegerField(
        label=_("Parts"), min_value=2, max_value=20, initial=4, required=False
    )
    document = forms.CharField(
        label=_("Or the rules as a document (JSON)"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Where it is filled, it counts instead of the rows above."),
    )
    cuts = forms.CharField(
        label=_("Cut points, rising"),
        required=False,
        help_text=_("Such as 100, 500, 2000; a figure on a cut point stands above it."),
    )

    def __init__(
        self,
        *args: Any,
        product: Product,
        kind: str,
        tag: Tag | None = None,
        decides: bool = True,
        **more: Any,
    ):
        """`decides`: whether the reader may say that its values are personal data."""
        more["initial"] = initial_of(tag) if tag else {}
        super().__init__(*args, **more)
        self.kind = Kind(kind)
        unwanted = {
            Kind.MANUAL: ("figure", "by", "quantiles", "cuts", "document"),
            Kind.IMPORTED: ("figure", "by", "quantiles", "cuts", "document"),
            Kind.RULE: ("figure", "by", "quantiles", "cuts", "values"),
            Kind.COMPUTED: ("document",),
        }[self.kind]
        for field in unwanted:
            del self.fields[field]
        fields: dict[str, Any] = self.fields
        fields["personal"].disabled = not decides
        if tag is not None:
            fields["name"].disabled = True
        if self.kind == Kind.COMPUTED:
            fields["figure"].choices = figure_choices(product)
            fields["values"].help_text = _("Lowest first. Empty: named by their bounds.")
        if self.kind == Kind.RULE:
            self._add_rules(product, len(tag.definition["rules"]) if tag else 0)

    def _add_rules(self, product: Product, given: int) -> None:
        language = reader_language()
        saved = [(key, words.text(language)) for key, words in segment_choices(product)]
        choices = [("", "—"), *saved]
        for number in range(max(RULES, given + 1)):
            value = forms.CharField(label=_("Value"), required=False, max_length=60)
            value.widget.attrs |= {"class": "form-control", "aria-label": _("Value")}
            segment = forms.ChoiceField(label=_("Segment"), choices=choices, required=False)
            segment.widget.attrs |= {"class": "form-select", "aria-label": _("Segment")}
            self.fields[f"value_{number}"], self.fields[f"segment_{number}"] = value, segment

    @property
    def rules(self) -> list[tuple[int, Any, Any]]:
        """Number, value and segment of each row."""
        count = sum(name.startswith("segment_") for name in self.fields)
        return [
            (number + 1, self[f"value_{number}"], self[f"segment_{number}"])
            for number in range(count)
        ]

    def clean_cuts(self) -> list[float]:
        texts = self.cleaned_data["cuts"].replace("，", ",").replace("、", ",").split(",")
        try:
            return [float(text) for text in texts if text.strip()]
        except ValueError:
            raise forms.ValidationError(_now("Write numbers with commas between them.")) from None

    def clean_document(self) -> Any:
        try:
            return json.loads(self.cleaned_data["document"] or "null")
        except ValueError as wrong:
            raise forms.ValidationError(
                _now("This is not JSON: %(wrong)s"), params={"wrong": wrong}
            ) from None

    def wanted(self) -> Wanted:
        """The fields as the actions take them."""
        given = self.cleaned_data
        # of a new tag that is not ticked its name judges
        unsaid = not given["personal"] and not self.fields["name"].disabled
        return Wanted(
            personal=None if unsaid else given["personal"],
            name=given["name"],
            kind=self.kind.value,
            description=given["description"],
            values=tuple(given.get("values", "").splitlines()),
            definition=self._definition(),
        )

    def _definition(self) -> dict[str, Any]:
        given = self.cleaned_data
        if self.kind == Kind.COMPUTED:
            by_cuts = given["by"] == "cuts"
            found = {"property": given["figure"], "by": given["by"] or "quantiles"}
            return found | (
                {"cuts": given["cuts"]} if by_cuts else {"quantiles": given["quantiles"] or 4}
            )
        if self.kind == Kind.RULE:
            if given["document"] is not None:
                return {"rules": given["document"]}
            rows = [
                (given[f"value_{number - 1}"], given[f"segment_{number - 1}"])
                for number, _value, _segment in self.rules
            ]
            return {
                "rules": [
                    {"value": value or YES, "segment": segment_rule(segment)}
                    for value, segment in rows
                    if segment
                ]
            }
        return {}


def initial_of(tag: Tag) -> dict[str, Any]:
    """A tag as its form shows it."""
    found = {
        "name": tag.name,
        "description": tag.description,
        "values": "\n".join(tag.values),
        "personal": tag.is_personal,
    }
    if tag.kind == Kind.COMPUTED:
        found |= {**tag.definition, "figure": tag.definition["property"]}
        found["cuts"] = ", ".join(f"{cut:g}" for cut in tag.definition["cuts"])
    rules = tag.definition.get("rules", [])
    if any(not segment_key(rule["segment"]) for rule in rules):
        # what rows cannot show is shown as it is
        found["document"] = json.dumps(rules, ensure_ascii=False, indent=2)
        return found
    for number, rule in enumerate(rules):
        found[f"value_{number}"] = "" if rule["value"] == YES else rule["value"]
        found[f"segment_{number}"] = segment_key(rule["segment"])
    return found


def figure_choices(product: Product) -> list[tuple[str, str]]:
    """Computed facts and user properties that are numbers, by display names."""
    labels = Labels(product)
    facts = [
        (fact.name, fact.words.text(labels.language)) for fact in FACTS if fact.type == "number"
    ]
    rows = PropertyDefinition.objects.filter(
        product=product, of="user", type="number", hidden=False
    )
    names = rows.order_by("name").values_list("name", flat=True)[:500]
    return facts + [(name, labels.user_property(name)) for name in names]
