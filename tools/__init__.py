"""The workshop: what ``./wenyou check``, ``test`` and ``fmt`` do. Nothing here is shipped."""
