"""Runs (测算): from facts to result.json, the workbook, and statements."""
