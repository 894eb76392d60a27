"""No address of a package registry and no path of a machine stands in the tree.

A closed network installs from its own mirror; an address in a file would be tried first, fail,
and tell strangers where we build. The patterns are written so that they do not find themselves.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tools.tree import ROOT, Finding, files_of, report

ADDRESS = re.compile(
    r"""index[-]url|find[-]links\s*=?\s*https?:
    |(?:registry|"resolved")["\s]*[=:]\s*"?https?:
    |https?://[^\s"']*/simple(?:[/"'\s]|$)
    |\b(?:pypi|npmjs|pythonhosted|crates)\.(?:org|com|io)\b
    |\b(?:deb|security)\.debian\.org\b|\bmirrors?\.[a-z]+\.[a-z]{2,}""",
    re.VERBOSE,
)
BEGINS = r"""(?:^|[\s"'`=(:,])"""
MACHINE = re.compile(BEGINS + r"/(?:work|root|tmp|home/\w+|Users/\w+)/[\w.]")


def findings_in(path: Path, root: Path) -> list[Finding]:
    """What stands in one file; files that are not UTF-8 text are passed over."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return []
    here = re.compile(f"{BEGINS}{re.escape(root.as_posix())}\\b")
    name = path.relative_to(root).as_posix()
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if ADDRESS.search(line):
            found.append(Finding(name, number, "address of a package registry"))
        if MACHINE.search(line) or here.search(line):
            found.append(Finding(name, number, "path of a machine"))
    return found


def findings_under(root: Path) -> list[Finding]:
    """What stands anywhere in the tree at ``root``."""
    return [finding for path in files_of(root) for finding in findings_in(path, root)]


if __name__ == "__main__":
    sys.exit(report(findings_under(ROOT), "地址和路径"))
