"""What the environment says: variables read once, bad values refused in a sentence.

Standard library only, so that the launcher's commands may ask before Django is loaded.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from wenyou_core.errors import InputRefused

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_SCHEMES = frozenset({"postgres", "postgresql"})
TRUE, FALSE = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Everything a bank owns lies in one folder: database, keys, evidence, results."""

    root: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.root / "wenyou.sqlite3"

    @property
    def keys(self) -> Path:
        """Secrets; never part of a backup."""
        return self.root / "keys"

    @property
    def evidence(self) -> Path:
        """Evidence files by the hash of their content."""
        return self.root / "evidence"

    @property
    def runs(self) -> Path:
        """What assessments wrote, one folder each."""
        return self.root / "runs"

    @property
    def uploads(self) -> Path:
        """Workbooks as they were handed in."""
        return self.root / "uploads"

    @property
    def backups(self) -> Path:
        """Encrypted backups."""
        return self.root / "backups"

    @property
    def anchors(self) -> Path:
        """Signed daily lines of the audit chain."""
        return self.root / "anchors"

    @property
    def static(self) -> Path:
        """Files of pages, when they have been collected for a release."""
        return self.root / "static"

    def ensure(self) -> None:
        """Make the folders; what is about people is for their owner alone, other accounts of the
        machine neither read nor copy it. InputRefused where it cannot.
        """
        own = (self.keys, self.evidence, self.runs, self.uploads)
        try:
            # Backups are encrypted and anchors public: both may be collected by other programs.
            for folder in (self.root, self.backups, self.anchors, self.static):
                folder.mkdir(parents=True, exist_ok=True)
            for folder in own:
                folder.mkdir(mode=0o700, exist_ok=True)
                keep_from_others(folder)
        except OSError as error:
            raise no_folder(self.root, error) from None
        # Sessions and hashes of passwords stand in the file that SQLite makes readable for all.
        for end in ("", "-wal", "-shm"):
            keep_from_others(self.database.with_name(f"{self.database.name}{end}"))


def keep_from_others(path: Path) -> None:
    """Let nobody but the owner read a file or folder; it may be missing or somebody else's."""
    with contextlib.suppress(OSError):
        mode = path.stat().st_mode
        if mode & 0o077:
            path.chmod(mode & 0o700)


def no_folder(root: Path, error: OSError) -> InputRefused:
    """Why nothing can be written into a data folder, and what to do."""
    why = {
        errno.EEXIST: "那里有一个同名的文件",
        errno.ENOTDIR: "路径里有一段是文件",
        errno.EACCES: "没有写入的权限",
        errno.EROFS: "磁盘是只读的",
        errno.ENOSPC: "磁盘已满",
    }.get(error.errno or 0, "这个位置不能建文件夹")
    return InputRefused(
        "data-folder",
        f"数据文件夹“{root}”不能写入：{why}。请检查路径和权限，或用 WENYOU_DATA 指定另一个文件夹。",
    )


def text(name: str, default: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """A variable, or the content of the file that ``NAME_FILE`` names (for secrets)."""
    file = environ.get(f"{name}_FILE", "")
    if not file:
        return environ.get(name, default).strip()
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise InputRefused(
            "environment-file", f"环境变量 {name}_FILE 指的文件“{file}”读不出来，请检查路径和权限。"
        ) from None


def flag(name: str, *, default: bool = False, environ: Mapping[str, str] = os.environ) -> bool:
    """A yes or no; anything else is refused."""
    said = text(name, "1" if default else "0", environ).lower()
    if said in TRUE or said in FALSE:
        return said in TRUE
    raise InputRefused(
        "environment-flag", f"环境变量 {name} 应为 1 或 0，现在是“{said}”，请改正。", name=name
    )


def words(name: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """A list separated by commas."""
    return [part.strip() for part in text(name, "", environ).split(",") if part.strip()]


def data_folder(environ: Mapping[str, str] = os.environ) -> DataFolder:
    """``WENYOU_DATA``, by default ``var/`` beside the program."""
    said = text("WENYOU_DATA", "", environ)
    return DataFolder(Path(said).expanduser().resolve() if said else ROOT / "var")


def database(folder: DataFolder, environ: Mapping[str, str] = os.environ) -> dict[str, object]:
    """Django's settings of the database: SQLite in the folder, or the PostgreSQL named.

    SQLite needs WAL and IMMEDIATE, or two writers lock each other out.
    """
    url = text("WENYOU_DATABASE_URL", "", environ)
    if url:
        return postgres(url)
    durable = "FULL" if flag("WENYOU_SQLITE_DURABLE", default=True, environ=environ) else "NORMAL"
    pragmas = (
        "PRAGMA journal_mode=WAL;"
        f"PRAGMA synchronous={durable};"
        "PRAGMA mmap_size=134217728;"
        "PRAGMA journal_size_limit=27103364;"
        "PRAGMA cache_size=-20000;"
    )
    options = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": pragmas}
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(folder.database),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
    }


def postgres(url: str) -> dict[str, object]:
    """Settings for ``postgres://user:password@host:port/name?option=value``."""
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in POSTGRES_SCHEMES or not name:
        raise InputRefused(
            "environment-database",
            "环境变量 WENYOU_DATABASE_URL 应形如 postgres://用户:口令@主机:端口/库名，请改正。",
        )
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "")) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def secret(folder: DataFolder, environ: Mapping[str, str] = os.environ) -> str:
    """The signing key: ``WENYOU_SECRET_KEY``, else one made at first use and kept in keys."""
    given = text("WENYOU_SECRET_KEY", "", environ)
    if given:
        return given
    folder.ensure()
    path = folder.keys / "secret.key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as file:
        fresh = secrets.token_urlsafe(48)
        file.write(fresh)
    return fresh
