"""An adoption for the tests of everything that stands on one."""

from __future__ import annotations

from datetime import date

from tests.platform.laid import laid
from tests.platform.people import Cast
from wenyou.schemes import services
from wenyou.schemes.models import Adoption
from wenyou.schemes.writing import Said

PLAN = "jsb_sub_branch"
FIRST_DAY = date.fromisoformat("2025-01-01")
FINES = {"环境卫生": "-50 元", "仪容仪表": "-50 元", "服务用语": "-100 元", "服务纪律": "-100 元",
         "设施设备": "-30 元", "大堂管理": "-80 元", "柜面效率": "-80 元", "首问负责": "-100 元",
         "负责人缺位": "-200 元"}  # fmt: skip


def said(cast: Cast, **changed: object) -> Said:
    """What 城东支行 says when it takes up the plan."""
    words: dict[str, object] = {
        "units": (cast.east.code,),
        "from_on": FIRST_DAY,
        "params": {"complaint_basis": "客户数"},
        "tables": {"inspection_fine": FINES},
        **changed,
    }
    return Said(**words)  # type: ignore[arg-type]


def drafted(cast: Cast, **changed: object) -> Adoption:
    """A draft of 城东支行."""
    return services.draft(
        plan=PLAN, unit=cast.east, title="", said=said(cast, **changed), by=cast.chen
    )


def adopted(cast: Cast, **changed: object) -> Adoption:
    """The same, in force."""

    def adopt() -> Adoption:
        return services.put_in_force(adoption=drafted(cast, **changed), by=cast.chen)

    return adopt() if changed else laid(adopt, "adopted")
