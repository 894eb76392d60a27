"""What a form says of a wrong field is a sentence of ours: what to do, in plain words."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from wenyou.org.models import Unit

FIELDS = [
    one
    for one in vars(forms).values()
    if isinstance(one, type) and issubclass(one, forms.Field)
]  # fmt: skip
JARGON = re.compile(r"变量|字符串|字符 |值。|输入|确认|确保|[,;:?!.(]|[a-z]{3}")


@pytest.mark.parametrize("kind", FIELDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_field_refuses_in_whole_sentences(kind: type[forms.Field]) -> None:
    said: dict[str, object] = {}
    for base in reversed(kind.__mro__):
        said |= getattr(base, "default_error_messages", {})
    for code, message in said.items():
        text = re.sub(r"%\(\w+\)[sd]", "甲", str(message))
        assert text.endswith("。"), (code, text)
        assert not JARGON.search(text.replace("2025-10-08", "").replace("09:30", "")), (code, text)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (forms.CharField(max_length=3), "一二三四五", "最多 3 个字，现在有 5 个，请删减。"),
        (forms.CharField(min_length=3), "一", "至少要 3 个字，现在有 1 个，请补充。"),
        (forms.CharField(), "坏\0字", "里面有看不见的控制字符，请删除后重新填写。"),
        (forms.IntegerField(max_value=5), "6", "不能大于 5，请核对。"),
        (forms.IntegerField(min_value=5), "4", "不能小于 5，请核对。"),
        (forms.IntegerField(step_size=5), "4", "应为 5 的倍数，请核对。"),
        (forms.IntegerField(), "四", "请填整数。"),
        (forms.DecimalField(), "四", "请填数。"),
        (forms.DecimalField(max_digits=3), "12345", "数太长，总共最多 3 位，请核对。"),
        (forms.DecimalField(decimal_places=1), "1.25", "小数最多 1 位，请核对。"),
        (
            forms.DecimalField(max_digits=3, decimal_places=1),
            "123",
            "整数部分最多 2 位，请核对。",
        ),
        (forms.DateField(), "2026-02-30", "请填日历上有的日期，例如 2025-10-08。"),
        (forms.TimeField(), "25:00", "请填时刻，例如 09:30。"),
        (forms.EmailField(), "a@", "邮箱地址不对，请核对。"),
        (forms.ChoiceField(choices=[("a", "甲")]), "b", "“b”不在可选的范围内，请从列表里选。"),
    ],
)
def test_wrong_words_are_answered_with_what_to_do(
    field: forms.Field, typed: Any, said: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)

    assert refused.value.messages == [said]


@pytest.mark.django_db
def test_row_that_is_gone_is_answered_with_what_to_do() -> None:
    with pytest.raises(ValidationError) as refused:
        forms.ModelChoiceField(Unit.objects.all()).clean("7")

    assert refused.value.messages == ["选的这一项不在可选的范围内，请重新选。"]


def test_empty_file_is_answered_with_what_to_do() -> None:
    with pytest.raises(ValidationError) as refused:
        forms.FileField().clean(SimpleUploadedFile("a.xlsx", b""))

    assert refused.value.messages == ["这个文件是空的，请重新选择。"]


@pytest.mark.parametrize(
    "judge",
    [
        validators.RegexValidator("a"),
        validators.URLValidator(),
        validators.validate_slug,
        validators.MaxValueValidator(Decimal(3)),
    ],
)
def test_validators_refuse_in_whole_sentences(judge: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        judge(Decimal(9) if isinstance(judge, validators.MaxValueValidator) else "坏 值")

    assert all(text.endswith("。") and not JARGON.search(text) for text in refused.value.messages)
