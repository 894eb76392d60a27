"""The form of any move, and of any registration, made from what the flow asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.evidence.models import Evidence
from wenyou.evidence.services import store
from wenyou.matters.fields import (
    CHOICES,
    LONGEST_LINE,
    LONGEST_TEXT,
    REFS,
    SOURCES,
    Kind,
    Value,
    kind_of,
)
from wenyou.matters.kinds import KINDS, registering
from wenyou.matters.models import Matter
from wenyou.matters.services import Particulars
from wenyou.org.models import Unit
from wenyou.org.queries import people_visible_to, units_open, units_visible_to
from wenyou.web import days
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import Move
from wenyou_core.flow.needs import need_title
from wenyou_core.flow.registry import FLOWS, flow_named

FEW_UNITS = 60
_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])")
MOMENT = "%Y-%m-%dT%H:%M"
ASKED_FOR = {
    "customer_request": "用一句话写明客户要什么；不要写客户的证件号和账号。",
    "facts": "按时间先后写：谁、何时、做了什么，依据哪条录音录像或记录。",
    "reply": "将发给客户的文字，写完整、客气，不写内部处理意见。",
    "grounds": "写明事实和依据的条款。",
    "article": "例如 三.2(1)。",
    "statement": "由本人写明经过，如实、完整。",
}


class UnitField(forms.CharField):
    """A unit by code or by its full name, among those that may be chosen."""

    def __init__(self, units: Any, **options: Any) -> None:
        super().__init__(max_length=120, **options)
        self.units = units
        self.help_text = self.help_text or "填机构号或完整的机构名称。"

    def clean(self, value: Any) -> Any:
        """The unit, None when it may be left out."""
        said = super().clean(value)
        if not said:
            return None
        found = list(self.units.filter(code=said)[:2]) or list(self.units.filter(name=said)[:2])
        if not found:
            raise forms.ValidationError(
                f"没有找到机构“{said}”，请填写机构号，或您可以选择的机构的完整名称。"
            )
        if len(found) > 1:
            raise forms.ValidationError(f"有几个机构都叫“{said}”，请改填机构号。")
        return found[0]


class PersonField(forms.CharField):
    """A person by 员工号, or by a name that only one of those visible bears."""

    def __init__(self, people: Any, **options: Any) -> None:
        super().__init__(max_length=60, **options)
        self.people = people
        self.help_text = self.help_text or "填员工号；没有重名时也可以填姓名。"

    def clean(self, value: Any) -> Any:
        """The person, None when nobody need be named."""
        said = super().clean(value)
        if not said:
            return None
        found = list(self.people.filter(number=said)[:2]) or list(self.people.filter(name=said)[:2])
        if not found:
            raise forms.ValidationError(f"没有找到员工“{said}”，请填写员工号。")
        if len(found) > 1:
            raise forms.ValidationError(f"有几名员工都叫“{said}”，请改填员工号。")
        return found[0]


class ManyFilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All files of the field."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Files that are stored at once, so that an error elsewhere does not lose them."""

    widget = ManyFilesInput

    def __init__(self, user: User, unit: Unit, kept: Sequence[Evidence], **options: Any) -> None:
        super().__init__(**options)
        self.user, self.unit, self.kept = user, unit, list(kept)
        self.required = options.get("required", True) and not self.kept

    def clean(self, data: Any, initial: Any = None) -> Any:
        """What was uploaded before and now, as evidence."""
        given = [one for one in (data or []) if isinstance(one, UploadedFile)]
        if not given and not self.kept and self.required:
            raise forms.ValidationError("请上传文件。")
        try:
            fresh = [store(one, by=self.user, unit=self.unit) for one in given]
        except InputRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        self.kept = [*self.kept, *fresh]
        return self.kept


class NeedsForm(forms.Form):
    """Fields for needs; ``filled`` are the answers when it is valid."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User,
        unit: Unit,
        needs: Iterable[str],
        known: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.user, self.unit = user, unit
        self.needs = tuple(dict.fromkeys(needs))
        for name in self.needs:
            self.fields[name] = self._field(name, (known or {}).get(name))

    def _field(self, name: str, known: Any, *, required: bool = True) -> forms.Field:
        said: dict[str, Any] = {
            "label": need_title(name),
            "required": required,
            "initial": known,
            "help_text": ASKED_FOR.get(name, ""),
            "error_messages": {"required": f"请填写{need_title(name)}。"},
        }
        match kind_of(name):
            case Kind.UNIT:
                return self._unit_field(name, said)
            case Kind.PERSON:
                return PersonField(people_visible_to(self.user), **said)
            case Kind.FILES:
                said.pop("initial")
                return FilesField(self.user, self.unit, self._kept(name), **said)
            case Kind.CHOICE:
                choices = [("", "请选择"), *((one, one) for one in CHOICES[name])]
                return forms.ChoiceField(choices=choices, **said)
            case Kind.DATE:
                return day_field(**said)
            case Kind.MOMENT:
                return moment_field(**said)
            case Kind.MONTH:
                said["help_text"] = "例如 2026-03。"
                attrs = {"type": "month"}
                return forms.RegexField(_MONTH, widget=forms.TextInput(attrs), **said)
            case Kind.LINE:
                return forms.CharField(max_length=LONGEST_LINE, **said)
        return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea({"rows": 4}), **said)

    def _unit_field(self, name: str, said: dict[str, Any]) -> forms.Field:
        if name == "department":
            units = units_open(Unit.objects.filter(kind="department"))
        else:
            units = units_open(units_visible_to(self.user))
        units = units.order_by("path")
        if units[: FEW_UNITS + 1].count() > FEW_UNITS or not units.exists():
            return UnitField(units, **said)
        if said["initial"] is None and name == "unit":
            said["initial"] = self.unit.pk
        return forms.ModelChoiceField(units, empty_label="请选择", **said)

    def _kept(self, name: str) -> list[Evidence]:
        said = self.data.getlist(f"{name}_kept") if hasattr(self.data, "getlist") else []
        keys = [int(one) for one in said if one.isdecimal() and len(one) < 19]
        return list(Evidence.objects.filter(pk__in=keys, stored_by=self.user, uses=None))

    @property
    def kept_files(self) -> list[tuple[str, Evidence]]:
        """Files that are stored already, for hidden fields: they need not be chosen again."""
        return [
            (f"{name}_kept", one)
            for name, field in self.fields.items()
            if isinstance(field, FilesField)
            for one in field.kept
        ]

    @property
    def filled(self) -> dict[str, Value]:
        """The answers by need."""
        said = self.cleaned_data
        return {name: said[name] for name in self.needs if said.get(name) not in (None, "", [])}


class MoveForm(NeedsForm):
    """What a move asks for, a remark, and the turn it is made from."""

    turn = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    note = forms.CharField(
        label="备注", required=False, max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User,
        matter: Matter,
        made: Move,
        also: Iterable[str] = (),
    ) -> None:
        known = _known(matter, made)
        super().__init__(
            data, files, user=user, unit=matter.unit, needs=(*made.needs, *also), known=known
        )
        self.fields["turn"].initial = matter.turn
        self.fields["note"] = self.fields.pop("note")


def _known(matter: Matter, made: Move) -> dict[str, Any]:
    """What was said before and is only looked over again."""
    again = {"customer_request", "reply", "facts", "item", "finding"}
    if made.action == "submit":
        again |= {"grounds"}  # one's own, from the draft
    data = matter.data
    return {
        name: data[name]
        for name in made.needs
        if name in again and isinstance(data.get(name), str) and name not in data.get(REFS, {})
    }


class RegisterForm(NeedsForm):
    """A registration: where, about whom, when it happened and was known, and what the flow asks."""

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        user: User,
        flow: str,
        units: Any,
        action: str = "",
        now: datetime | None = None,
    ) -> None:
        made = registering(flow, action)
        home = units.first()
        super().__init__(
            data, files, user=user, unit=home, needs=[one for one in made.needs if one != "unit"]
        )
        self.flow, self.now = flow, now or timezone.now()
        asked = dict(self.fields)
        self.fields.clear()
        self.fields["at_unit"] = self._at_unit(units)
        self.fields.update(asked)
        self.fields["about"] = PersonField(
            people_visible_to(user), label="涉及员工", required=False
        )
        self.fields["happened_at"] = moment_field(label="发生时间", required=False)
        self.fields["known_at"] = moment_field(
            label="知悉时间",
            required=False,
            help_text="时限从这里起算；留空就是现在。",
        )
        self.fields["source"] = forms.ChoiceField(
            label="来源", required=False, choices=[("", "不填"), *SOURCES.items()]
        )
        if FLOWS[flow].name in ("complaint_ticket", "complaint", "commendation"):
            self.fields["ticket"] = forms.CharField(label="工单编号", required=False, max_length=64)
        if KINDS[flow].own_limit:
            self.fields["own_limit"] = moment_field(
                label="要求完成时间", required=False, help_text="留空时按本单位设定的时限计算。"
            )

    def _at_unit(self, units: Any) -> forms.Field:
        said: dict[str, Any] = {
            "label": "涉及机构",
            "error_messages": {"required": "请选择涉及的机构。"},
        }
        if units[: FEW_UNITS + 1].count() > FEW_UNITS:
            return UnitField(units, **said)
        only = units.first() if units.count() == 1 else None
        return forms.ModelChoiceField(units, empty_label="请选择", initial=only, **said)

    def clean(self) -> dict[str, Any]:
        """Happened before known, known before now."""
        said = super().clean() or {}
        happened, known = said.get("happened_at"), said.get("known_at") or self.now
        if known > self.now + timedelta(minutes=10):
            self.add_error("known_at", "知悉时间晚于现在，请核对。")
        if happened is not None and happened > known:
            self.add_error("happened_at", "发生时间晚于知悉时间，请核对：先发生，后知悉。")
        return said

    @property
    def particulars(self) -> Particulars:
        """What the registration carries besides its needs."""
        said = self.cleaned_data
        limit, clock = said.get("own_limit"), KINDS[self.flow].own_limit
        return Particulars(
            about=said.get("about"),
            happened_at=said.get("happened_at"),
            known_at=said.get("known_at"),
            source=said.get("source", ""),
            ticket=said.get("ticket", "").strip(),
            own_limits={clock: limit} if clock and limit is not None else {},
        )

    @property
    def title(self) -> str:
        """The name of the form: 登记投诉."""
        return registering(self.flow).title

    @property
    def kind_title(self) -> str:
        """The kind of matter."""
        return flow_named(self.flow).title


class ReasonForm(forms.Form):
    """Why somebody wants to see what is starred."""

    reason = forms.CharField(
        label="查看原因",
        max_length=200,
        help_text="例如：核对客户来电。原因和时间会记入操作记录。",
        error_messages={"required": "请写明查看原因。"},
    )


def day_field(**said: Any) -> forms.DateField:
    """A day by the browser's own picker."""
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    said["error_messages"] = {
        "invalid": "请填日期，例如 2026-03-02。",
        **said.get("error_messages", {}),
    }
    return forms.DateField(widget=widget, validators=days.DAYS, **said)


def moment_field(**said: Any) -> forms.DateTimeField:
    """A day and time by the browser's own picker."""
    widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
    formats = [MOMENT, "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
    said["error_messages"] = {
        "invalid": "请填日期和时间，例如 2026-03-02 16:30。",
        **said.get("error_messages", {}),
    }
    return forms.DateTimeField(
        widget=widget, input_formats=formats, validators=days.MOMENTS, **said
    )
