"""The desk: command line, workbooks, statements and their verifier, demo bank, benches."""
