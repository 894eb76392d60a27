"""From an error to what a person reads: a Chinese sentence with the fitting status."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from wenyou.console import AWAY, hindrance_of, page_sentence_of
from wenyou.errors import NotAllowed, NotFound
from wenyou.taken import TakenNow
from wenyou.web.whence import page_above, page_before
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
FORMS_ALONE, STALE, CRASH, HINDERED = 405, 409, 500, 503
MEGA = 1024 * 1024
HOME = "/"
READS = ("GET", "HEAD")
UNOPENED, UNREAD, NOT_SAVED = "这一页暂时打不开", "这部分内容暂时读不出来", "没有保存任何内容"


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
    if of_program(request):
        number = getattr(request, "request_id", "")
        said = {"code": f"http-{status}", "text": OF_PROGRAMS.get(status, text)}
        return JsonResponse({**said, "request_id": number, "faults": []}, status=status)
    context = {
        "status": status,
        "title": title or TITLES.get(status, TITLES[400]),
        "lines": text.split("\n"),
        "ways": ways,
    }
    if request.headers.get("HX-Request"):
        # The place that asked keeps what it has; the sentence goes on top of the page.
        response = render(None, "web/_error.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#told", "innerHTML show:window:top"
        return response
    if not ways:
        context |= and_home(onward(request, status))
    return render(request, "web/error.html", context, status=status)


def and_home(ways: Sequence[tuple[str, str]]) -> dict[str, object]:
    """The ways on, and whether the one home is to stand beside them."""
    return {"ways": ways, "home": all(address != HOME for _, address in ways)}


def of_program(request: HttpRequest) -> bool:
    """Whether a program asks, not a browser."""
    return request.path_info.startswith(API)


def onward(request: HttpRequest, status: int) -> list[tuple[str, str]]:
    """The next step after a page that was not shown or a form that was not taken, if one is known:
    to ask for the page once more, or to go back to where the link or form was pressed. What was
    typed there waits in the browser.
    """
    here = request.get_full_path()
    reads = request.method in READS
    if reads and status == FORMS_ALONE:
        return [("打开上一级页面", page_above(request.path))]
    if reads and (status == STALE or status >= CRASH):
        return [("刷新这一页" if status == STALE else "再试一次", here)]
    before = page_before(request)
    return [("回到刚才那一页", before)] if before and not (reads and before == here) else []


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
    error = sys.exception()
    hindered = page_sentence_of(error)
    status = HINDERED if hindered else CRASH
    reads = request.method in READS and not of_program(request)
    title = TITLES[status]
    if reads and hindered:
        title = UNOPENED if is_page(request) else UNREAD
    if hindered:
        text = hindered if reads else f"{NOT_SAVED}：{hindered}"
    else:
        number = getattr(request, "request_id", "")
        done = ("这一页没有打开" if is_page(request) else UNREAD) if reads else NOT_SAVED
        text = f"{done}。请稍后再试；如仍不行，把编号 {number} 告诉系统管理员。"
    try:
        if error is not None and hindrance_of(error) == AWAY and is_page(request):
            # The frame around a page would ask the database, and wait for it, once more.
            return barely(request, status, title, text)
        return told(request, status, text, title=title)
    except Exception:  # noqa: BLE001 -- whatever broke the page may break the frame as well
        return barely(request, status, title, text)


def is_page(request: HttpRequest) -> bool:
    """Whether a whole page is asked for."""
    return not of_program(request) and not request.headers.get("HX-Request")


def barely(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """The page that needs nothing: no frame, no person, no database."""
    context = {"title": title, "lines": [text], "status": status}
    context |= and_home(onward(request, status))
    return render(None, "web/crashed.html", context, status=status)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or one that was opened before signing in anew."""
    return told(
        request,
        403,
        "这一页打开得太久或来自别处，为安全起见没有提交。请刷新页面，核对后再提交一次。",
        title="这一页已经过期，没有提交",
    )
