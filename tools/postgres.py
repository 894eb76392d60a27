"""A PostgreSQL for the tests of storage: a new cluster in a new folder, gone afterwards."""

from __future__ import annotations

from wenyou.bench.cluster import NoPostgres, cluster

__all__ = ["NoPostgres", "cluster"]
