"""What can be done to accounts, roles, passwords, locks and settings; each act leaves its row."""

from __future__ import annotations

from wenyou.accounts.services.accounts import (
    create_user,
    rename_user,
    set_active,
    sign_out_everywhere,
    signed_in,
    signed_out,
)
from wenyou.accounts.services.links import make_link, reset_password, use_link, user_of_link
from wenyou.accounts.services.locks import lift_lock
from wenyou.accounts.services.passwords import change_password, set_password
from wenyou.accounts.services.roles import end_role, grant_role
from wenyou.accounts.services.settings import change_setting

__all__ = [
    "change_password", "change_setting", "create_user", "end_role", "grant_role", "lift_lock",
    "make_link", "rename_user", "reset_password", "set_active", "set_password",
    "sign_out_everywhere", "signed_in", "signed_out", "use_link", "user_of_link",
]  # fmt: skip
