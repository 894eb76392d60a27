"""Assessment: facts in, entries, measures and outcomes out."""
