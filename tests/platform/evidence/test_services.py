"""Taking files in: what is refused, what is written anew, who may take them out."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotFound
from wenyou.evidence.models import Evidence
from wenyou.evidence.queries import evidence_for
from wenyou.evidence.services import clean_name, path_of, store, use, withdraw
from wenyou.knobs.models import Setting
from wenyou_core.errors import InputRefused

HTML = b"<html><script>alert(1)</script></html>"
SCRIPT = b"#!/bin/sh\nrm -rf /\n"


def photo(size: tuple[int, int] = (60, 40), form: str = "JPEG", *, turned: bool = True) -> bytes:
    """A picture with a place, a day and (turned) the mark that it lies on its side."""
    exif = Image.Exif()
    exif[0x0132] = "2026:03:02 10:11:12"
    exif[0x010F] = "SecretPhone"
    if turned:
        exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, form, exif=exif)
    return file.getvalue()


def archive(**parts: bytes) -> bytes:
    """A zip with these parts; two underscores stand for a slash."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            book.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def upload(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_picture_is_written_anew_upright_and_without_place_and_device(cast: Cast) -> None:
    evidence = store(upload(photo(), "大厅.jpg"), by=cast.lin, unit=cast.jia)

    content = path_of(evidence.sha256).read_bytes()
    picture = Image.open(io.BytesIO(content))
    assert (picture.size, dict(picture.getexif())) == ((40, 60), {})
    assert b"SecretPhone" not in content
    assert hashlib.sha256(content).hexdigest() == evidence.sha256
    assert evidence.taken_at is not None
    assert evidence.taken_at.utcoffset() is not None
    assert f"{evidence.taken_at:%Y-%m-%d %H:%M}" == "2026-03-02 10:11"


def test_picture_that_is_evidence_as_taken_stays_byte_for_byte(cast: Cast) -> None:
    content = photo()

    evidence = store(upload(content, "现场.JPG"), by=cast.lin, as_taken=True)

    assert path_of(evidence.sha256).read_bytes() == content


def test_same_content_is_stored_once_and_every_upload_is_recorded(cast: Cast) -> None:
    one, two = (store(upload(b"%PDF-1.7 x", f"{n}.pdf"), by=cast.lin) for n in "ab")

    assert one.sha256 == two.sha256
    assert len(list(path_of(one.sha256).parent.iterdir())) == 1
    assert AuditRow.objects.filter(action="evidence.stored").count() == 2


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (HTML, "合影.jpg", "不是可以上传的文件"),
        (SCRIPT, "合影.jpg", "不是可以上传的文件"),
        (SCRIPT, "说明.txt", "不是可以上传的文件"),
        (HTML, "图.svg", "不是可以上传的文件"),
        (b"MZ\x90\x00" + b"\x00" * 60, "合影.png", "不是可以上传的文件"),
        (b"%PDF-1.7", "合影.jpg", "与文件名的后缀不符"),
        (b"", "空.pdf", "是空文件"),
        (b"\xff\xd8\xff\xe0broken", "坏.jpg", "打不开"),
        (archive(word__document=b"x"), "表.xlsx", "与文件名的后缀不符"),
        (archive(word__vbaProject=b"x")[:0] + b"PK\x03\x04junk", "坏.docx", "不是可以上传的文件"),
        (archive(xl__data=b"0" * 20_000_000), "表.xlsx", "解开后大得不正常"),
    ],
    ids=[
        "html-as-picture", "script-as-picture", "script-as-text", "svg", "program", "pdf-as-picture",
        "empty", "broken-picture", "word-as-excel", "broken-zip", "zip-bomb",
    ],
)  # fmt: skip
def test_file_that_is_not_what_it_says_is_refused(
    content: bytes, name: str, sentence: str, cast: Cast
) -> None:
    with pytest.raises(InputRefused, match=sentence):
        store(upload(content, name), by=cast.lin)

    assert not Evidence.objects.exists()


def test_document_with_a_macro_is_refused(cast: Cast) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/vbaProject.bin", b"x")

    with pytest.raises(InputRefused, match="带有宏"):
        store(upload(file.getvalue(), "表.xlsx"), by=cast.lin)


def test_picture_with_too_many_pixels_is_refused_before_it_is_unpacked(cast: Cast) -> None:
    file = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")

    with pytest.raises(InputRefused, match="像素超过上限"):
        store(upload(file.getvalue(), "巨.png"), by=cast.lin)


def test_limit_of_pixels_is_a_setting(cast: Cast) -> None:
    Setting.objects.create(name="evidence.megapixels", value=5, set_at="2026-03-02T00:00:00Z")
    file = io.BytesIO()
    Image.new("1", (2_500, 2_001)).save(file, "PNG")

    with pytest.raises(InputRefused, match="像素超过上限（5百万像素）"):
        store(upload(file.getvalue(), "大.png"), by=cast.lin)


def test_limit_of_size_is_a_setting(cast: Cast) -> None:
    Setting.objects.create(name="evidence.document_mb", value=1, set_at="2026-03-02T00:00:00Z")

    with pytest.raises(InputRefused, match="超过1MB"):
        store(upload(b"%PDF-" + b"0" * 1_100_000, "大.pdf"), by=cast.lin)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\照片\\大厅.jpg", "大厅.jpg"),
        ("照\u202egpj.exe", "照gpj.exe"),
        ("", "未命名"),
    ],
)
def test_names_lose_what_systems_stumble_over(name: str, kept: str) -> None:
    assert clean_name(name) == kept


def test_file_that_hangs_on_nothing_is_its_owners_alone(cast: Cast) -> None:
    evidence = store(upload(b"%PDF-1.7", "a.pdf"), by=cast.lin)

    assert evidence_for(cast.lin, evidence.pk) == evidence
    with pytest.raises(NotFound):
        evidence_for(cast.chen, evidence.pk)


def test_withdrawing_needs_a_reason_and_happens_once(cast: Cast) -> None:
    used = use(store(upload(b"%PDF-1.7", "a.pdf"), by=cast.lin), cast.jia)

    with pytest.raises(InputRefused, match="须写明理由"):
        withdraw(used, by=cast.lin, reason=" ")
    withdraw(used, by=cast.lin, reason="传错了")
    with pytest.raises(InputRefused, match="已经撤下"):
        withdraw(used, by=cast.lin, reason="传错了")


@pytest.mark.pages
def test_file_is_saved_and_only_pictures_are_shown_in_a_sandbox(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    picture = store(upload(photo(), "大厅.jpg"), by=cast.lin)
    paper = store(upload(b"%PDF-1.7", "a.pdf"), by=cast.lin)
    client = client_of(cast.lin)

    shown = client.get(f"/evidence/{picture.pk}/?show=1")
    saved = client.get(f"/evidence/{paper.pk}/?show=1")

    assert (shown["Content-Type"], shown["Content-Disposition"][:6]) == ("image/jpeg", "inline")
    assert shown["Content-Security-Policy"].startswith("sandbox;")
    assert saved["Content-Type"] == "application/octet-stream"
    assert saved["Content-Disposition"].startswith("attachment")
    assert client_of(cast.wu).get(f"/evidence/{paper.pk}/").status_code == 404
    assert AuditRow.objects.filter(action="evidence.downloaded").count() == 2
    for answer in (shown, saved):
        answer.close()
