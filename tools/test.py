"""``./wenyou test [--long] [pytest words]``: the gates, then the whole suite on two processes.

The tests of the platform's storage run a second time on PostgreSQL. With words for pytest only
the tests they choose are run, without the gates.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tools.check import check
from tools.postgres import NoPostgres, cluster
from tools.tree import ROOT

# Halves in a row, and who is done first takes over from the other: long tests stand together.
TWO = ("-n", "2", "--dist", "worksteal", "-q")
BOTH = ("tests/platform", "-m", "not pages and not files", "-q")


def main(words: Sequence[str]) -> int:
    """Exit code 0 when gates and tests passed, else that of pytest, or 1 for a gate."""
    whole = all(word == "--long" for word in words)
    gates_passed = check() if whole else True
    command = [sys.executable, "-m", "pytest", *(TWO if whole else []), *words]
    with compiled_once():
        code = subprocess.run(command, cwd=ROOT, check=False).returncode
        if whole:
            code = storage_on_postgres(words) or code
    if not gates_passed:
        print("检查（check）未通过，见最上面的说明。", file=sys.stderr)
    return code or (0 if gates_passed else 1)


@contextmanager
def compiled_once() -> Iterator[None]:
    """Where nothing may be compiled beside the sources, compile into a folder of this run: the
    tests start a hundred processes, and each would compile Django, SQLGlot and us anew."""
    if not sys.dont_write_bytecode:
        yield
        return
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="wenyou-bytecode-") as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)


def storage_on_postgres(words: Sequence[str]) -> int:
    """The tests of models, services and queries once more, on a PostgreSQL of their own."""
    try:
        with cluster() as address:
            print("存储部分在 PostgreSQL 上再测一遍：", flush=True)
            environment = {**os.environ, "WENYOU_DATABASE_URL": address}
            command = [sys.executable, "-m", "pytest", *BOTH, "-n", "2", *words]
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    except NoPostgres as error:
        print(f"PostgreSQL 在这台机器上启动不了，存储部分只在 SQLite 上测过：{error}")
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
