"""The difference of two runs (测算), taken apart by its causes."""
