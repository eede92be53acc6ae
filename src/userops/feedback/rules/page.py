"""Pages of rules: the list, the builder, one rule with its dry runs, the log."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from userops.errors import Refused, UserOpsError
from userops.events.models import Product
from userops.feedback.rules import actions, builder
from userops.feedback.rules.document import read
from userops.feedback.rules.models import DryRun, Rule, RuleFiring
from userops.feedback.rules.options import Options
from userops.feedback.rules.reading import Counts, counts_of, log_of
from userops.feedback.rules.sentences import sentence
from userops.feedback.rules.showing import firing_shown, run_shown
from userops.feedback.rules.standard import READY
from userops.feedback.rules.vocabulary import CAUSES, DEEDS
from userops.workspace.access import member, product_page
from userops.workspace.acting import carried_out
from userops.workspace.forms import said
from userops.workspace.roles import Permission

HANDLE, MANAGE = Permission.HANDLE_TICKETS, Permission.MANAGE_DESK
DAYS = 30
ON_A_PAGE = 50
EMPTY: dict[str, Any] = {"when": {"cause": "opened"}, "if": {"all": [], "any": []}, "then": []}


@product_page(HANDLE)
def listing(request: HttpRequest, product: Product) -> HttpResponse:
    """In their order, each in one sentence, with what it did lately."""
    options, counts = Options(product), counts_of(product)
    rows = [
        (rule, sentence(read(rule.document), options), counts.get(rule.pk, Counts()))
        for rule in Rule.objects.filter(product=product)
    ]
    return render(request, "feedback/rules/list.html", {"rows": rows, "ready": READY.items()})


@product_page(MANAGE)
def create(request: HttpRequest, product: Product) -> HttpResponse:
    """The builder, empty or with a ready-made rule."""
    ready = READY.get(request.GET.get("ready", ""))
    language = get_language() or "zh-hans"
    if request.method == "POST" or ready is None:
        return _build(request, product, None, "", EMPTY)
    return _build(request, product, None, ready.name.text(language), ready.document(product))


@product_page(MANAGE)
def edit(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """The builder of one rule."""
    rule = get_object_or_404(Rule, product=product, pk=pk)
    return _build(request, product, rule, rule.name, rule.document)


def _build(
    request: HttpRequest, product: Product, rule: Rule | None, name: str, document: dict[str, Any]
) -> HttpResponse:
    """Buttons of the form answer the form as it is then; saving goes on to the rule's page."""
    template, act = "feedback/rules/edit.html", request.POST.get("act", "")
    if request.method == "POST":
        name, document = request.POST.get("name", ""), builder.typed(request.POST)
        if not act:
            saved = _saved(request, product, rule, name, document)
            if saved is not None:
                return redirect("rules:one", product.slug, saved.pk)
        document = builder.acted(document, act, request.POST)
        if request.headers.get("HX-Request"):
            template += "#told" if act == "preview" else "#fields"
    return render(request, template, _drawn(product, rule, name, document))


def _saved(
    request: HttpRequest, product: Product, rule: Rule | None, name: str, document: dict[str, Any]
) -> Rule | None:
    user = member(request)
    try:
        if rule is None:
            return actions.create_rule(product, name, document, acting_user=user)
        return actions.change_rule(rule, name, document, acting_user=user)
    except UserOpsError as wrong:
        messages.error(request, said(wrong))
        return None


def _drawn(
    product: Product, rule: Rule | None, name: str, document: dict[str, Any]
) -> dict[str, Any]:
    options, cause = Options(product), document["when"].get("cause", "opened")
    when = document["when"]
    groups = [(each, builder.condition_rows(document, each, options)) for each in builder.GROUPS]
    try:
        told, lacking = sentence(read(document), options), None
    except Refused as wrong:
        told, lacking = None, builder.lacking(document) or wrong.words
    return {
        "rule": rule, "name": name, "when": when, "groups": groups, "told": told,
        "lacking": lacking, "deeds": builder.deed_rows(document, options),
        "causes": [(key, each.words) for key, each in CAUSES.items()],
        "timed": cause in CAUSES and CAUSES[cause].timed, "fields": builder.addable(cause),
        "kinds": [(key, each.words) for key, each in DEEDS.items()],
        "calendars": builder.boxes(options.of("hours"), [when.get("calendar")]),
        "after_rules": document.get("after_rules", False),
    }  # fmt: skip


@product_page(HANDLE)
def one(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """A rule in words, tried on the past, and what it did."""
    rule = get_object_or_404(Rule.objects.select_related("product"), product=product, pk=pk)
    options, run = Options(product), DryRun.objects.filter(rule=rule).first()
    today = datetime.now(ZoneInfo(product.timezone)).date()
    context = {
        "rule": rule,
        "told": sentence(read(rule.document), options),
        "run": run and run_shown(run, options),
        "days": (today - timedelta(days=DAYS - 1), today),
        "counts": counts_of(product).get(rule.pk, Counts()),
        "firings": [firing_shown(each, options) for each in log_of(product, rule=rule.pk)[:20]],
    }
    template = "feedback/rules/one.html"
    template += "#run" if request.headers.get("HX-Request") else ""
    return render(request, template, context)


@require_POST
@product_page(MANAGE)
def change(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """`do`: up, down, on, off, delete."""
    rule = get_object_or_404(Rule.objects.select_related("product"), product=product, pk=pk)
    user, do = member(request), request.POST.get("do", "")
    acts = {
        "up": lambda: actions.move_rule(rule, up=True, acting_user=user),
        "down": lambda: actions.move_rule(rule, up=False, acting_user=user),
        "on": lambda: actions.switch_rule(rule, active=True, acting_user=user),
        "off": lambda: actions.switch_rule(rule, active=False, acting_user=user),
        "delete": lambda: actions.delete_rule(rule, acting_user=user),
    }
    if do in acts:
        done = {
            "delete": _("“%s” is deleted.") % rule.name,
            "on": _("The rule is on: it holds from now on."),
        }
        carried_out(request, acts[do], done.get(do, ""))
    if do in ("on", "off") and request.POST.get("back") == "one":
        return redirect("rules:one", product.slug, pk)
    return redirect("rules:list", product.slug)


@require_POST
@product_page(MANAGE)
def dry_run(request: HttpRequest, product: Product, pk: int) -> HttpResponse:
    """Try it over the chosen days, or cancel what runs."""
    rule = get_object_or_404(Rule.objects.select_related("product"), product=product, pk=pk)
    user, run = member(request), DryRun.objects.filter(rule=rule).first()
    if request.POST.get("do") == "cancel" and run is not None:
        carried_out(request, lambda: actions.cancel_dry_run(run, acting_user=user))
        return redirect("rules:one", product.slug, pk)
    days = [parse_date(request.POST.get(name, "")) for name in ("from", "to")]
    first, until = days
    if first is None or until is None:
        messages.error(request, _("Give both days."))
    else:
        carried_out(request, lambda: actions.start_dry_run(rule, first, until, acting_user=user))
    return redirect("rules:one", product.slug, pk)


@product_page(HANDLE)
def log(request: HttpRequest, product: Product) -> HttpResponse:
    """What fired, the newest first."""
    given = request.GET
    filters = {name: _key(given.get(name, "")) for name in ("rule", "ticket")}
    state = given.get("state", "")
    state = state if state in RuleFiring.State.values else ""
    rows = log_of(product, **filters, state=state)
    page = Paginator(rows, ON_A_PAGE).get_page(given.get("page"))
    options = Options(product)
    context = {
        "page": page,
        "firings": [firing_shown(each, options) for each in page],
        "rules": Rule.objects.filter(product=product),
        "states": RuleFiring.State.choices,
        "chosen": {**filters, "state": state},
    }
    return render(request, "feedback/rules/log.html", context)


def _key(text: str) -> int | None:
    digits = text.strip().lstrip("#")
    return int(digits) if digits.isdecimal() and len(digits) < 16 else None
