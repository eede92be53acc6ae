"""The address `/clickhouse/`: read the call, find who and which product, ask, answer."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from userops.api.auth import Caller, caller_of
from userops.api.clickhouse.answer import refusal, reply
from userops.api.clickhouse.call import FORMATS, Call, read_call
from userops.api.clickhouse.statements import killed, translated
from userops.errors import NotAllowed, UserOpsError
from userops.events import store
from userops.events.engine import Limits
from userops.events.models import Product
from userops.sql.asking import CLIENTS, Ask, cancel
from userops.sql.tables import LOWERED_SETTINGS, NOWHERE, database_of
from userops.words import Words
from userops.workspace.access import check, permissions_in, products_of, unknown_product
from userops.workspace.log import note
from userops.workspace.models import Scope
from userops.workspace.roles import Permission


@csrf_exempt
def clickhouse(request: HttpRequest) -> HttpResponseBase:
    """Any call of a ClickHouse client."""
    with translation.override("en"):
        try:
            call = read_call(request)
            if not call.text.strip():
                return HttpResponse("Ok.\n", content_type="text/plain; charset=UTF-8")
            return _answered(call, _who(request, call))
        except UserOpsError as wrong:
            return refusal(wrong)


def ping(request: HttpRequest) -> HttpResponse:
    """Whether there is anybody: the same for all."""
    return HttpResponse("Ok.\n", content_type="text/plain; charset=UTF-8")


def _who(request: HttpRequest, call: Call) -> Caller:
    found = caller_of(request, call.password) if call.password else None
    if found is None:
        missing = not call.password
        raise NotAllowed(
            Words("需要 API 令牌作为密码。", "The password must be an API token."),
            code="token_missing" if missing else "token_unknown",
            hint=Words("在“API 令牌”页新建。", "Make one on the page “API tokens”."),
            engine_code=194 if missing else 516,
            engine_name="REQUIRED_PASSWORD" if missing else "AUTHENTICATION_FAILED",
        )
    if Scope.PEOPLE not in found.scopes:
        raise NotAllowed(
            Words("该令牌缺少权限范围 people。", "This token lacks the scope people."),
            code="scope_missing",
        )
    return found


def _answered(call: Call, who: Caller) -> HttpResponseBase:
    engine = store.current().engine
    if (query_id := killed(call.text)) is not None:
        cancel(_engine_id(who, query_id), engine)
        return HttpResponse("", content_type="text/plain; charset=UTF-8")
    ours = translated(call.text)
    product = _product(call, who, ours.database if ours else "")
    facts = NOWHERE if product is None else store.current().facts(product.slug)
    ask = Ask(
        ours.text if ours else call.text,
        {**call.values, **(ours.values if ours else {})},
        call.format,
        query_id=_engine_id(who, call.query_id) if call.query_id else None,
        settings=_within(call, engine.limits),
        formats=FORMATS,
        lane=CLIENTS,
        asker=str(who.user.pk),
    )
    if product is not None:
        _note(who, product)
    return reply(ask, facts, engine, call.encoding)


def _engine_id(who: Caller, query_id: str) -> str:
    # nobody can cancel what somebody else has asked
    return f"clickhouse-{who.user.pk}:{query_id}"


def _product(call: Call, who: Caller, named: str) -> Product | None:
    """The product that the client names as database, or as user; else the only one; else none."""
    seen = {each.slug: each for each in products_of(who.user)}
    engine = store.current().engine
    for slug, product in list(seen.items()):
        seen[database_of(engine, slug)] = product
    wanted = named or call.database
    if wanted and wanted != "default":
        if wanted not in seen:
            raise unknown_product()
        check(who.user, seen[wanted], Permission.EXPORT_PEOPLE)
        return seen[wanted]
    allowed = [
        each
        for each in products_of(who.user)
        if Permission.EXPORT_PEOPLE in permissions_in(who.user, each)
    ]
    if not allowed:
        raise NotAllowed(Words("你的角色没有这个权限。", "Your role does not permit this."))
    by_name = [each for each in allowed if each.slug == call.user]
    return by_name[0] if by_name else allowed[0] if len(allowed) == 1 else None


def _within(call: Call, limits: Limits) -> dict[str, object]:
    """The client's settings, its limits never above ours."""
    ours = {
        "max_execution_time": limits.seconds,
        "max_result_rows": limits.result_rows,
        "max_result_bytes": limits.result_mb * 2**20,
    }
    settings: dict[str, object] = dict(call.settings)
    for name in LOWERED_SETTINGS:
        if name in settings and not 0 < int(str(settings[name])) <= ours[name]:
            settings[name] = ours[name]
    return settings


def _note(who: Caller, product: Product) -> None:
    """One row in the audit log for each person, product and day."""
    today = datetime.now(UTC).date().isoformat()
    if cache.add(f"clickhouse-{who.user.pk}-{product.pk}-{today}", 1, 24 * 3600):
        note(who.user, "sql.connected", product=product, target=product.slug)


clickhouse_urls = (
    path("clickhouse/ping", ping, name="clickhouse_ping"),
    path("clickhouse/", clickhouse, name="clickhouse"),
    path("clickhouse", clickhouse, name="clickhouse_bare"),
)
"""To be put at the root of the site."""
