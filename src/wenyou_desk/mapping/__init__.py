"""Foreign CSV files as facts: a small mapping file instead of a program, and reconciliation."""
