"""The scheme language: plans as typed data, read article by article."""
