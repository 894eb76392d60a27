"""The settings of the tests, where they differ from the product's."""

from __future__ import annotations

import logging
import sys


def test_log_can_be_written_after_the_last_test() -> None:
    # pytest adds handlers of its own, which are of kinds of its own.
    streams = [
        one.stream for one in logging.getLogger().handlers if type(one) is logging.StreamHandler
    ]

    assert streams == [sys.__stderr__]
