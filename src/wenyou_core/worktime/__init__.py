"""Time as an office counts it: periods, working days, working hours, deadlines.

Pure functions of what they are handed; there is no clock and no file access in here.
"""
