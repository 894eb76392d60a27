"""What forms say of a wrong field, in our own sentences: what to do, not what the field is.

Django's are laid over where they are defined, so that every form has them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core import validators

DAY = "请填日历上有的日期，例如 2025-10-08。"
TIME = "请填时刻，例如 09:30。"
NUMBER, LIST = "请填数。", "请从列表里选。"
CHOICE = "“%(value)s”不在可选的范围内，请从列表里选。"
ROW = "选的这一项不在可选的范围内，请重新选。"
FILE = "没有收到文件，请重新选择后再提交。"
LINK = "网址不完整，请从浏览器的地址栏里完整复制。"

FIELDS: Mapping[type[forms.Field], Mapping[str, str]] = {
    forms.Field: {"required": "请填写这一项。"},
    forms.IntegerField: {"invalid": "请填整数。"},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.DateField: {"invalid": DAY},
    forms.TimeField: {"invalid": TIME},
    forms.DateTimeField: {"invalid": "请填日期和时刻，例如 2025-10-08 09:30。"},
    forms.SplitDateTimeField: {"invalid_date": DAY, "invalid_time": TIME},
    forms.DurationField: {
        "invalid": "请填时长，例如 09:30。",
        "overflow": "时长太大或太小，请核对。",
    },
    forms.ChoiceField: {"required": "请选择这一项。", "invalid_choice": CHOICE},
    forms.MultipleChoiceField: {"invalid_choice": CHOICE, "invalid_list": LIST},
    forms.TypedMultipleChoiceField: {"invalid_choice": CHOICE},
    forms.ModelChoiceField: {"required": "请选择这一项。", "invalid_choice": ROW},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": ROW,
        "invalid_list": LIST,
        "invalid_pk_value": ROW,
    },
    forms.MultiValueField: {"invalid": LIST, "incomplete": "没有填完整，请补充。"},
    forms.FileField: {
        "required": "请选择这一项。",
        "invalid": FILE,
        "missing": FILE,
        "empty": "这个文件是空的，请重新选择。",
        "max_length": "文件名最多 %(max)d 个字，现在有 %(length)d 个，请改名后再选择。",
        "contradiction": "要么选择文件，要么勾选清除，请只留一样。",
    },
    forms.ImageField: {"invalid_image": "这不是一张能打开的图片，请重新选择。"},
    forms.URLField: {"invalid": LINK},
    forms.JSONField: {"invalid": "格式不对，请核对括号、引号和逗号。"},
    forms.UUIDField: {"invalid": "编号不对，请核对。"},
}
VALIDATORS: Mapping[Any, str] = {
    validators.BaseValidator: "应为 %(limit_value)s，请核对。",
    validators.MaxValueValidator: "不能大于 %(limit_value)s，请核对。",
    validators.MinValueValidator: "不能小于 %(limit_value)s，请核对。",
    validators.StepValueValidator: "应为 %(limit_value)s 的倍数，请核对。",
    validators.MaxLengthValidator: "最多 %(limit_value)d 个字，现在有 %(show_value)d 个，请删减。",
    validators.MinLengthValidator: (
        "至少要 %(limit_value)d 个字，现在有 %(show_value)d 个，请补充。"
    ),
    validators.ProhibitNullCharactersValidator: "里面有看不见的控制字符，请删除后重新填写。",
    validators.RegexValidator: "格式不对，请核对。",
    validators.URLValidator: LINK,
    validators.DomainNameValidator: "域名不对，请核对。",
    validators.EmailValidator: "邮箱地址不对，请核对。",
    validators.FileExtensionValidator: "不收这种文件，只收：%(allowed_extensions)s。",
}
DIGITS = {
    "invalid": NUMBER,
    "max_digits": "数太长，总共最多 %(max)s 位，请核对。",
    "max_decimal_places": "小数最多 %(max)s 位，请核对。",
    "max_whole_digits": "整数部分最多 %(max)s 位，请核对。",
}


def speak() -> None:
    """Have every form say these."""
    for field, said in FIELDS.items():
        field.default_error_messages = {**field.__dict__.get("default_error_messages", {}), **said}
    for validator, text in VALIDATORS.items():
        validator.message = text
    validators.DecimalValidator.messages = DIGITS
    for made in (validators.validate_email, validators.validate_slug,
                 validators.validate_unicode_slug, validators.validate_ipv4_address):  # fmt: skip
        if isinstance(made, validators.RegexValidator | validators.EmailValidator):
            made.message = VALIDATORS[type(made)]
