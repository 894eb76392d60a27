"""One helper for all lists: filters in the address, chips, sort, paging, columns, Excel.

Declare a ``Listing`` once, call ``answer`` in the view; docs/dev/pages.md shows how.
"""

from __future__ import annotations

from wenyou.web.listing.columns import Column, Due, State
from wenyou.web.listing.export import Exported
from wenyou.web.listing.filters import Beneath, Choice, Days, Found, Switch, Text
from wenyou.web.listing.page import Empty, Listing, ListPage
from wenyou.web.listing.turning import Aside

__all__ = [
    "Aside", "Beneath", "Choice", "Column", "Days", "Due", "Empty", "Exported", "Found", "ListPage",
    "Listing", "State", "Switch", "Text",
]  # fmt: skip
