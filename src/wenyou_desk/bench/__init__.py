"""Benches: each prints its figure and the ratio to a named floor or peer of the same run."""
