"""The states of every matter and the moves between them, as tables; the numbers are not here.

One file per matter under ``matters``; ``machine`` decides, ``registry`` names all flows. How
long a clock runs is said by the plan and its adoption, under the names the flows give.
"""
