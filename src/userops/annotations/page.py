"""The list of annotations, and how one is written, changed and deleted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from userops.annotations import actions
from userops.annotations.models import Annotation, Kind
from userops.errors import UserOpsError
from userops.events.models import Product
from userops.workspace.access import member, product_page
from userops.workspace.forms import HouseForm, said
from userops.workspace.roles import Permission

PAGE = 100


class AnnotationForm(HouseForm):
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Kind.choices)
    text = forms.CharField(label=gettext_lazy("What happened"), max_length=actions.LONGEST_TEXT)
    day = forms.CharField(label=gettext_lazy("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.CharField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    last_day = forms.CharField(
        label=gettext_lazy("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    last_time = forms.CharField(
        label=gettext_lazy("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    link = forms.CharField(
        label=gettext_lazy("Link"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        # it stands in pages of others, beside their fields
        super().__init__(*args, **{"auto_id": "annotation-%s", **kwargs})

    def written(self) -> dict[str, str]:
        """The fields as the actions take them. An end that names a time only is of the first day."""
        form = self.cleaned_data
        last_day = form["last_day"] or (form["day"] if form["last_time"] else "")
        return {
            "kind": form["kind"],
            "text": form["text"],
            "link": form["link"],
            "begins": _joined(form["day"], form["time"]),
            "ends": _joined(last_day, form["last_time"]),
        }


def _joined(day: str, time: str) -> str:
    return f"{day}T{time}" if day and time else day


@product_page(Permission.VIEW)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """All of a product, the newest first; `q` searches, `kind` filters."""
    rows = Annotation.objects.filter(product=product).select_related("owner")
    found = _found(rows, request)
    asked = request.GET.get("page", "")
    context = {
        "rows": Paginator(found, PAGE).get_page(asked if len(asked) < 8 else 1),
        "any": rows.exists(),
        "total": found.count(),
        "q": request.GET.get("q", ""),
        "kind": request.GET.get("kind", ""),
        "kinds": Kind.choices,
        "form": AnnotationForm(),
    }
    return render(request, "annotations/list.html", context)


def _found(rows: QuerySet[Annotation], request: HttpRequest) -> QuerySet[Annotation]:
    words = request.GET.get("q", "").replace("\x00", "").split()
    for word in words[:8]:
        rows = rows.filter(Q(text__icontains=word) | Q(link__icontains=word))
    kind = request.GET.get("kind", "")
    return rows.filter(kind=kind) if kind in Kind.values else rows


@require_POST
@product_page(Permission.ANALYSE)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    """From the list, or from an analysis: then back to it (`next`)."""
    form = AnnotationForm(request.POST)
    if form.is_valid():
        try:
            actions.create_annotation(product, **form.written(), acting_user=member(request))
            messages.success(request, _("The annotation stands on every time axis now."))
            return redirect(_back(request, product))
        except UserOpsError as wrong:
            form.refuse(wrong)
    context = {"form": form, "next": request.POST.get("next", "")}
    return render(request, "annotations/one.html", context)


def _back(request: HttpRequest, product: Product) -> str:
    following = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(following, {request.get_host()}):
        return following
    return reverse("annotations:list", args=[product.slug])


@product_page(Permission.VIEW)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """One annotation as a form, for those who may change it."""
    found = get_object_or_404(Annotation.objects.select_related("owner"), product=product, pk=pk)
    context = {"annotation": found, "form": AnnotationForm(initial=_initial(found))}
    return render(request, "annotations/one.html", context)


def _initial(found: Annotation) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "text": found.text,
        "link": found.link,
        "day": found.first.isoformat(),
        "time": found.first_time and f"{found.first_time:%H:%M}",
        "last_day": found.last and found.last.isoformat(),
        "last_time": found.last_time and f"{found.last_time:%H:%M}",
    }


@require_POST
@product_page(Permission.ANALYSE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = get_object_or_404(Annotation, product=product, pk=pk)
    form = AnnotationForm(request.POST)
    if form.is_valid():
        try:
            actions.change_annotation(found, **form.written(), acting_user=member(request))
            messages.success(request, _("Saved."))
            return redirect("annotations:list", product.slug)
        except UserOpsError as wrong:
            form.refuse(wrong)
    return render(request, "annotations/one.html", {"annotation": found, "form": form})


@require_POST
@product_page(Permission.ANALYSE)
def delete(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    found = get_object_or_404(Annotation, product=product, pk=pk)
    try:
        actions.delete_annotation(found, acting_user=member(request))
        messages.success(request, _("“%s” is deleted.") % found.text)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
    return redirect("annotations:list", product.slug)
