"""Small pieces of pages made in Python, because lists show hundreds of them: icon, state, due."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from wenyou.web import words
from wenyou_core.worktime.left import URGENCY_LABELS, Urgency

ICONS = {
    "ok": "circle-check",
    "near": "clock",
    "over": "triangle-alert",
    "paused": "circle-pause",
    "press": "circle-dot",
    "plain": "",
}
# The heap a matter lies on, and the state colour it is shown in.
KINDS = {
    Urgency.OVERDUE: "over",
    Urgency.TODAY: "near",
    Urgency.NEAR: "near",
    Urgency.LATER: "ok",
    Urgency.PAUSED: "paused",
    Urgency.UNKNOWN: "paused",
}
SMALL = 14
# A day, and a number of a matter: never parted by the end of a line.
WHOLE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日(?:（周.）)?|\b[A-Z]{2}\d{4}-\d{4,6}\b")
SPACE = "{http://www.w3.org/2000/svg}"


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> SafeString:
    """An icon of Lucide as inline SVG, hidden from screen readers: the word beside it speaks."""
    if not name:
        return SafeString("")
    picture = ElementTree.fromstring(drawings().read(f"{name}.svg"))  # noqa: S314 -- of the package
    for node in picture.iter():
        node.tag = str(node.tag).removeprefix(SPACE)
    picture.attrib |= {"width": str(size), "height": str(size)}
    picture.attrib |= {"aria-hidden": "true", "focusable": "false"}
    return SafeString(ElementTree.tostring(picture, encoding="unicode"))


@cache
def drawings() -> ZipFile:
    """The icons of the package, whose list of contents takes longer to read than a page to make:
    lucide itself reads it anew for every icon.
    """
    return ZipFile(BytesIO(files("lucide").joinpath("lucide.zip").read_bytes()))


@lru_cache(maxsize=2048)
def badge(kind: str, word: str) -> SafeString:
    """A state: ok, near, over, paused, press or plain, with icon and word."""
    picture = icon(ICONS.get(kind, ""), SMALL)
    return format_html('<span class="badge badge--{}">{}{}</span>', kind, picture, word)


def kept(text: str) -> SafeString:
    """A text whose days and numbers stay in one line; the rest breaks where it has to."""
    return SafeString(WHOLE.sub(r'<span class="keep">\g<0></span>', conditional_escape(str(text))))


def due(
    at: datetime | None,
    *,
    urgency: str = "",
    left: str = "",
    show_at: bool = True,
    short: bool = False,
    now: datetime | None = None,
) -> SafeString:
    """When something falls due; without ``urgency`` only late, today and later are told apart."""
    now = now or timezone.now()
    heap = Urgency(urgency) if urgency else heap_of(at, now)
    word = left or (words.left(at, now) if at else URGENCY_LABELS[heap])
    tail = SafeString("")
    if at is not None and show_at:
        whole = words.when(at, now)
        said = words.when_short(at, now) if short else whole
        # Both are made of figures and our own words: nothing in them needs escaping.
        tail = SafeString(f' <span class="due__at" title="{whole}">{said}</span>')
    kind = KINDS[heap]
    return SafeString(f'<span class="due due--{kind}">{badge(kind, word)}{tail}</span>')


def heap_of(at: datetime | None, now: datetime) -> Urgency:
    """The heap that needs no setting of the unit to be known."""
    if at is None:
        return Urgency.UNKNOWN
    if at < now:
        return Urgency.OVERDUE
    same = timezone.localdate(at) == timezone.localdate(now)
    return Urgency.TODAY if same else Urgency.LATER
