"""Ctrl-C wherever it comes is told in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

QUERY = """
import os, signal, threading
import duckdb

def add_arguments(parser):
    pass

def run(args):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # it may be ignored where tests run
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    late = threading.Timer(60, os._exit, (9,))
    late.daemon = True
    late.start()
    with duckdb.connect() as connection:
        while True:  # one after the other: it looks for signals within them, but not at once
            connection.execute("SELECT sum(range * range) FROM range(10000000)")
"""


def test_interruption_within_a_query_is_told_as_one(tmp_path: Path) -> None:
    (tmp_path / "planted_query.py").write_text(QUERY, encoding="utf-8")
    program = (
        "import sys\nfrom wenyou_desk.cli import Command, main\n"
        "sys.exit(main(['query'], (Command('query', '查', 'planted_query'),)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([*sys.path, str(tmp_path)])},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )

    assert done.stderr.decode() == "已中断，没有写完的结果请不要使用。\n"
    assert done.returncode == 130
