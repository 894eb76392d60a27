"""The policy of a statement allows the style written into it, and nothing else."""

from __future__ import annotations

import base64
import hashlib

from wenyou.assessments.opened import policy_of


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_policy_names_the_hash_of_every_style_of_the_page() -> None:
    page = "<head><style>\np { color: red }\n</style></head><style>@page {}</style>"

    policy = policy_of(page)

    assert f"style-src {hashed(chr(10) + 'p { color: red }' + chr(10))} {hashed('@page {}')};" in (
        policy
    )
    assert policy.startswith("default-src 'none';")


def test_policy_of_a_page_without_style_allows_none() -> None:
    assert "style-src 'none';" in policy_of("<p>告知单</p>")
