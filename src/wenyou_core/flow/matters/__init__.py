"""One table per matter: its states, its moves, its clocks; see docs/dev/flow.md for pictures."""
