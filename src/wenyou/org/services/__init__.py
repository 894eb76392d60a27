"""What can be done to units, people, duties, hours and the calendar; each act leaves its row."""

from __future__ import annotations

from wenyou.org.services.calendar import (
    calendar_from_table,
    enter_calendar_year,
    load_shipped_calendar,
)
from wenyou.org.services.closing import ending_with
from wenyou.org.services.duties import end_leave, set_hours, set_roster, take_leave
from wenyou.org.services.groups import (
    add_member,
    end_group,
    end_member,
    form_group,
    issue_letter,
    sign_letter,
    sign_own,
)
from wenyou.org.services.people import add_employee, change_employee, leave_house, unmask
from wenyou.org.services.posts import appoint, end_posting, refresh_people, transfer
from wenyou.org.services.units import (
    change_contact,
    close_unit,
    merge_unit,
    move_unit,
    open_unit,
    reclass_unit,
    rename_unit,
    take_back,
    to_take_back,
)
from wenyou.org.tree import refresh_units

__all__ = [
    "add_employee", "add_member", "appoint", "calendar_from_table", "change_contact",
    "change_employee", "close_unit", "end_group", "end_leave", "end_member", "end_posting", "ending_with",
    "enter_calendar_year", "form_group", "issue_letter", "leave_house", "load_shipped_calendar",
    "merge_unit", "move_unit", "open_unit", "reclass_unit", "refresh_people", "refresh_units",
    "rename_unit", "set_hours", "set_roster", "sign_letter", "sign_own", "take_back", "take_leave",
    "to_take_back", "transfer", "unmask",
]  # fmt: skip
