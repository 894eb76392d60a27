"""Plans as data (YAML) with their cases. No logic lives here."""
