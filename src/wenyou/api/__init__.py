"""What a person can do, a program can do: ``/api/v1``, over the same services and refusals."""

from __future__ import annotations
