"""Which matters somebody may see, and as what he may act on one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import BUSINESS, Scope, beneath, scope
from wenyou.errors import NotFound
from wenyou.matters.kinds import flows_of, registered_by
from wenyou.matters.models import Matter
from wenyou.org.models import Unit
from wenyou.org.queries import units_open
from wenyou.org.reach import units_at, whole
from wenyou_core.flow.machine import NEW
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import Role

# Who oversees sees every kind, the others those in which they have a part, and their own.
OVERSEE = frozenset({RoleCode.SERVICE_OFFICE, RoleCode.CONSUMER_PROTECTION, RoleCode.AUDITOR})
NARROW = BUSINESS - OVERSEE
# More of one's own beyond one's units are no longer named one by one.
MANY = 1_000


def matters_visible_to(user: User, flows: Iterable[str] = ()) -> QuerySet[Matter]:
    """The matters of one's units of the kinds one has a part in, and one's own.

    ``flows`` narrows it to kinds, so that the database reads one index.
    """
    held, wanted = scope(user), frozenset(flows)
    rows = Matter.objects.filter(flow__in=sorted(wanted)) if wanted else Matter.objects.all()
    if whole(user, held.paths(OVERSEE)):
        return rows  # nothing is left to be one's own
    return rows.filter(_reached(user, held, wanted) | own_elsewhere(user, held))


def texts_visible_to(user: User) -> Q | None:
    """The same reach as a filter for what search reads, which names unit and flow of a matter.

    None where those do not tell: for a department that is asked for help, and for whoever has
    more of his own than can be named.
    """
    held = scope(user)
    if RoleCode.DEPARTMENT in held.roles:
        return None
    keys = _own_keys(user, held)
    return None if keys is None else _reached(user, held) | Q(object_id__in=keys)


def _reached(user: User, held: Scope, wanted: frozenset[str] = frozenset()) -> Q:
    """Rows with a unit and a flow that the roles held cover."""
    paths = held.paths(OVERSEE)
    seen = units_at(user, paths) if paths else Q(pk__in=[])
    for role in sorted(NARROW & held.roles):
        kinds = flows_of(role)
        if not wanted or kinds & wanted:
            narrow = _part_of(user, held, role)
            all_kinds = wanted and wanted <= kinds
            seen |= narrow if all_kinds else narrow & Q(flow__in=sorted(kinds))
    return seen


def _part_of(user: User, held: Scope, role: str) -> Q:
    """The rows of the units for which a narrow role is held, or which asked it for help."""
    paths = held.paths({role})
    found = units_at(user, paths)
    if role == RoleCode.DEPARTMENT:
        # Said with its NULLs, for the condition is also turned round.
        found |= Q(with_unit__isnull=False) & units_at(user, paths, "with_unit")
    return found


def own_elsewhere(user: User, held: Scope) -> Q:
    """One's own matters that no role covers, by their ids.

    There are few or none: asked for once, they spare every other query three conditions that
    would keep the database from reading one index.
    """
    keys = _own_keys(user, held)
    return _own(user, held) if keys is None else Q(pk__in=keys)


def _own_keys(user: User, held: Scope) -> list[int] | None:
    """Their ids; None where there are too many, or where the roles reach everywhere in part."""
    if "_own_keys" not in user.__dict__:
        keys: list[int] | None = None
        if not held.held:
            keys = []
        elif not any(whole(user, held.paths({role})) for role in held.roles & BUSINESS):
            keys = list(_own_rows(user, held)[: MANY + 1])
            keys = keys if len(keys) <= MANY else None
        user.__dict__["_own_keys"] = keys
    kept: list[int] | None = user.__dict__["_own_keys"]
    return kept


def _own_rows(user: User, held: Scope) -> QuerySet[Matter, int]:
    """What he has opened is read off one index, what is about him or held by him off others: a
    handler of complaints has opened thousands, nearly all within his units.
    """
    beyond = Matter.objects.exclude(_reached(user, held)).order_by().values_list("pk", flat=True)
    rows = beyond.filter(opened_by=user)
    if held.employee_id is None:
        return rows
    return rows.union(beyond.filter(about=held.employee_id), beyond.filter(holder=held.employee_id))


def _own(user: User, held: Scope) -> Q:
    own = Q(opened_by=user)
    if held.employee_id is not None:
        own |= Q(about=held.employee_id) | Q(holder=held.employee_id)
    return own


def matter_for(user: User, pk: int) -> Matter:
    """A matter with its unit. Raises NotFound when it is not to be seen."""
    found = Matter.objects.select_related("unit", "with_unit", "about", "holder").filter(pk=pk)
    matter = found.first()
    if matter is None or not sees(user, matter):
        raise NotFound("这件事项")
    return matter


def sees(user: User, matter: Matter) -> bool:
    """Whether a matter is among those visible to somebody, without asking the database."""
    held = scope(user)
    if not held.held:
        return False
    if matter.opened_by_id == user.pk:
        return True
    if held.employee_id is not None and held.employee_id in (matter.about_id, matter.holder_id):
        return True
    path = matter.unit.path
    if held.covers(path, OVERSEE):
        return True
    return any(
        matter.flow in flows_of(role)
        and (held.covers(path, {role}) or (role == RoleCode.DEPARTMENT and _asked(held, matter)))
        for role in NARROW & held.roles
    )


def roles_for(user: User, matter: Matter) -> frozenset[Role]:
    """As what somebody may act on a matter: roles held for its unit, or for the one asked."""
    held = scope(user)
    roles = held.roles_at(matter.unit.path)
    if matter.in_hands_of == Role.DEPARTMENT and _asked(held, matter):
        roles |= {Role.DEPARTMENT}
    return roles


def _asked(held: Scope, matter: Matter) -> bool:
    if matter.with_unit is None:
        return False
    return held.covers(matter.with_unit.path, {RoleCode.DEPARTMENT})


def waiting_for(user: User) -> Q:
    """Open matters in the hands of somebody: a filter by role and unit, or by name."""
    held, mine = scope(user), handed_to(user)
    if held.employee_id is not None:
        mine |= Q(holder=held.employee_id)
    return mine or Q(pk__in=[])


def handed_to(user: User) -> Q:
    """Those in the hands of one's roles, whoever holds them; empty for whoever has no role that
    matters are handed to. It may be turned round, so that its NULLs are said.
    """
    held, mine = scope(user), Q()
    for role in Role:
        if role in (Role.STAFF, Role.SYSTEM) or role not in held.roles:
            continue
        at = units_at(user, held.paths({role}))
        if role is Role.DEPARTMENT:
            asked = units_at(user, held.paths({role}), "with_unit")
            at |= Q(with_unit__isnull=False) & asked
        mine |= Q(in_hands_of=role.value) & at
    return mine


# Opened by the system, by another matter, or by a job; nobody types them in.
NOT_TYPED = frozenset({"duty", "period_result", "extension", "correction"})


def registrable_by(user: User) -> tuple[str, ...]:
    """The kinds somebody may register somewhere, in the order of the flows."""
    roles = frozenset(Role(one) for one in scope(user).roles if one in set(Role))
    return tuple(name for name in registered_by(roles) if name not in NOT_TYPED)


def units_to_register(user: User, flow: str) -> QuerySet[Unit]:
    """The units for which somebody may register a kind."""
    roles = {role.value for made in FLOWS[flow].moves_from(NEW) for role in made.roles}
    units = Unit.objects.filter(beneath(scope(user).paths(roles), ""))
    return units_open(units).order_by("path")


def units_holding(user: User, roles: Iterable[str]) -> QuerySet[Unit]:
    """The open units for which somebody holds one of the roles, or holds it above."""
    units = Unit.objects.filter(beneath(scope(user).paths(frozenset(roles)), ""))
    return units_open(units).order_by("path")


def open_with_us(user: User) -> QuerySet[Matter]:
    """Tickets that head office has closed and that are still open here (总行已结、我方未结)."""
    rows = matters_visible_to(user, ("complaint_ticket",)).filter(closed=False)
    return rows.filter(state="ruling").select_related("unit", "with_unit", "holder").order_by("pk")


def matters_of(user: User, unit: Unit) -> QuerySet[Matter]:
    """The matters of one unit that somebody may see."""
    return matters_visible_to(user).filter(unit=unit)


def flows_seen_by(user: User) -> tuple[str, ...]:
    """The kinds somebody has a part in, in the order of the flows."""
    held = scope(user)
    if held.roles & OVERSEE:
        return tuple(FLOWS)
    kinds = frozenset().union(*(flows_of(role) for role in held.roles))
    return tuple(name for name in FLOWS if name in kinds)
