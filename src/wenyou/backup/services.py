"""Write a bank into one encrypted file; check such a file; bring a bank back from one.

The file holds every row of the database, the evidence and what assessments wrote; keys never.
A restore goes into an empty database and is checked whole before the first row is written.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.apps import apps
from django.apps.registry import Apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.backup.crypt import BackupBroken, DecryptingReader, EncryptingWriter, read_head
from wenyou.backup.keys import adopt, needed, refuse_missing, ring_of
from wenyou.backup.tables import advance_sequences, kept_models, load_rows, look_through, rows_of
from wenyou.search.setup import remove_index
from wenyou.tables import made_at_once
from wenyou.vault.keyring import KeyRing
from wenyou_core.errors import InputRefused

register_actions({"backup.write": "备份", "backup.restore": "从备份恢复"})

SUFFIX = ".wenyou"
MANIFEST = "manifest.json"
FOLDERS = ("evidence", "runs", "uploads", "anchors")
CHUNK = 1 << 20
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a checked backup holds."""

    head: dict[str, object]
    tables: dict[str, dict[str, Any]]
    migrations: list[tuple[str, str]]
    files: int
    rows: int


def write_backup(*, reason: str, target: Path | None = None) -> Path:
    """Write a backup of this bank and its audit row; the path of the file.

    Raises InputRefused when ``target`` exists. Nothing half-written keeps the name.
    """
    path = write_file(reason=reason, target=target)
    note(path, reason=reason)
    return path


@transaction.atomic
def note(path: Path, *, reason: str) -> None:
    """Say in the log that a backup was written."""
    record("backup.write", by=None, change=Change(new={"file": path.name, "reason": reason}))


def write_file(*, reason: str, target: Path | None = None) -> Path:
    """The same without the row: before an upgrade the log has the form of the older program."""
    now = timezone.now()
    path = target or settings.DATA.backups / name_of(now)
    if path.exists():
        raise InputRefused("backup-exists", f"文件“{path}”已存在，没有覆盖。请换一个文件名。")
    ring = KeyRing(settings.DATA.keys)
    ring.current()
    said = {"made_at": now.isoformat(), "version": settings.VERSION, "reason": reason}
    head = {**said, **needed(ring)}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with (
            part.open("xb") as file,
            EncryptingWriter(file, ring, head) as sealed,
            tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
        ):
            fill(tar)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def name_of(now: datetime) -> str:
    """The file name of a backup made now."""
    return f"wenyou-{timezone.localtime(now):%Y%m%d-%H%M%S}-{now.microsecond:06d}{SUFFIX}"


def fill(tar: tarfile.TarFile) -> None:
    """All tables at one moment, then all files, then the list of what went in."""
    tables: dict[str, object] = {}
    with snapshot():
        migrations = sorted(MigrationRecorder(connection).applied_migrations())
        for model in kept_models(registry_now()):
            names = [field.attname for field in model._meta.concrete_fields]
            with tempfile.TemporaryFile() as file:
                rows, digest = spool(rows_of(model), file)
                add(tar, f"tables/{model._meta.label}.jsonl.gz", file)
            tables[model._meta.label] = {"columns": names, "rows": rows, "sha256": digest}
    files = {}
    for folder in FOLDERS:
        root: Path = settings.DATA.root / folder
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink():
                name = f"files/{folder}/{path.relative_to(root).as_posix()}"
                with path.open("rb") as stream:
                    files[name] = add(tar, name, stream)
    said = {"tables": tables, "migrations": migrations, "files": files}
    add(tar, MANIFEST, io.BytesIO(json.dumps(said, ensure_ascii=False).encode()))


def registry_now() -> Apps:
    """The models as the database has them: before an upgrade not those of this program."""
    loader = MigrationExecutor(connection).loader
    applied = [node for node in loader.applied_migrations if node in loader.graph.nodes]
    if set(loader.graph.leaf_nodes()) <= set(applied):
        return apps
    last = [node for node in applied if not _goes_on(loader.graph, node, applied)]
    return loader.project_state(last).apps


def _goes_on(graph: MigrationGraph, node: tuple[str, str], applied: list[tuple[str, str]]) -> bool:
    """Whether a later migration of the same app was applied too."""
    children = graph.node_map[node].children
    return any(child.key[0] == node[0] and child.key in applied for child in children)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything as of one moment, without holding up those who write."""
    mode = getattr(connection, "transaction_mode", None)
    try:
        if connection.vendor == "sqlite":
            connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
        with transaction.atomic():
            if connection.vendor == "postgresql" and not connection.savepoint_ids:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]


def spool(lines: Iterator[bytes], file: IO[bytes]) -> tuple[int, str]:
    """Pack lines into ``file``; their number and the hash of what they say."""
    digest, count = hashlib.sha256(), 0
    with gzip.GzipFile(fileobj=file, mode="wb", compresslevel=5, mtime=0) as packed:
        for line in lines:
            digest.update(line)
            packed.write(line)
            count += 1
    return count, digest.hexdigest()


def add(tar: tarfile.TarFile, name: str, stream: IO[bytes]) -> str:
    """Put a stream that can be rewound into the archive; the hash of its bytes.

    What is appended meanwhile (a line of the anchors) is left to the next backup.
    """
    size = left = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    digest = hashlib.sha256()
    while block := stream.read(min(CHUNK, left)):
        digest.update(block)
        left -= len(block)
    stream.seek(0)
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, stream)
    return digest.hexdigest()


def restore(path: Path, *, keys: Path | None, say: Say, lenient: bool = False) -> Contents:
    """Bring a bank back into the empty database of this data folder.

    The file is unpacked and compared with its own list first. Raises InputRefused when there
    is a bank already or a key is missing that sealed columns need (unless ``lenient``),
    BackupBroken, KeyMissing; then nothing has been changed.
    """
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings.DATA.root) as name:
        stage = Path(name)
        say("正在解密并核对备份……")
        contents = unpack(path, stage, ring_of(keys))
        lacks = refuse_missing(contents.head, ring_of(keys), lenient=lenient)
        refuse_unknown(contents)
        refuse_if_bank_exists()
        for lack in lacks:
            say(lack)
        say(f"核对无误：{contents.rows} 行数据，{contents.files} 个文件。正在写入……")
        # The rows come last: whatever breaks before (a full disk) leaves the bank empty, and the
        # restore can be run again.
        if keys is not None:
            adopt(keys)
        for folder in FOLDERS:
            if (stage / "files" / folder).exists():
                shutil.copytree(
                    stage / "files" / folder, settings.DATA.root / folder, dirs_exist_ok=True
                )
        load_tables(stage, contents)
    # Brings an older bank to today and, last of all, makes the index of search.
    call_command("migrate", verbosity=0, interactive=False)
    look_through()
    with transaction.atomic():
        record("backup.restore", by=None, change=Change(new={"file": path.name}))
    return contents


def check(path: Path, *, keys: Path | None) -> Contents:
    """Whether a backup can be read whole; changes nothing."""
    with tempfile.TemporaryDirectory(prefix="check-", dir=settings.DATA.root) as name:
        return unpack(path, Path(name), ring_of(keys))


def unpack(path: Path, stage: Path, ring: KeyRing) -> Contents:
    """Decrypt into ``stage`` and compare everything with the list inside."""
    try:
        source = path.open("rb")
    except OSError:
        raise InputRefused(
            "backup-missing", f"备份文件“{path}”读不出来，请核对路径和权限。"
        ) from None
    found: dict[str, str] = {}
    with source, io.BufferedReader(DecryptingReader(source, ring), CHUNK) as plain:
        head = plain.raw.head
        try:
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                for entry in tar:
                    found[entry.name] = take(tar, entry, stage)
            while plain.read(CHUNK):
                continue
        except tarfile.TarError:
            raise BackupBroken("内部结构已损坏") from None
    return compared(head, found, stage)


def take(tar: tarfile.TarFile, entry: tarfile.TarInfo, stage: Path) -> str:
    """Write one entry beneath ``stage``; the hash of its bytes."""
    name = PurePosixPath(entry.name)
    stream = tar.extractfile(entry) if entry.isfile() else None
    if stream is None or name.is_absolute() or ".." in name.parts:
        raise BackupBroken(f"里有不该有的内容“{entry.name}”")
    target = stage / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as file:
        while block := stream.read(CHUNK):
            digest.update(block)
            file.write(block)
    return digest.hexdigest()


def compared(head: dict[str, object], found: dict[str, str], stage: Path) -> Contents:
    """Compare what was unpacked with the list; raises BackupBroken."""
    if MANIFEST not in found:
        raise BackupBroken("缺少内容清单")
    said = json.loads((stage / MANIFEST).read_text(encoding="utf-8"))
    tables = {f"tables/{label}.jsonl.gz" for label in said["tables"]}
    files = {name: digest for name, digest in found.items() if name.startswith("files/")}
    if files != said["files"] or tables != {n for n in found if n.startswith("tables/")}:
        raise BackupBroken("的内容与清单不符")
    rows = 0
    for label, one in said["tables"].items():
        digest, count = hashlib.sha256(), 0
        with gzip.open(stage / "tables" / f"{label}.jsonl.gz") as lines:
            for line in lines:
                digest.update(line)
                count += 1
        if count != one["rows"] or digest.hexdigest() != one["sha256"]:
            raise BackupBroken(f"的数据表“{label}”与清单不符")
        rows += count
    migrations = [(app, name) for app, name in said["migrations"]]
    return Contents(head, said["tables"], migrations, len(files), rows)


def refuse_unknown(contents: Contents) -> None:
    """A backup of a newer program cannot be understood by this one."""
    known = set(MigrationExecutor(connection).loader.graph.nodes)
    if not known.issuperset(contents.migrations):
        raise InputRefused(
            "backup-newer",
            f"这份备份由更新的程序（{contents.head.get('version')}）写成，本程序版本为 "
            f"{settings.VERSION}。请先升级程序再恢复。",
        )


def refuse_if_bank_exists() -> None:
    """Only an empty database is written into."""
    if "wenyou_user" in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) FROM wenyou_user")
            count = cursor.fetchone()[0]
        if count:
            raise InputRefused(
                "restore-occupied",
                "这里已有一家机构的数据，没有覆盖。请用 WENYOU_DATA 指定一个新的文件夹"
                "（或用 WENYOU_DATABASE_URL 指定一个空库）再恢复。",
            )


def load_tables(stage: Path, contents: Contents) -> None:
    """Bring the database to the state of the backup and fill it, in one transaction."""
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    held = contents.migrations
    targets = [node for node in held if not _goes_on(graph, node, held)]
    if not made_at_once(targets):
        executor.migrate(targets)
    registry = MigrationExecutor(connection).loader.project_state(targets).apps
    with transaction.atomic():
        remove_index()
        for model in kept_models(registry):
            # An empty house has calendars already; references are looked at when all is written.
            model._base_manager.all()._raw_delete(connection.alias)
        for model in kept_models(registry):
            one = contents.tables.get(model._meta.label)
            if one is None:
                continue
            with gzip.open(stage / "tables" / f"{model._meta.label}.jsonl.gz") as lines:
                load_rows(model, list(one["columns"]), lines)
        advance_sequences(registry)


def head_of(path: Path) -> dict[str, object]:
    """What a backup says of itself without a key."""
    with path.open("rb") as file:
        return read_head(file)[0]
