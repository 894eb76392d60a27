"""Pictures written anew: upright, without place and device, never bigger than one can open."""

from __future__ import annotations

import contextlib
import io
import struct
import threading
import warnings
from datetime import datetime

from django.utils import timezone
from PIL import Image, ImageOps, UnidentifiedImageError

from wenyou.web import days
from wenyou_core.errors import InputRefused

# One at a time in a process: each takes eight bytes for a pixel while it is turned.
_ONE = threading.Lock()
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITY = 88
TAKEN_TAGS = (0x9003, 0x0132)
EXIF_IFD = 0x8769
# How Pillow stumbles over what a broken camera, or somebody on purpose, wrote beside a picture.
BROKEN = (OSError, ValueError, SyntaxError, TypeError, KeyError, OverflowError, struct.error)


def looked_at(
    content: bytes, media: str, *, most_pixels: int, anew: bool
) -> tuple[bytes, datetime | None]:
    """The bytes to store and when the picture was taken.

    ``anew`` writes it again without what cameras add. Raises InputRefused for a broken picture
    and for one with more pixels than ``most_pixels``, before it is unpacked.
    """
    with _ONE:
        return _looked_at(content, media, most_pixels, anew=anew)


def _looked_at(
    content: bytes, media: str, most_pixels: int, *, anew: bool
) -> tuple[bytes, datetime | None]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=(FORMATS[media],))
            width, height = picture.size
            if width * height > most_pixels:
                raise _too_many(most_pixels)
            picture.load()
    except Image.DecompressionBombError:
        raise _too_many(most_pixels) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        raise InputRefused(
            "evidence-picture", "这张照片打不开，可能没有传完整。请重新拍摄或另存后再上传。"
        ) from None
    taken = _taken_at(picture)
    return (_anew(picture, FORMATS[media]) if anew else content), taken


def _too_many(most_pixels: int) -> InputRefused:
    return InputRefused(
        "evidence-pixels",
        f"这张照片的像素超过上限（{most_pixels // 1_000_000}百万像素），没有保存。请缩小后再上传。",
    )


def _turn(picture: Image.Image) -> None:
    """Turn it as the camera was held; not where what the camera added cannot be read."""
    with contextlib.suppress(*BROKEN):
        ImageOps.exif_transpose(picture, in_place=True)


def _anew(picture: Image.Image, form: str) -> bytes:
    _turn(picture)
    modes = ("RGB", "L") if form == "JPEG" else ("RGB", "RGBA", "L", "LA", "P")
    bare = picture if picture.mode in modes else picture.convert("RGB")
    # No copy is made of the pixels; all that stands beside them is dropped instead.
    bare.info = {}
    with contextlib.suppress(*BROKEN):
        bare.getexif().clear()
    file = io.BytesIO()
    bare.save(file, form, **({"quality": QUALITY} if form != "PNG" else {"optimize": True}))
    return file.getvalue()


def _taken_at(picture: Image.Image) -> datetime | None:
    for said in _moments(picture):
        try:
            moment = datetime.strptime(said, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 -- below
        except ValueError:
            continue
        if days.told(moment.date()):
            return timezone.make_aware(moment)
    return None


def _moments(picture: Image.Image) -> list[str]:
    try:
        exif = picture.getexif()
        return [str(exif.get_ifd(EXIF_IFD).get(TAKEN_TAGS[0])), str(exif.get(TAKEN_TAGS[1]))]
    except BROKEN:
        return []
