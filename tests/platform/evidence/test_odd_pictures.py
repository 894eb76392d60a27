"""Pictures whose camera data are broken or impossible are kept all the same."""

from __future__ import annotations

import io
import random
import warnings

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from wenyou.evidence.pictures import FORMATS, looked_at
from wenyou_core.errors import InputRefused

MOST = 1_000_000


def photo(media: str, taken: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker"
    exif[0x0132] = taken
    exif.get_ifd(0x8769)[0x9003] = taken
    file = io.BytesIO()
    Image.new("RGB", (8, 8), (9, 9, 9)).save(file, FORMATS[media], exif=exif)
    return file.getvalue()


@pytest.mark.parametrize("media", sorted(FORMATS))
@pytest.mark.parametrize("taken", ["0001:01:01 00:00:00", "9999:12:31 23:59:59", "昨天"])
def test_moment_nobody_can_mean_is_not_taken_over(media: str, taken: str) -> None:
    assert looked_at(photo(media, taken), media, most_pixels=MOST, anew=True)[1] is None


@pytest.mark.parametrize("media", sorted(FORMATS))
def test_broken_camera_data_are_dropped_or_refused_and_never_break(media: str) -> None:
    whole, draw = photo(media, "2026:01:02 03:04:05"), random.Random(7)
    start = max(whole.find(b"MM\0*"), whole.find(b"II*\0"))
    ends = set()
    for _ in range(400):
        data = bytearray(whole)
        for _ in range(draw.randint(1, 6)):
            place = draw.randrange(max(start, 0), min(max(start, 0) + 160, len(data)))
            data[place] = draw.choice((0, 1, 255, draw.randrange(256)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                looked_at(bytes(data), media, most_pixels=MOST, anew=True)
            except InputRefused:
                ends.add("refused")
            else:
                ends.add("kept")
    assert "kept" in ends


@pytest.mark.parametrize("media", sorted(FORMATS))
@pytest.mark.parametrize("mode", ["RGB", "L", "P"])
def test_nothing_stands_beside_the_pixels_of_a_picture_written_anew(media: str, mode: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[1] = "N"
    beside: dict[str, object] = {"exif": exif, "icc_profile": b"SecretProfile", "dpi": (300, 300)}
    if media == "image/png":
        notes = PngInfo()
        notes.add_text("Comment", "SecretPlace")
        notes.add_itxt("XML:com.adobe.xmp", "<x>SecretPlace</x>")
        beside["pnginfo"] = notes
    if media == "image/jpeg":
        beside["comment"] = b"SecretPlace"
    if media != "image/png":
        beside["xmp"] = b"<x>SecretPlace</x>"
    if mode == "P" and media == "image/jpeg":
        mode = "RGB"
    file = io.BytesIO()
    Image.new(mode, (8, 4), 9).save(file, FORMATS[media], **beside)
    assert b"Secret" in file.getvalue()

    found, _ = looked_at(file.getvalue(), media, most_pixels=MOST, anew=True)

    assert b"Secret" not in found
    assert Image.open(io.BytesIO(found)).size == (8, 4)
    assert not dict(Image.open(io.BytesIO(found)).getexif())
