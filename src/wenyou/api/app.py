"""The API: its errors, its description, its addresses."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema

from wenyou.api import assessing
from wenyou.api.doors import BearerToken, KeyReused, ScopeMissing, Unauthorized
from wenyou.api.faults import places_of, sentences_of
from wenyou.api.readings import note_reading
from wenyou.api.routes import router
from wenyou.errors import NotFound
from wenyou.web.errors import status_of
from wenyou_core.errors import FaultsError, WenyouError

DESCRIPTION = (
    "凡人能在页面上做的，程序也能做，规则和权限完全相同。请求头 Authorization 写 Bearer 加令牌；"
    "登记和办理时加请求头 Idempotency-Key，网络中断后可放心重发。"
    "回答里有个人信息的（人员、事项、登记事项、测算结果），先在导出记录里计数，再交出内容，"
    "所以读取也要写一次数据库；用 SQLite 的一次只能有一处写入，请一个接一个地读，每页多取几条。"
)


class Api(NinjaAPI):
    """Counts what is read of people before it is handed over."""

    def create_response(self, request: HttpRequest, data: Any, **options: Any) -> HttpResponse:
        """The answer as JSON, counted where it is one of an operation that is ``personal``."""
        response = super().create_response(request, data, **options)
        if response.status_code in (HTTPStatus.OK, HTTPStatus.CREATED):
            note_reading(request, response.content)
        return response


api = Api(
    title="文优接口",
    version=settings.VERSION,
    description=DESCRIPTION,
    urls_namespace="api",
    auth=BearerToken(),
    docs_url=None,
    openapi_url=None,
)
api.add_router("", router)
api.add_router("", assessing.router)


def status_for(error: WenyouError) -> int:
    """The HTTP status of an error, those of the API itself among them."""
    if isinstance(error, Unauthorized):
        return 401
    if isinstance(error, ScopeMissing):
        return 403
    if isinstance(error, KeyReused):
        return 409
    return status_of(error)


def refused(request: HttpRequest, error: WenyouError) -> HttpResponse:
    """An error as JSON."""
    faults = [str(one) for one in error.faults] if isinstance(error, FaultsError) else []
    body = {
        "code": error.code,
        "text": str(error),
        "request_id": getattr(request, "request_id", ""),
        "faults": faults,
    }
    return api.create_response(request, body, status=status_for(error))


@api.exception_handler(WenyouError)
def on_refusal(request: HttpRequest, error: Any) -> HttpResponse:
    """The product's own refusals."""
    return refused(request, error)


@api.exception_handler(AuthenticationError)
def on_stranger(request: HttpRequest, error: Any) -> HttpResponse:
    """No token, or a dead one."""
    return refused(request, Unauthorized())


@api.exception_handler(Http404)
def on_nothing(request: HttpRequest, error: Any) -> HttpResponse:
    """No such address."""
    return refused(request, NotFound("这个地址"))


@api.exception_handler(HttpError)
def on_http(request: HttpRequest, error: Any) -> HttpResponse:
    """What the framework refuses: a body that is no JSON."""
    problem = WenyouError("api-request", "请求的内容读不懂，应为 JSON。请改正后再发。")
    body = {"code": problem.code, "text": str(problem), "request_id": "", "faults": []}
    return api.create_response(request, body, status=error.status_code)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Fields that are missing or of the wrong form, each with its place."""
    body = {
        "code": "api-invalid",
        "text": f"这些字段缺少或格式不对：{'、'.join(places_of(error.errors))}。请对照接口说明改正。",
        "request_id": getattr(request, "request_id", ""),
        "faults": sentences_of(error.errors),
    }
    return api.create_response(request, body, status=422)


@cache
def schema() -> OpenAPISchema:
    """The description of all operations, OpenAPI 3.1; made once, for it never changes."""
    return api.get_openapi_schema(path_prefix="/api/v1/")
