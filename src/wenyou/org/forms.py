"""What people type about units, posts, groups and calendars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone

from wenyou.org.fields import DayField, MomentField, PeopleField, PersonField, UnitField
from wenyou.org.models import Group, UnitArea, UnitKind, UnitLevel
from wenyou.org.services.posts import NewPosting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from wenyou.org.models import Employee, Unit

WEEK = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class NoteMixin(forms.Form):
    """A day from which it holds, and why."""

    on = DayField(label="从哪天起")
    note = forms.CharField(label="说明", max_length=200, required=False)


class OpenUnitForm(forms.Form):
    """A new unit."""

    code = forms.CharField(label="机构号", max_length=32)
    name = forms.CharField(label="名称", max_length=120)
    short_name = forms.CharField(label="简称", max_length=40, required=False)
    level = forms.ChoiceField(label="层级", choices=UnitLevel, initial=UnitLevel.OUTLET)
    kind = forms.ChoiceField(label="类型", choices=UnitKind, initial=UnitKind.BANK)
    area = forms.ChoiceField(label="地区类别", choices=UnitArea, required=False)
    opened_on = DayField(label="开业日期")
    phone = forms.CharField(label="公示电话", max_length=40, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"] = UnitField(units, label="上级机构")
        self.order_fields(["code", "name", "short_name", "parent"])


class RenameForm(NoteMixin):
    """Another name."""

    name = forms.CharField(label="新名称", max_length=120)
    short_name = forms.CharField(label="新简称", max_length=40, required=False)
    field_order = ("name", "short_name", "on", "note")


class ReclassForm(NoteMixin):
    """Another level, kind or class."""

    level = forms.ChoiceField(label="层级", choices=UnitLevel)
    kind = forms.ChoiceField(label="类型", choices=UnitKind)
    area = forms.ChoiceField(label="地区类别", choices=UnitArea, required=False)
    field_order = ("level", "kind", "area", "on", "note")


class ToUnitForm(NoteMixin):
    """Another unit: to move under, or to be merged into."""

    def __init__(self, units: QuerySet[Unit], label: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = UnitField(units, label=label)
        self.order_fields(["unit", "on", "note"])


class CloseForm(forms.Form):
    """The last day."""

    on = DayField(label="最后一天营业")
    note = forms.CharField(label="说明", max_length=200, required=False)
    agreed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class ContactForm(forms.Form):
    """Telephone and address."""

    phone = forms.CharField(label="公示电话", max_length=40, required=False)
    address = forms.CharField(label="地址", max_length=200, required=False)


class HoursForm(forms.Form):
    """Seven days, make-up workdays, holidays."""

    from_on = DayField(label="从哪天起")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number, title in enumerate(WEEK):
            self.fields[f"day{number}"] = forms.CharField(
                label=title, max_length=60, required=False
            )
        self.fields["makeup"] = forms.CharField(label="调休上班日", max_length=60, required=False)
        self.fields["holiday"] = forms.CharField(
            label="法定节假日", max_length=60, required=False,
            help_text="写成 09:00-12:00 13:30-17:00，休息的空着。",
        )  # fmt: skip

    @property
    def weekly(self) -> list[str]:
        """The seven days."""
        return [str(self.cleaned_data[f"day{number}"]) for number in range(len(WEEK))]


class RosterForm(forms.Form):
    """Who is on duty."""

    on = DayField(label="日期", initial=timezone.localdate)
    shift = forms.CharField(label="班次", max_length=20, initial="带班")

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"] = PeopleField(people, label="值班人员", required=False)


class GroupForm(forms.Form):
    """A leading group or a list."""

    kind = forms.ChoiceField(label="类别", choices=Group.Kind)
    name = forms.CharField(label="名称", max_length=80)
    from_on = DayField(label="设立日期")
    basis = forms.CharField(label="依据", max_length=200, required=False)


class MemberForm(forms.Form):
    """Somebody joins a group."""

    part = forms.CharField(label="职务", max_length=40, initial="成员")
    from_on = DayField(label="加入日期")

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["employee"] = PersonField(people, label="人员")
        self.order_fields(["employee", "part", "from_on"])


class LetterForm(forms.Form):
    """A letter of responsibility."""

    title = forms.CharField(label="名称", max_length=120)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    due_on = DayField(label="签订期限")
    text = forms.CharField(
        label="内容", max_length=20_000, required=False, widget=forms.Textarea(attrs={"rows": 8})
    )

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["people"] = PeopleField(people, label="签订人")


class SignForm(forms.Form):
    """Somebody has signed on paper."""

    on = DayField(label="签订日期", initial=timezone.localdate)

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["employee"] = PersonField(people, label="签订人")
        self.order_fields(["employee", "on"])


class PersonForm(forms.Form):
    """Somebody new, or what is known of somebody."""

    number = forms.CharField(label="员工号", max_length=32)
    name = forms.CharField(label="姓名", max_length=60)
    joined_on = DayField(label="入职日期", required=False)
    phone = forms.CharField(label="手机号", max_length=30, required=False)
    identity = forms.CharField(label="身份证号", max_length=30, required=False)


class NewPersonForm(PersonForm):
    """Somebody new, at once with a first post or without."""

    post = forms.CharField(
        label="岗位", max_length=40, required=False, help_text="与机构一起填；以后再任命，都空着。"
    )
    from_on = DayField(label="任职从哪天起", required=False, initial=timezone.localdate)
    head = forms.BooleanField(label="机构负责人", required=False)

    def __init__(
        self, units: QuerySet[Unit], places: Sequence[Unit], *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = UnitField(units, label="机构", required=False)
        self.order_fields(["number", "name", "joined_on", "phone", "identity", "unit", "post"])
        self._places = {one.code: one for one in places} if len(places) > 1 else {}
        if self._places:
            said = [(code, str(one)) for code, one in self._places.items()]
            self.fields["place"] = forms.ChoiceField(
                label="先归哪个机构管理", required=False, choices=[("", "请选择"), *said],
                help_text="您管理几个机构，没有同时任命岗位的请选一个；任命了岗位的不用选。",
            )  # fmt: skip
        self.place: Unit | None = None
        self._first: tuple[Unit, NewPosting] | None = None

    def clean(self) -> dict[str, Any]:
        """What is known of the person; the post apart, for it is a second thing."""
        said: dict[str, Any] = super().clean() or {}
        unit, post = said.pop("unit", None), said.pop("post", "")
        from_on, head = said.pop("from_on", None), said.pop("head", False)
        self.place = self._places.get(said.pop("place", ""))
        asked = unit is not None or bool(post) or head
        missing = {"unit": unit, "post": post, "from_on": from_on}
        for name, value in missing.items():
            if asked and not value and name not in self.errors:
                self.add_error(
                    name, "同时任命岗位时，机构、岗位和日期要一起填；以后再任命，都空着。"
                )
        if self._places and not asked and self.place is None and "place" not in self.errors:
            self.add_error("place", "请选先归哪个机构管理，或同时任命岗位。")
        if asked and not self.errors:
            self._first = (unit, NewPosting(post=post, from_on=from_on, head=head))
        return said

    def first_post(self) -> tuple[Unit, NewPosting] | None:
        """Unit and post that were typed, when they were."""
        return self._first


class ChangePersonForm(PersonForm):
    """The number stays; a number that is left empty stays as it is."""

    number = None  # type: ignore[assignment]
    phone = forms.CharField(label="手机号", max_length=30, required=False, help_text="空着即不改。")
    identity = forms.CharField(
        label="身份证号", max_length=30, required=False, help_text="空着即不改。"
    )


class AppointForm(forms.Form):
    """A post for somebody."""

    post = forms.CharField(label="岗位", max_length=40)
    from_on = DayField(label="从哪天起")
    until_on = DayField(label="到哪天止", required=False)
    head = forms.BooleanField(label="机构负责人", required=False)
    acting = forms.BooleanField(label="代理", required=False)
    side = forms.BooleanField(label="兼职（不是主岗）", required=False)
    moving = forms.BooleanField(label="调动：原主岗到前一天结束", required=False)
    note = forms.CharField(label="说明", max_length=200, required=False)

    def __init__(self, units: QuerySet[Unit], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"] = UnitField(units, label="机构")
        self.order_fields(["unit", "post"])


class EndForm(forms.Form):
    """The last day of a post or of somebody here."""

    on = DayField(label="最后一天", initial=timezone.localdate)
    note = forms.CharField(label="说明", max_length=200, required=False)


class LeaveForm(forms.Form):
    """Away, and who acts meanwhile."""

    from_at = MomentField(label="从")
    until_at = MomentField(label="到")
    reason = forms.CharField(label="事由", max_length=100)

    def __init__(self, people: QuerySet[Employee], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["stand_in"] = PersonField(people, label="代办人", required=False)


class ReasonForm(forms.Form):
    """Why somebody wants to see a number."""

    reason = forms.CharField(label="查看原因", max_length=200, help_text="会记入日志，审计时可查。")


class UploadForm(forms.Form):
    """A list from Excel."""

    file = forms.FileField(label="表格文件", help_text=".xlsx、.xls 或 .csv，最大 64 MB。")
    effective = DayField(
        label="变动生效日期",
        initial=timezone.localdate,
        help_text="表里没有写日期的变动，从这一天起生效。",
    )


class ApplyForm(forms.Form):
    """What a dry run has shown."""

    token = forms.CharField(widget=forms.HiddenInput)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
    effective = forms.DateField(widget=forms.HiddenInput)


class CalendarForm(forms.Form):
    """A year of the calendar from a table."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    notice = forms.CharField(label="通知文号", max_length=80)
    issued_on = DayField(label="发布日期", required=False)
    reason = forms.CharField(label="变更原因", max_length=200)
    file = forms.FileField(
        label="日期表", help_text="三列：日期、类型（放假或调休上班）、名称。.xlsx、.xls 或 .csv。"
    )
