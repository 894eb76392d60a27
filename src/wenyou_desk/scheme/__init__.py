"""What an author does with a plan: check, lint, show, test, diff, schema."""
