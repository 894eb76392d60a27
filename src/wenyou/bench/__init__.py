"""The bench of the pages: a bank as large as they come, filled by the database itself."""
