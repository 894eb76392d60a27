"""All places of sealed texts, and the job that brings them under the newest key."""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse

from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import RoleCode
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.jobs.kinds import Work, register_kind
from wenyou.jobs.models import Job
from wenyou.jobs.services import enqueue
from wenyou.knobs.services import setting
from wenyou.search.persons import forget_made_with, keys_besides, trace
from wenyou.vault.house import house_ring
from wenyou.vault.marking import unused
from wenyou.vault.places import Batch, Place, needed, seal_again
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from wenyou.accounts.models import User

register_actions(
    {
        "keys.rotated": "更换密钥",
        "keys.resealed": "用新密钥重新加密",
        "keys.retired": "停用旧密钥",
        "keys.index_rotated": "更换查找密钥",
        "keys.reindexed": "重做查找标记",
    }
)
KIND, REINDEX = "privacy.reseal", "privacy.reindex"
BATCH, FORGET = 200, 2_000
PAUSE = 0.2
COUNTS = ("sealed", "mended", "broken")
NUMBERS = {"phone_sealed": "phone", "identity_sealed": "identity"}
PLACES: tuple[Place, ...] = (
    Place(
        name="employee", title="员工手机号、身份证号", model="Employee", bound="employee",
        columns=NUMBERS,
        indexes={column: (f"{name}_index", f"employee {name}") for column, name in NUMBERS.items()},
    ),
    Place(name="matter", title="事项原文", model="Matter", bound="matter", key="number",
          json="data", found_by=lambda row, texts, key: trace("matter", row.pk, texts, key=key)),
    Place(name="transition", title="办理记录原文", model="Transition", bound="matter",
          key="matter__number", json="filled",
          found_by=lambda row, texts, key: trace("matter", row.matter_id, texts, key=key)),
    Place(name="request", title="个人信息申请", model="PersonRequest", bound="personrequest",
          columns={"number_sealed": "number", "name_sealed": "name", "file_sealed": "file"}),
    Place(name="second_step", title="第二步验证密钥", model="SecondStep", bound="second_step",
          columns={"sealed": "secret"}),
    Place(name="mail", title="邮箱地址", model="NoticeWish", bound="notice_wish",
          columns={"mail_sealed": "mail"}),
    Place(name="robot", title="群机器人地址", model="GroupRobot", bound="group_robot",
          columns={"sealed": "address"}),
    Place(name="setting", title="参数中的口令", model="Setting", bound="setting", key="name",
          columns={"value": "value"}),
)  # fmt: skip


INDEXED = tuple(one for one in PLACES if one.indexes or one.found_by is not None)


def keys_needed() -> dict[str, Counter[str]]:
    """By place, how many texts need which key."""
    return {place.title: needed(place) for place in PLACES}


def ask_reseal(*, by: User) -> Job:
    """Have everything sealed again in the background. Refused to all but the security admin."""
    for_the_house(by, RoleCode.SECURITY_ADMIN, "用新密钥重新加密")
    return enqueue(kind=KIND, title="用新密钥重新加密", arguments={}, by=by)


def rotate(*, by: User | None) -> str:
    """Make a new key and seal with it from now on; its id."""
    for_the_house(by, RoleCode.SECURITY_ADMIN, "更换密钥")
    key = house_ring().rotate()
    with transaction.atomic():
        record("keys.rotated", by=by, change=Change(new={"key": key.id}))
    return key.id


def retire(key_id: str, *, by: User | None) -> None:
    """Take a key out of the ring. Refused while a text in the database needs it."""
    for_the_house(by, RoleCode.SECURITY_ADMIN, "停用旧密钥")
    ring = house_ring()
    if key_id not in ring.ids():
        raise InputRefused("key-unknown", f"没有编号为 {key_id} 的密钥，请用 keys status 查看。")
    if key_id == ring.current().id:
        raise InputRefused("key-current", "这是现在使用的密钥，不能停用。请先更换密钥。")
    left = {title: found[key_id] for title, found in keys_needed().items() if found[key_id]}
    if left:
        told = "、".join(f"{title} {count} 处" for title, count in left.items())
        raise InputRefused(
            "key-needed", f"还有内容要用密钥 {key_id} 打开：{told}。请先用新密钥重新加密。"
        )
    ring.retire(key_id)
    with transaction.atomic():
        record("keys.retired", by=by, change=Change(new={"key": key_id}))


def rotate_index(*, by: User | None) -> Job:
    """Make a new key for look-up by number, and have all marks made anew in the background;
    until then both keys find. Refused while an earlier change or such a job is not finished.
    """
    for_the_house(by, RoleCode.SECURITY_ADMIN, "更换查找密钥")
    ring = house_ring()
    if ring.index_changing():
        raise InputRefused(
            "index-changing", "上一次更换查找密钥还没有完成。请先运行 ./wenyou keys reindex。"
        )
    if _going() is not None:
        raise InputRefused(
            "index-going",
            "正在重做查找标记，此时不能更换查找密钥。请先运行 ./wenyou keys reindex 等它做完，再更换。",
        )
    key = ring.rotate_index()
    with transaction.atomic():
        record("keys.index_rotated", by=by, change=Change(new={"key": key}))
    return ask_reindex(by=by)


def ask_reindex(*, by: User | None) -> Job:
    """Have the marks made anew, or the job that is already asked for."""
    for_the_house(by, RoleCode.SECURITY_ADMIN, "重做查找标记")
    return _going() or enqueue(kind=REINDEX, title="重做查找标记", arguments={}, by=by)


def _going() -> Job | None:
    going = Job.objects.filter(kind=REINDEX, state__in=(Job.State.WAITING, Job.State.RUNNING))
    return going.order_by("pk").first()


def reindex(
    says: Callable[[int, str], None],
    save: Callable[..., None],
    *,
    step: Mapping[str, object],
    by: User | None,
) -> Batch:
    """Make all marks anew from the sealed texts, then forget those of other keys and lay the key
    before aside. What cannot be opened keeps its marks, and the key before stays with them.

    A step that was reached with another key counts for nothing, and where the key was changed
    meanwhile everything is gone through again.
    """
    ring, made = house_ring(), ""
    while ring.index_id() != made:
        made = ring.index_id()
        _wait_for_writers(says)
        went = step if step.get("key") == made else {}
        keep = partial(save, key=made)
        total = walk(INDEXED, says, keep, step=went, doing="正在重做查找标记")
        # Asked for before the key is compared: a key made after it stands not among them.
        older = keys_besides(made)
    if not total.broken:
        while forget_made_with(older, size=FORGET):
            says(99, "正在清除旧的查找标记……")
        ring.retire_index(made_with=made)
    new = {"mended": total.mended, "broken": total.broken, "key": made}
    with transaction.atomic():
        record("keys.reindexed", by=by, change=Change(new=new))
    return total


def _wait_for_writers(says: Callable[[int, str], None]) -> None:
    """Until nobody still holds back what he marked with the key before: then the walk sees it."""
    before = house_ring().index_before()
    while before is not None and not unused(before):
        says(0, "正在等待更换密钥之前开始的登记结束……")
        time.sleep(PAUSE)


def walk(
    places: Sequence[Place],
    says: Callable[[int, str], None],
    save: Callable[..., None],
    *,
    step: Mapping[str, object],
    doing: str,
) -> Batch:
    """Go through places a batch at a time, from where a step says; what was done, also before."""
    cipher = str(setting("vault.cipher"))
    first, after, seen = (int(str(step.get(name, 0))) for name in ("place", "after", "seen"))
    total = Batch(**{name: int(str(step.get(name, 0))) for name in COUNTS})
    for number, place in enumerate(places[first:], first):
        while True:
            says(99 * number // len(places), f"{doing}：{place.title}（已处理 {seen:,} 条）……")
            done = seal_again(place, after=after, size=BATCH, cipher=cipher)
            for name in COUNTS:
                setattr(total, name, getattr(total, name) + getattr(done, name))
            if done.last is None:
                break
            after, seen = done.last, seen + done.seen
            save(place=number, after=after, seen=seen, **_counts(total))
        after = seen = 0
        save(place=number + 1, after=0, seen=0, **_counts(total))
    return total


def _counts(total: Batch) -> dict[str, int]:
    return {name: getattr(total, name) for name in COUNTS}


def reseal(
    says: Callable[[int, str], None],
    save: Callable[..., None],
    *,
    step: Mapping[str, object],
    by: User | None,
) -> Batch:
    """Go through all places, from where a step says; what was done since then."""
    total = walk(PLACES, says, save, step=step, doing="正在重新加密")
    new = {"sealed": total.sealed, "mended": total.mended, "broken": total.broken,
           "key": house_ring().current().id}  # fmt: skip
    with transaction.atomic():
        record("keys.resealed", by=by, change=Change(new=new))
    return total


def told(done: Batch) -> str:
    """What a pass has done, in a sentence."""
    text = f"已用新密钥重新加密 {done.sealed} 条记录。"
    if done.mended:
        text += f"另有 {done.mended} 条的查找标记不对，已按原文更正。"
    if done.broken:
        text += f"有 {done.broken} 处打不开（密钥缺失或内容损坏），原样保留，请从备份核对。"
    return text


def _work(work: Work) -> None:
    done = reseal(work.says, work.save_step, step=work.step, by=work.by)
    work.result(sentence=told(done), address=reverse("privacy:keys"), label="查看密钥使用情况")


def told_index(done: Batch) -> str:
    """What making the marks anew has done, in a sentence."""
    text = "查找标记已全部按现用的查找密钥重做，旧的查找密钥已移到 keys/retired。"
    if done.broken:
        text = (
            f"有 {done.broken} 处打不开（密钥缺失或内容损坏），它们的查找标记没有重做，"
            "旧的查找密钥继续保留。请从备份核对后再运行 ./wenyou keys reindex。"
        )
    return text


def _reindex_work(work: Work) -> None:
    done = reindex(work.says, work.save_step, step=work.step, by=work.by)
    work.result(told=told_index(done), broken=done.broken)


register_kind(KIND, _work, "用新密钥重新加密")
register_kind(REINDEX, _reindex_work, "重做查找标记")
