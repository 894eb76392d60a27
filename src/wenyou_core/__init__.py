"""The functional core of 文优: plans as data, time, and assessment.

Plain Python: no Django, no clock, no files but what it is handed.
"""
