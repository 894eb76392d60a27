"""Processes of our program that are forked off one which has imported what they all need.

Half of what ``./wenyou restore`` and the like take is Python reading Django. Here one process reads
it for all the tests of a process: before any settings are known, so each one forked off it has an
environment, settings, a database and an end of its own, as if it had been started.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

# What can be imported without settings.
READ = (
    "django.db.models", "django.core.serializers.json", "django.core.management.commands.migrate",
    "django.http", "django.urls", "django.test.signals", "django.forms", "django.shortcuts",
    "django.template.response", "django.db.backends.sqlite3.base", "django.contrib.auth.hashers",
    "django.views.i18n", "csv", "tarfile", "xml.sax.saxutils", "importlib.metadata",
    "cryptography.hazmat.primitives.ciphers.aead", "cryptography.hazmat.primitives.kdf.hkdf",
    "wenyou_core.flow.registry", "wenyou_core.flow.clocks", "wenyou_desk.cli", "yaml",
)  # fmt: skip
SERVER = """
import gc, importlib, json, os, runpy, sys
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
gc.freeze()
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.environ.clear()
    os.environ.update(asked["environment"])
    for number, path in ((0, os.devnull), (1, asked["out"]), (2, asked["err"])):
        handle = os.open(path, os.O_RDWR)
        os.dup2(handle, number)
        os.close(handle)
    flag, what, *words = asked["words"]
    sys.argv = [flag, *words]
    if flag == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
    sys.exit(0)
"""


ROOT = Path(__file__).resolve().parents[2]


@cache
def server() -> subprocess.Popen[str]:
    """The process they come from, of this process of the tests."""
    folders = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    # Which settings hold is said by each who asks: those of the tests are not read here.
    own = {name: one for name, one in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", SERVER, json.dumps(READ)],
        env={**own, "PYTHONPATH": folders, "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    atexit.register(ended, process)
    return process


def ended(process: subprocess.Popen[str]) -> None:
    """It ends when nobody can ask it any more."""
    process.communicate()


def run_forked(
    words: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """What ``python -P`` does with ``-m module …`` or ``-c code …`` in an environment."""
    process = server()
    assert process.stdin is not None
    assert process.stdout is not None
    with tempfile.TemporaryDirectory(prefix="wenyou-forked-") as name:
        out, err = Path(name, "out"), Path(name, "err")
        out.touch()
        err.touch()
        asked = {
            "words": list(words), "environment": dict(environment), "out": str(out), "err": str(err)
        }  # fmt: skip
        process.stdin.write(json.dumps(asked) + "\n")
        process.stdin.flush()
        told = process.stdout.readline()
        assert told, f"the process that others are forked off has ended: {process.wait()}"
        code = int(told)
        said = [path.read_text(encoding="utf-8") for path in (out, err)]
    return subprocess.CompletedProcess(words, code, *said)
