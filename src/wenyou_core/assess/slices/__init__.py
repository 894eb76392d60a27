"""Slices of a run: what one subject's figures rest on, with everybody else made anonymous."""
