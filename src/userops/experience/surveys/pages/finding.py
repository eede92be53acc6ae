"""The survey of an address, and what each of its pages shows above."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse

from userops.events.models import Product
from userops.experience.surveys.models import Survey
from userops.notices.telling import absolute


def find(product: Product, pk: int) -> Survey:
    rows = Survey.objects.select_related("product", "segment", "version", "owner")
    row = rows.filter(product=product, pk=pk).first()
    if row is None:
        raise Http404(pk)
    return row


def head(survey: Survey, tab: str) -> dict[str, Any]:
    """What the head of each page of a survey needs."""
    public = reverse("survey_public:open", args=[survey.key])
    return {
        "survey": survey,
        "tab": tab,
        "public": absolute(public),
        "newest": survey.versions.first(),
    }
