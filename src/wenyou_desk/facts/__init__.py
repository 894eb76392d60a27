"""Facts of a period: the sheets a plan asks for, read, judged, and gathered into a book."""
