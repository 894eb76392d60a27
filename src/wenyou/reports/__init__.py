"""Reports: the figures of a month from matters, for a screen, for paper and for Excel."""
