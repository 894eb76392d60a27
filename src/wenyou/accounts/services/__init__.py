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
from wenyou.accounts.services.second_step import (
    CodeRefused,
    begin_second_step,
    confirm_second_step,
    end_second_step,
    prove,
    renew_recovery_codes,
    reset_second_step,
)
from wenyou.accounts.services.settings import change_setting

__all__ = [
    "CodeRefused", "begin_second_step", "change_password", "change_setting", "confirm_second_step",
    "create_user", "end_role", "end_second_step", "grant_role", "lift_lock", "make_link", "prove",
    "rename_user", "renew_recovery_codes", "reset_password", "reset_second_step", "set_active",
    "set_password", "sign_out_everywhere", "signed_in", "signed_out", "use_link", "user_of_link",
]  # fmt: skip
