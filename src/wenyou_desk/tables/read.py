"""Files and folders to typed tables: which file is what, which sheet is which.

Nothing is half-loaded: either every row of every table is good, or all faults are raised
together.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wenyou_core.errors import InputRefused, Place
from wenyou_desk.collector import collector_off
from wenyou_desk.tables.cells import Source, key
from wenyou_desk.tables.csvfile import open_csv
from wenyou_desk.tables.grid import Grid
from wenyou_desk.tables.header import Header, HeaderSearch
from wenyou_desk.tables.loaded import FileRefused, Loaded, Report, SourceFile, Table, TableFaults
from wenyou_desk.tables.ole import SIGNATURE, CompoundFile
from wenyou_desk.tables.parquetfile import open_parquet
from wenyou_desk.tables.sheet import Progress, read_sheet
from wenyou_desk.tables.spec import ReadOptions, SheetSpec
from wenyou_desk.tables.xls import ENCRYPTED, open_xls
from wenyou_desk.tables.xlsx import MACROS, SheetGrid, open_xlsx

INSTRUCTIONS_SHEET = "填表说明"
CHOICES_SHEET = "可选值"
_OWN_SHEETS = (INSTRUCTIONS_SHEET, CHOICES_SHEET)
ENDINGS = (".xlsx", ".xls", ".csv", ".tsv", ".parquet")
_MACRO_ENDINGS = (".xlsm", ".xltm", ".xlam")
_READABLE = "可读入的有 .xlsx、.xls、.csv、.parquet。"
_SAVE_AS = f"{_READABLE}请用 Excel 或 WPS 另存为 .xlsx。"
_SAVE_OR_MOVE = f"{_READABLE}是台账的，请用 Excel 或 WPS 另存为 .xlsx；不是的，请移到别处。"
_OLD_NAME = "文件名用的是旧的编码，多半是解压时没有转换。请把文件改名再读入。"
_GONE = "文件已经不在，或是断开的链接，没有读到内容。请核对，或移走这个名字。"


def read_tables(
    path: Path,
    specs: Sequence[SheetSpec],
    *,
    options: ReadOptions | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Read a file, or every file of a folder in order of name, into typed tables.

    Raises TableFaults (a FactsError) with all faults of all files, InputRefused when there
    is nothing to read. ``progress`` is told the file's name and the rows read of a sheet.
    """
    options = options or ReadOptions()
    report = Report(options.max_faults)
    reader = _Reader(specs, options, report, progress)
    tables: list[Table] = []
    sources: list[SourceFile] = []
    with collector_off():
        for file in _files(path, options, report):
            try:
                tables += reader.read(file)
                sources.append(_source(file))
            except FileRefused as refused:
                place = refused.place or Place(file=_meant(file.name))
                report.fault(place, refused.code, refused.text)
            except FileNotFoundError:  # a link to nothing, or taken away just now
                report.fault(Place(file=_meant(file.name)), "no_such_file", _GONE)
    if report.faults:
        raise TableFaults(
            report.faults, remarks=report.remarks, unlisted=report.unlisted, tables=tables
        )
    return Loaded(tuple(tables), tuple(report.remarks), tuple(sources))


def _files(path: Path, options: ReadOptions, report: Report) -> list[Path]:
    if not path.exists():
        raise InputRefused("no_such_file", f"找不到文件或文件夹「{path.name}」。请核对路径。")
    if not path.is_dir():
        return [path]
    files: list[Path] = []
    for entry in sorted(path.iterdir(), key=lambda entry: entry.name):
        place = Place(file=_meant(entry.name))
        if entry.suffix.lower() in options.ignored_endings:
            if entry.suffix.lower() in options.told_endings:
                text = "是文字文件，没有读入。里面如果是台账，请另存为 .csv 或 .xlsx。"
                report.remark(place, "ignored_file", text)
            continue
        if entry.name.startswith(("~$", ".", "Thumbs.db", "desktop.ini")):
            report.remark(place, "ignored_file", "是临时文件或隐藏文件，没有读入。")
        elif entry.is_dir():
            report.remark(place, "ignored_folder", "是子文件夹，没有读入。")
        else:
            files.append(entry)
    if not files:
        text = f"文件夹「{path.name}」里没有可读入的文件。{_SAVE_AS}"
        raise InputRefused("empty_folder", text)
    if len(files) > options.max_files:
        text = f"文件夹「{path.name}」里有 {len(files)} 个文件，超过上限 {options.max_files} 个。"
        raise InputRefused("too_many_files", text + "请分批读入。")
    return files


def _meant(name: str) -> str:
    """A file's name as it was meant: one that is no UTF-8 comes from a Chinese system of old."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return os.fsencode(name).decode("gb18030", "replace")
    return name


def _source(path: Path) -> SourceFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceFile(path.name, path.stat().st_size, digest)


@dataclass(frozen=True, slots=True)
class _Choice:
    """A sheet with the spec it was found to be."""

    grid: Grid
    search: HeaderSearch
    by_header: bool


class _Reader:
    def __init__(
        self,
        specs: Sequence[SheetSpec],
        options: ReadOptions,
        report: Report,
        progress: Progress | None,
    ) -> None:
        self._searches = [HeaderSearch(spec) for spec in specs]
        count = Counter(key(column.title) for spec in specs for column in spec.columns)
        self._shared = {title for title, times in count.items() if times > 1}
        self._options = options
        self._report = report
        self._progress = progress

    def read(self, path: Path) -> list[Table]:
        tables: list[Table] = []
        for choice in self._choose(path, self._open(path)):
            table = self._table(choice)
            if table is not None:
                tables.append(table)
        return tables

    def _open(self, path: Path) -> list[SheetGrid]:
        """Sheets of a file, not yet loaded. A CSV or Parquet file is one, named by the file."""
        name = _meant(path.name)
        if name != path.name:
            raise FileRefused("old_name", _OLD_NAME, Place(file=name))
        ending = path.suffix.lower()
        options = self._options
        if ending in _MACRO_ENDINGS:
            raise FileRefused("macros", MACROS)
        if ending not in ENDINGS:
            what = (
                f"不认识的文件类型「{path.suffix}」"
                if ending
                else "文件名没有扩展名，看不出是什么文件"
            )
            raise FileRefused("unknown_ending", f"{what}。{_SAVE_OR_MOVE}")
        size = path.stat().st_size
        if size > options.max_file_bytes:
            text = (
                f"文件有 {size / 1_000_000:.0f} MB，超过一次读入的上限 "
                f"{options.max_file_bytes / 1_000_000:.0f} MB。请按月份或网点拆成几个文件。"
            )
            raise FileRefused("file_too_large", text)
        if size == 0:
            raise FileRefused("empty_file", "文件是空的。请核对是否保存成功。")
        if ending in (".xlsx", ".xls"):
            _check_content(path, ending)
        if ending == ".xlsx":
            return list(open_xlsx(path, path.name, options, self._report))
        if ending == ".xls":
            return list(open_xls(path, path.name, options))
        if ending == ".parquet":
            return [(path.stem, lambda: open_parquet(path, path.name, options))]
        return [(path.stem, lambda: open_csv(path, path.name, options, self._titles))]

    def _titles(self, grid: Grid) -> int:
        return max((search.best_row(grid)[1] for search in self._searches), default=0)

    def _choose(self, path: Path, sheets: list[SheetGrid]) -> Iterable[_Choice]:
        """Which spec each sheet fills: by its name, else by its header."""
        named: set[str] = set()
        strangers: list[SheetGrid] = []
        found = False
        faults = len(self._report.faults)
        for name, load in sheets:
            search = self._by_name(name)
            if search is not None:
                named.add(search.spec.name)
                found = True
                yield _Choice(load(), search, by_header=False)
            elif name not in _OWN_SHEETS:
                strangers.append((name, load))
        for name, load in strangers:
            choice = self._by_header(path, name, load(), named, alone=len(sheets) == 1)
            if choice is not None:
                found = True
                yield choice
        if not found and len(self._report.faults) == faults:
            titles = "、".join(f"「{search.spec.title}」" for search in self._searches)
            text = f"没有找到要读入的工作表。应有的表：{titles}。请把工作表改成其中的名字。"
            self._report.fault(Place(file=path.name), "no_known_sheet", text)

    def _by_name(self, name: str) -> HeaderSearch | None:
        """The spec whose title, name or alias the sheet's name is, or begins with.

        Behind it may only stand what is not a word: 投诉(2), 投诉_甲网点, 投诉2025.
        """
        word = key("_".join(name.split()))
        best: tuple[int, HeaderSearch] | None = None
        for search in self._searches:
            spec = search.spec
            for title in (spec.title, spec.name, *spec.aliases):
                title = key("_".join(title.split()))
                rest = word[len(title) :]
                fits = word.startswith(title) and (not rest or not rest[0].isalpha())
                if fits and (best is None or len(title) > best[0]):
                    best = (len(title), search)
        return best[1] if best else None

    def _by_header(
        self, path: Path, name: str, grid: Grid, named: set[str], *, alone: bool
    ) -> _Choice | None:
        if alone:
            search = self._by_name(path.stem)
            if search is not None or len(self._searches) == 1:
                return _Choice(grid, search or self._searches[0], by_header=False)
        if grid.empty:
            return None
        place = grid.place()
        fitting = [(s.best_row(grid), s) for s in self._searches]
        complete = [(row[1], search) for row, search in fitting if row[2]]
        if not complete:
            return self._by_part_of_header(grid, named)
        most = max(matched for matched, _ in complete)
        best = [search for matched, search in complete if matched == most]
        near = self._nearest(grid)
        if near is not None and near.nearly(grid, self._shared) > most:
            return self._by_part_of_header(
                grid, named
            )  # every title of best stands there by chance
        titles = "」「".join(search.spec.title for search in best)
        if len(best) > 1 or best[0].spec.name in named:
            rename = "其中之一" if len(best) > 1 else f"「{titles}(2)」这样的名字"
            text = (
                f"工作表「{name}」的名字不认识，表头却像「{titles}」。"
                f"要读入请改名为{rename}，不要读入请移出这个文件。"
            )
            self._report.fault(place, "sheet_name", text)
            return None
        strangers = best[0].strangers(grid, self._shared)
        if strangers:
            text = (
                f"名字不认识，表头里只有几张表都有的列和不认识的列（「{'」、「'.join(strangers)}」），"
                f"看不出是哪一张表。要读入请用表名作名字（像是「{titles}」），不要读入请移出这个文件。"
            )
            self._report.fault(place, "sheet_name", text)
            return None
        return _Choice(grid, best[0], by_header=True)

    def _nearest(self, grid: Grid) -> HeaderSearch | None:
        """Whose sheet it most likely is, with most of its titles and some that no other has."""
        near = max(self._searches, key=lambda one: one.nearly(grid, self._shared))
        return near if near.nearly(grid, self._shared) else None

    def _by_part_of_header(self, grid: Grid, named: set[str]) -> _Choice | None:
        """A sheet with most titles of one of ours: its header is told as faulty, for rows that are
        left out in silence would count as nothing having happened."""
        near = self._nearest(grid)
        if near is None or near.spec.name in named:
            self._report.remark(grid.place(), "unknown_sheet", "是不认识的工作表，没有读入。")
            return None
        text = f"名字不认识，表头最像「{near.spec.title}」，却不完整；若不要读入，请移出这个文件。"
        self._report.remark(grid.place(), "sheet_by_header", text)
        return _Choice(grid, near, by_header=True)

    def _table(self, choice: _Choice) -> Table | None:
        grid, spec = choice.grid, choice.search.spec
        header = choice.search.read(grid)
        if not isinstance(header, Header):
            for fault in header:
                self._report.fault(fault.place, fault.code, fault.text)
            return None
        if choice.by_header:
            text = f"名字不认识，按表头当作「{spec.title}」读入。"
            self._report.remark(grid.place(), "sheet_by_header", text)
        if grid.hidden:
            text = "工作表是隐藏的，照样读入。不该计算的，请从文件里删去。"
            self._report.remark(grid.place(), "hidden_sheet", text)
        source = Source(grid.origin, self._options, grid.date_1904)
        return read_sheet(
            grid, spec, header, source=source, report=self._report, progress=self._progress
        )


def _check_content(path: Path, ending: str) -> None:
    """Compare what a workbook's name says with what its first bytes are."""
    with path.open("rb") as file:
        start = file.read(512)
    if start.startswith(b"PK"):
        actual = ".xlsx"
    elif start.startswith(SIGNATURE):
        actual = ".xls"
        if ending == ".xlsx" and "EncryptedPackage" in CompoundFile(path).names:
            raise FileRefused("encrypted", ENCRYPTED)
    else:
        lower = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        web = lower.startswith((b"<html", b"<!doctype", b"<table", b"<?xml"))
        what = "网页" if web else "别的格式"
        text = f"扩展名是 {ending}，内容却是{what}。请用 Excel 或 WPS 打开后另存为 .xlsx。"
        raise FileRefused("other_format", text)
    if actual != ending:
        text = f"扩展名是 {ending}，内容却是 {actual} 工作簿。请改正扩展名，或另存为 .xlsx。"
        raise FileRefused("other_format", text)
