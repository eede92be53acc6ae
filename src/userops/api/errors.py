"""Every error of the API as the one body of `userops.errors`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any, Self

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import get_language
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, Throttled, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema
from ninja.schema import NinjaGenerateJsonSchema

from userops.errors import UserOpsError
from userops.query.problems import OURS, problem, problem_words
from userops.words import Words

log = logging.getLogger("userops.api")

_HTTP: dict[int, tuple[str, Words]] = {
    400: ("json_invalid", Words("请求内容不是合法的 JSON。", "The body is not valid JSON.")),
    401: (
        "not_authenticated",
        Words("缺少有效的令牌或登录会话。", "A valid token or a logged-in session is missing."),
    ),
    403: ("csrf_failed", Words("缺少 CSRF 令牌。", "The CSRF token is missing.")),
    404: ("not_found", Words("没有这个地址或对象。", "There is nothing at this address.")),
    429: ("too_many_requests", Words("请求过于频繁，请稍后再试。", "Too many requests: wait.")),
}
_HINTS: dict[int, Words] = {
    404: Words(
        "请核对地址和其中的编号：去掉编号的同一地址列出现有的对象，所有地址见 /api/docs。",
        "Check the address and the key in it: without the key it lists what there is; /api/docs has all addresses.",
    ),
    401: Words(
        "在“API 令牌”页新建令牌，并以 Authorization: Bearer uo_… 发送。",
        "Make one on the page “API tokens” and send it as Authorization: Bearer uo_….",
    ),
}


class ErrorDetails(Schema):
    code: str
    message: str
    message_zh: str
    message_en: str
    retry: bool
    hint: str | None = None
    hint_zh: str | None = None
    hint_en: str | None = None
    data: dict[str, Any] | None = None


ERRORS = (400, 401, 403, 404, 422, 429)


class ErrorBody(Schema):
    """The one body of all errors."""

    error: ErrorDetails


_IN = {
    "body": Words("请求内容", "The body"),
    "query": Words("查询参数", "The query"),
    "path": Words("地址", "The address"),
    "form": Words("表单", "The form"),
    "file": Words("文件", "The file"),
}


_OURS = OURS | {
    "parameter_unknown": Words("没有这个参数", "there is no such parameter"),
    "parameter_twice": Words("只能给一次", "it is given once"),
    "nothing_given": Words("请至少给出一项：{fields}", "give at least one of {fields}"),
}


class Api(NinjaAPI):
    """What is wrong with a request is told as what is wrong with a document is. Its description says of each
    operation with which errors it may answer: they are put there once instead of being declared with each operation,
    which made a thousand classes at every start."""

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext]
    ) -> ValidationError:
        return ValidationError(
            [
                _told(context.model, each)
                for context in error_contexts
                for each in context.pydantic_validation_error.errors(include_url=False)
            ]
        )

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)
        refer = "#/components/schemas/{model}"
        body = ErrorBody.model_json_schema(
            ref_template=refer, schema_generator=NinjaGenerateJsonSchema
        )
        schema["components"]["schemas"] |= {**body.pop("$defs"), "ErrorBody": body}
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                if "security" in operation:
                    operation["responses"] |= {
                        status: {"description": HTTPStatus(status).phrase, "content": content}
                        for status in ERRORS
                    }
        return schema


class RequestProblem(UserOpsError):  # noqa: N818
    code = "request_invalid"
    status = 422


def respond(wrong: UserOpsError, status: int | None = None) -> HttpResponse:
    body = wrong.body(get_language() or "en")
    return JsonResponse(body, status=status or wrong.status, json_dumps_params={"default": str})


def install(api: NinjaAPI) -> None:
    """Make `api` answer all errors so."""
    api.exception_handler(UserOpsError)(_ours)
    api.exception_handler(ValidationError)(_invalid)
    api.exception_handler(HttpError)(_http)
    api.exception_handler(Http404)(lambda request, _: _http(request, HttpError(404, "")))
    api.exception_handler(PermissionDenied)(_denied)
    for unfit in (UnicodeEncodeError, OverflowError):
        api.exception_handler(unfit)(_unfit)
    api.exception_handler(Exception)(_failed)


def only_what_there_is(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuses parameters and fields of forms that the operation of `view` does not know, and single ones that are
    given twice: a slip of the pen would otherwise answer something else than was asked, and say so to nobody."""
    models = view._ninja_operation.models  # type: ignore[attr-defined]
    query, form = (_Names.of(models, source) for source in ("query", "form"))

    @wraps(view)
    def asked(request: HttpRequest, **values: Any) -> Any:
        unfit = [*query.unfit(request.GET), *form.unfit(request.POST)]
        if unfit:
            raise _problem(unfit)
        return view(request, **values)

    return asked


@dataclass(frozen=True, slots=True)
class _Names:
    """What an operation takes from one `source`; of `several` more than one value each."""

    source: str
    known: frozenset[str]
    several: frozenset[str]

    @classmethod
    def of(cls, models: Iterable[Any], source: str) -> Self:
        mine = [each for each in models if each.__ninja_param_source__ == source]
        known = (name for each in mine for name in each.__ninja_flatten_map__)
        several = (name for each in mine for name in each.__ninja_collection_fields__)
        return cls(source, frozenset(known), frozenset(several))

    def unfit(self, given: QueryDict) -> Iterator[dict[str, Any]]:
        for name, said in given.lists():
            if name not in self.known:
                error: Any = {"type": "parameter_unknown", "input": said[0]}
            elif len(said) > 1 and name not in self.several:
                error = {"type": "parameter_twice", "input": said}
            else:
                continue
            yield {"in": self.source, **problem((name,), error, _OURS)}


def _ours(_: HttpRequest, wrong: UserOpsError) -> HttpResponse:
    return respond(wrong)


def _invalid(_: HttpRequest, wrong: ValidationError) -> HttpResponse:
    return respond(_problem(wrong.errors))


def _problem(problems: list[dict[str, Any]]) -> RequestProblem:
    where = _IN.get(problems[0]["in"], Words("请求", "The request"))
    hint = Words("各字段的格式见 /api/docs。", "See /api/docs for what each field takes.")
    return RequestProblem(problem_words(problems[0], where), hint=hint, problems=problems)


def _told(model: Any, error: Any) -> dict[str, Any]:
    source = model.__ninja_param_source__
    place = model.__ninja_flatten_map_reverse__.get(error["loc"], error["loc"])
    # of a body the first part is the name that the code gives it
    return {"in": source, **problem(place[1:] if source == "body" else place, error, _OURS)}


def _http(_: HttpRequest, wrong: HttpError) -> HttpResponse:
    code, words = _HTTP.get(wrong.status_code, ("error", Words("请求失败。", str(wrong))))
    response = respond(
        UserOpsError(words, code=code, hint=_HINTS.get(wrong.status_code)), wrong.status_code
    )
    if isinstance(wrong, Throttled) and wrong.wait:
        response["Retry-After"] = str(int(wrong.wait) + 1)
    return response


def _denied(_: HttpRequest, __: PermissionDenied) -> HttpResponse:
    words = Words("你的角色没有这个权限。", "Your role does not permit this.")
    return respond(UserOpsError(words, code="not_allowed"), 403)


def _unfit(_: HttpRequest, wrong: Exception) -> HttpResponse:
    if isinstance(wrong, OverflowError):
        words = Words("数字超出范围。", "A number is out of range.")
    else:
        words = Words("文本含有无效字符。", "A text holds characters that are not valid Unicode.")
    return respond(RequestProblem(words))


def _failed(_: HttpRequest, wrong: Exception) -> HttpResponse:
    log.error("a request failed", exc_info=wrong)
    words = Words("服务器出错，已记录。", "Something went wrong on our side; it has been logged.")
    return respond(UserOpsError(words, code="server_failed"), 500)
