"""Tables between files and typed rows: read with places, write inert and reproducible.

Knows files, sheets, columns and cells; knows nothing of plans. docs/dev/tables.md.
"""

from __future__ import annotations

from wenyou_desk.tables.csvout import write_csv
from wenyou_desk.tables.loaded import Loaded, Remark, SourceFile, Table, TableFaults
from wenyou_desk.tables.moments import split_moment
from wenyou_desk.tables.read import CHOICES_SHEET, ENDINGS, INSTRUCTIONS_SHEET, read_tables
from wenyou_desk.tables.sheet import Progress
from wenyou_desk.tables.spec import Choice, ColumnSpec, Kind, ReadOptions, SheetSpec, Value
from wenyou_desk.tables.template import form_of, write_template
from wenyou_desk.tables.workbook import OutSheet, sheet_name, write_workbook

__all__ = [
    "CHOICES_SHEET",
    "ENDINGS",
    "INSTRUCTIONS_SHEET",
    "Choice",
    "ColumnSpec",
    "Kind",
    "Loaded",
    "OutSheet",
    "Progress",
    "ReadOptions",
    "Remark",
    "SheetSpec",
    "SourceFile",
    "Table",
    "TableFaults",
    "Value",
    "form_of",
    "read_tables",
    "sheet_name",
    "split_moment",
    "write_csv",
    "write_template",
    "write_workbook",
]
