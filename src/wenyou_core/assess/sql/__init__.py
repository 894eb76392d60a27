"""The SQL back end: a program compiled to statements of a portable subset, and run."""
