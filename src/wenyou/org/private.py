"""Telephone and identity number of a person: sealed in the row, masked on screen."""

from __future__ import annotations

import re

from wenyou.knobs.services import setting
from wenyou.org.models import Employee
from wenyou.vault.house import index_of, indexes_of, open_field, seal_field, sealed_with
from wenyou.vault.keyring import KeyMissing
from wenyou.vault.marking import marking
from wenyou.vault.mask import is_identity, mask_identity, mask_phone, one_form
from wenyou.vault.seal import SealBroken
from wenyou_core.errors import InputRefused

MODEL = "employee"
FIELDS = {"phone": "手机号", "identity": "身份证号"}
_PHONE = re.compile(r"[0-9]{7,15}")
UNREADABLE = "（密钥缺失，无法显示）"


def judged(field: str, text: str) -> str:
    """The number in its one form; raises InputRefused for what cannot be one."""
    plain = one_form(text)
    if not plain:
        return ""
    if field == "phone" and not _PHONE.fullmatch(plain):
        raise InputRefused("org-phone", "手机号应为 7 至 15 位数字，请核对。")
    if field == "identity" and not is_identity(plain):
        raise InputRefused("org-identity", "身份证号应为 18 位且校验位正确，请核对。")
    return plain


def put(employee: Employee, field: str, text: str) -> bool:
    """Seal a number into the saved row (not saving it); whether it differs from before."""
    plain = judged(field, text)
    if getattr(employee, f"{field}_index") in indexes_for(field, plain):
        return False
    sealed = seal_field(
        plain, model=MODEL, field=field, pk=employee.pk, cipher=str(setting("vault.cipher"))
    )
    setattr(employee, f"{field}_sealed", sealed)
    setattr(employee, f"{field}_index", index_for(field, plain))
    return True


def whole(employee: Employee, field: str) -> str:
    """The number itself; only for services that have logged why."""
    sealed = str(getattr(employee, f"{field}_sealed"))
    return open_field(sealed, model=MODEL, field=field, pk=employee.pk)


def masked(employee: Employee, field: str) -> str:
    """The number as it may stand on a page; empty when there is none."""
    try:
        plain = whole(employee, field)
    except (KeyMissing, SealBroken):
        return UNREADABLE
    return mask_phone(plain) if field == "phone" else mask_identity(plain)


def key_ids(employee: Employee) -> set[str]:
    """The keys needed to open this row."""
    return {sealed_with(employee.phone_sealed), sealed_with(employee.identity_sealed)} - {""}


def index_for(field: str, text: str) -> str:
    """What to write into ``<field>_index``, in the transaction that asks."""
    return index_of(text, purpose=f"{MODEL} {field}", key=marking()) if text else ""


def indexes_for(field: str, text: str) -> tuple[str, ...]:
    """What to compare ``<field>_index`` with, to find the person of a number."""
    return indexes_of(text, purpose=f"{MODEL} {field}")
