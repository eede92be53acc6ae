"""The web form, alone or in the widget's frame, and the thanks for it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from userops.errors import UserOpsError
from userops.feedback.channels.arriving import LONGEST, Submission, new_stamp, take_in
from userops.feedback.channels.models import Channel
from userops.feedback.channels.options import FormOptions
from userops.feedback.channels.public.policy import embedded, public_page, shown
from userops.feedback.channels.speakers import reachable
from userops.feedback.files.keeping import MOST_FILES, uploads_of
from userops.feedback.files.recognising import ACCEPTED
from userops.feedback.sorting.models import Category
from userops.feedback.tickets.models import Source, Ticket
from userops.workspace.forms import said

MOST_CATEGORIES = 30


class FeedbackForm(forms.Form):
    """What a user fills in. `website` is the trap: people do not see it."""

    text = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    category = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    contact = forms.CharField(max_length=200, required=False)
    website = forms.CharField(max_length=400, required=False)
    stamp = forms.CharField(max_length=400, required=False)
    user = forms.CharField(max_length=4_000, required=False)

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.options: FormOptions = channel.form
        found = categories_of(channel)
        category: Any = self.fields["category"]
        category.choices = [("", _("Not sure")), *found]
        self.asks_category = bool(found)
        self.fields["text"].error_messages["required"] = _("Please say what happened.")

    def clean_contact(self) -> str:
        contact = str(self.cleaned_data["contact"])
        if self.options.contact == "none":
            return ""
        if self.options.contact == "required" and not reachable(contact):
            raise forms.ValidationError(
                gettext_lazy("An e-mail address or phone number, so that we can answer you.")
            )
        return contact


def categories_of(channel: Channel) -> list[tuple[int, str]]:
    """Branches at the root of the tree: what a user can tell."""
    if not channel.form.categories:
        return []
    rows = Category.objects.filter(product=channel.product, parent=None, active=True)
    return list(rows.values_list("pk", "name")[:MOST_CATEGORIES])


@public_page
def form(request: HttpRequest, channel: Channel) -> HttpResponse:
    """GET: the form. POST: the word comes in; a script gets JSON, anybody else the next page."""
    filled = FeedbackForm(request.POST or None, channel=channel)
    scripted = request.headers.get("X-Requested-With") == "fetch"
    if request.method == "POST" and filled.is_valid():
        try:
            ticket = _taken(request, channel, filled.cleaned_data)
        except UserOpsError as wrong:
            field = "files" if wrong.code.startswith(("file", "image", "too_many_files")) else None
            return _refused(request, channel, filled, field, said(wrong), wrong.status)
        following = _thanks_address(request, channel, ticket)
        return JsonResponse({"next": following}) if scripted else redirect(following)
    if request.method == "POST" and scripted:
        return JsonResponse({"errors": {k: v[0] for k, v in filled.errors.items()}}, status=400)
    return _form_page(request, channel, filled, 400 if request.method == "POST" else 200)


def _taken(request: HttpRequest, channel: Channel, given: dict[str, Any]) -> Ticket:
    sent = Submission(
        text=given["text"],
        contact=given["contact"],
        category=given["category"],
        trap=given["website"],
        stamp=given["stamp"],
        said=given["user"],
        language=get_language() or "",
        source=Source.WIDGET if embedded(request) else Source.FORM,
        address=request.META.get("REMOTE_ADDR", ""),
    )
    return take_in(channel, sent, uploads_of(request))


def _refused(
    request: HttpRequest, channel: Channel, filled: FeedbackForm, field: str | None, words: str, status: int
) -> HttpResponse:  # fmt: skip
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse({"errors": {field or "all": words}}, status=status)
    return _form_page(request, channel, filled, status, {f"{field or 'all'}_error": words})


def _form_page(
    request: HttpRequest,
    channel: Channel,
    filled: FeedbackForm,
    status: int,
    more: dict[str, str] | None = None,
) -> HttpResponse:
    language = get_language() or "zh-hans"
    context = {
        "channel": channel,
        "options": channel.form,
        "title": channel.form.title(language) or _("Tell us"),
        "intro": channel.form.intro(language),
        "form": filled,
        "stamp": filled.data.get("stamp") or new_stamp(channel),
        "longest": LONGEST,
        "most_files": MOST_FILES,
        "accepted": ACCEPTED,
        **(more or {}),
    }
    return shown(request, "feedback/channels/public/form.html", context, status)


def _thanks_address(request: HttpRequest, channel: Channel, ticket: Ticket) -> str:
    address = reverse("feedback_public:thanks", args=[channel.key, ticket.secret])
    query = request.GET.urlencode()
    return f"{address}?{query}" if query else address


@public_page
def thanks(request: HttpRequest, channel: Channel, secret: str) -> HttpResponse:
    """It arrived; where the user sees how it goes on."""
    ticket = Ticket.objects.filter(product=channel.product, secret=secret).first()
    if ticket is None:
        raise Http404(secret)
    context = {"channel": channel, "ticket": ticket, "title": _("Thank you")}
    return shown(request, "feedback/channels/public/thanks.html", context)
