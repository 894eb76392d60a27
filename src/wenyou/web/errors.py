"""From an error to what a person reads: a Chinese sentence with the fitting status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from wenyou.console import page_sentence_of
from wenyou.errors import NotAllowed, NotFound
from wenyou.taken import TakenNow
from wenyou_core.errors import FaultsError, WenyouError
from wenyou_core.flow.machine import MoveRefused, StaleMatter, Why

TITLES = {
    400: "这次操作没有成功",
    403: "您没有这项权限",
    404: "没有找到这一页",
    405: "这个地址不能直接打开",
    409: "这件事刚刚有变化",
    422: "填写的内容还不能提交",
    500: "系统出错，没有完成",
    503: "现在不能保存",
}

# Addresses that programs ask: they are answered as the operations there answer.
API = "/api/v1/"
OF_PROGRAMS = {
    404: "没有这个接口地址。请对照接口说明改正。",
    405: "这个接口地址不收这种请求方法。请对照接口说明改正。",
}
STALE, CRASH, HINDERED = 409, 500, 503
MEGA = 1024 * 1024
SOFT = frozenset({404, 405, 409, 422})


def status_of(error: WenyouError) -> int:
    """The HTTP status of an error."""
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, NotAllowed):
        return 403
    if isinstance(error, StaleMatter | TakenNow):
        return 409
    if isinstance(error, MoveRefused):
        return 403 if error.why is Why.NOT_YOURS else 422
    return 422 if isinstance(error, FaultsError) else 400


def answer(request: HttpRequest, error: WenyouError) -> HttpResponse:
    """The page (or, for htmx, the fragment) that tells of an error."""
    return told(request, status_of(error), str(error))


def told(
    request: HttpRequest,
    status: int,
    text: str,
    *,
    title: str = "",
    ways: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    """A page or fragment with a status, its title (else that of the status) and a sentence;
    ``ways`` are words and addresses of buttons that lead on. Programs get the same in JSON.
    """
    if request.path_info.startswith(API):
        number = getattr(request, "request_id", "")
        said = {"code": f"http-{status}", "text": OF_PROGRAMS.get(status, text)}
        return JsonResponse({**said, "request_id": number, "faults": []}, status=status)
    fragment = bool(request.headers.get("HX-Request"))
    context = {
        "status": status,
        "title": title or TITLES.get(status, TITLES[400]),
        "lines": text.split("\n"),
        "ways": ways,
        "kind": "near" if status in SOFT else "over",
        "number": getattr(request, "request_id", "") if status >= CRASH else "",
        "again": request.get_full_path() if status == STALE and request.method == "GET" else "",
    }
    template = "web/_error.html" if fragment else "web/error.html"
    response = render(request, template, context, status=status)
    if fragment:
        # The place that asked keeps what it has; the sentence goes on top of the page.
        response["HX-Retarget"], response["HX-Reswap"] = "#told", "innerHTML show:window:top"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400."""
    if isinstance(exception, RequestDataTooBig):
        most = int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE) // MEGA
        return told(
            request,
            400,
            f"提交的文字超过 {most} MB，没有保存任何内容。"
            "请返回上一页，把长文字作为附件上传，或分几次提交。",
        )
    return told(
        request, 400, "请求的内容不完整或格式不对，没有保存任何内容。请返回上一页再试一次。"
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler403."""
    return told(request, 403, "您没有这项权限。如有需要请联系系统管理员。")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler404."""
    return told(request, 404, str(NotFound("这一页")))


def not_this_way(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Instead of the empty answer to an address that takes forms alone."""
    page = told(
        request, 405, "这个地址只接收页面上提交的表单，没有执行任何操作。请从页面上的按钮进入。"
    )
    page["Allow"] = response["Allow"]
    return page


def crashed(request: HttpRequest) -> HttpResponse:
    """Django's handler500: a fault of ours, or a disk or database that hinders the house."""
    number = getattr(request, "request_id", "")
    status, hindered = CRASH, page_sentence_of(sys.exception())
    text = f"没有保存任何内容。请稍后再试；如仍不行，把编号 {number} 告诉系统管理员。"
    if hindered:
        status, text = HINDERED, f"没有保存任何内容：{hindered}"
    try:
        return told(request, status, text)
    except Exception:  # noqa: BLE001 -- whatever broke the page may break the frame as well
        told_barely = {"title": TITLES[status], "lines": [text]}
        return render(None, "web/crashed.html", told_barely, status=status)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or one that was opened before signing in anew."""
    return told(
        request,
        403,
        "这一页打开得太久或来自别处，为安全起见没有提交。请刷新页面，核对后再提交一次。",
        title="这一页已经过期，没有提交",
    )
