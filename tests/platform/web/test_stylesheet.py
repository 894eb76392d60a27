"""One sheet for a page: all of its parts in their order, kept under the digest of its text."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings

from wenyou.web import stylesheet
from wenyou.web.stylesheet import PLACE, SOURCES, STYLES

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
TEMPLATES = sorted((SOURCES.parent / "templates").rglob("*.html"))
LINK = re.compile(r"<link[^>]*rel=\"stylesheet\"[^>]*href=\"([^\"]*)\"")


def parts() -> list[str]:
    """What the files of all components say, in the order of the cascade."""
    return [(SOURCES / name).read_text(encoding="utf-8") for name in STYLES]


@pytest.mark.django_db
@pytest.mark.pages
def test_a_page_asks_for_one_sheet_by_its_digest(client: Client) -> None:
    page = client.get("/sign-in/").content.decode()

    assert LINK.findall(page) == [stylesheet.address()]
    assert stylesheet.address() == f"{PLACE}?v={stylesheet.kept().digest}"


def test_no_template_names_another_sheet() -> None:
    named = {one for path in TEMPLATES for one in LINK.findall(path.read_text(encoding="utf-8"))}

    assert named == {"{{ stylesheet }}", PLACE}


def test_the_sheet_has_every_part_in_order_and_nothing_else(client: Client) -> None:
    answer = client.get(stylesheet.address())

    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert answer.content.decode() == "".join(parts())
    assert STYLES[0] == "css/tokens.css"
    assert STYLES[-1] == "css/print.css"


def test_the_same_files_make_the_same_bytes() -> None:
    assert stylesheet.composed() == stylesheet.composed()


def test_the_sheet_is_kept_for_a_year_under_its_own_digest_alone(client: Client) -> None:
    now, before = client.get(stylesheet.address()), client.get(f"{PLACE}?v=0123456789abcdef")

    assert now["Cache-Control"] == "public, max-age=31536000, immutable"
    assert before["Cache-Control"] == client.get(PLACE)["Cache-Control"] == "no-cache"
    assert before.content == now.content


def test_who_has_the_sheet_is_not_sent_it_again(client: Client) -> None:
    tag = client.get(PLACE)["ETag"]

    again = client.get(PLACE, headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("takes", "packed"),
    [("gzip, deflate, br", True), ("deflate, gzip;q=0.5", True), ("gzip;q=0", False), ("", False)],
)
def test_the_sheet_is_packed_for_who_takes_it_so(client: Client, takes: str, packed: bool) -> None:
    answer = client.get(stylesheet.address(), headers={"Accept-Encoding": takes})

    assert (answer.get("Content-Encoding") == "gzip") is packed
    assert answer["Vary"] == "Accept-Encoding"
    assert int(answer["Content-Length"]) == len(answer.content)
    text = gzip.decompress(answer.content) if packed else answer.content
    assert text.decode() == "".join(parts())


def test_who_asks_for_the_head_alone_gets_no_body() -> None:
    """The server in front sends what it is given; Django's own client would cut it off."""
    answer = stylesheet.answer(RequestFactory().head(PLACE))

    assert int(answer["Content-Length"]) == len(stylesheet.kept().text)
    assert isinstance(answer, HttpResponse)
    assert answer.content == b""


def test_the_sheet_stands_under_the_strict_policy_and_asks_no_database(client: Client) -> None:
    answer = client.get(stylesheet.address())

    assert "default-src 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer


def test_a_changed_file_changes_the_digest_and_is_seen_at_once_while_developing(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "css").mkdir()
    for name in STYLES:
        (tmp_path / name).write_text(f"/* {name} */\n", encoding="utf-8")
    monkeypatch.setattr(stylesheet, "SOURCES", tmp_path)
    with override_settings(DEBUG=True):
        before = stylesheet.address()
        (tmp_path / "css/base.css").write_text("body { margin: 1px; }\n", encoding="utf-8")

        assert stylesheet.address() != before
        assert b"margin: 1px" in client.get(PLACE).content


@pytest.mark.parametrize("name", STYLES)
def test_a_part_is_whole_and_bears_to_stand_behind_others(name: str) -> None:
    """``@charset`` and ``@import`` hold at the very beginning alone; an address beside the part
    would be looked for beside the sheet, which lies elsewhere.
    """
    text = (SOURCES / name).read_text(encoding="utf-8")
    bare = COMMENT.sub("", text)

    assert text.endswith("\n")
    assert bare.count("{") == bare.count("}")
    assert "/*" not in bare
    assert re.findall(r"@(?:charset|import|namespace|layer)\b", bare) == []
    named = [one.strip("\"'") for one in re.findall(r"url\(([^)]*)\)", bare)]
    assert [one for one in named if not one.startswith(("/static/", "data:", "#"))] == []
