"""Checks of rules that stand together: limits over several rules, and exclusion sets."""

from __future__ import annotations

from dataclasses import dataclass

from wenyou_core.scheme.charges import Charge, check_ends, same_ledger
from wenyou_core.scheme.hitting import entry_rule, ledgers_of, members_of, periods_of
from wenyou_core.scheme.infer import Context
from wenyou_core.scheme.model import ExclusionSet
from wenyou_core.scheme.rules import EventRule, Limit, PeriodRule
from wenyou_core.scheme.ruling import Rulings, check_yearly
from wenyou_core.scheme.scope import PERIOD_WORDS, Scope, label_of, place_of
from wenyou_core.scheme.words import LimitPer


@dataclass(slots=True)
class Groups:
    """Checks limits and exclusion sets after the rules by themselves."""

    scope: Scope
    rulings: Rulings

    def limits(self) -> None:
        """Limits nest, and hold rules of one ledger and one kind of period."""
        holder: dict[str, str] = {}
        for rule in self.scope.limits():
            place, label = place_of(rule), f"规则{label_of(rule)}"
            here = Context(scope=self.scope, place=place, label=label)
            for name in rule.limit:
                if name in holder:
                    here.fault(
                        "overlap",
                        f"“{name}”已在上下限“{holder[name]}”里，两个上下限交叉而不套叠；"
                        f"请在这里改写为“{holder[name]}”，让外层包住内层。",
                    )
                holder.setdefault(name, rule.name)
            self._limit(rule, here)

    def _limit(self, rule: Limit, here: Context) -> None:
        found = [self.scope.rules.get(name) for name in rule.limit]
        for name, one in zip(rule.limit, found, strict=True):
            if not isinstance(one, EventRule | PeriodRule | Limit):
                known = [one for one in self.scope.rules if entry_rule(self.scope, one)]
                here.unknown("上下限里的规则", name, known)
            elif not isinstance(one, Limit) and one.amount is None:
                here.fault("missing-part", f"“{name}”没有 amount，不用封顶，请从 limit 里删去。")
        ends = check_ends(rule, here)
        members = members_of(self.scope, rule.name)
        ledgers = frozenset[str]().union(*(ledgers_of(self.scope, one) for one in members))
        for end in ends:
            for ledger in sorted(ledgers):
                same_ledger(end, Charge(ledger), "上下限", here)
        kinds = periods_of(self.scope, rule.name)
        if len(kinds) > 1:
            words = "、".join(sorted(PERIOD_WORDS[kind] for kind in kinds))
            here.fault("other-period", f"里面的规则期间不同（{words}），不能合计封顶，请分开写。")
        if rule.per is LimitPer.EVENT:
            here.fault(
                "wrong-limit", "逐件的上下限写在规则自己的 limit 里；这里请写 period 或 year。"
            )
        for kind in kinds:
            if rule.per is LimitPer.YEAR:
                check_yearly(kind, here)

    def sets(self) -> None:
        """Members of a set exist, have an amount, and can meet."""
        groups: dict[str, list[EventRule]] = {}
        for rule in self.scope.events():
            if not rule.together:
                continue
            here = Context(scope=self.scope, place=place_of(rule), label=f"规则{label_of(rule)}")
            if rule.amount is None:
                here.fault("missing-part", "没有 amount 的规则不用参加择一组，请删去 together。")
            for name in dict.fromkeys(rule.together):
                found = self.scope.sets.get(name)
                if found is None:
                    here.unknown("择一组", name, self.scope.sets)
                    continue
                groups.setdefault(name, []).append(rule)
                self._member(rule, found, groups[name][0], here)
            self._order(rule, here)

    def _member(
        self, rule: EventRule, found: ExclusionSet, first: EventRule, here: Context
    ) -> None:
        """A rule in one set, whose first rule is given."""
        fact = self.scope.kind(rule.on)
        for name in found.per if fact is not None else ():
            assert fact is not None  # noqa: S101 -- the line above
            self.rulings.key_field(name, fact, here, "择一组的 per")
        if self.scope.period(first.period) is not self.scope.period(rule.period):
            here.fault(
                "other-period",
                f"与同组的“{first.name}”期间不同，碰不到一起，请改成同一种期间。",
            )

    def _order(self, rule: EventRule, here: Context) -> None:
        """Several sets are decided one after the other, and read so."""
        if len(set(rule.together)) < len(rule.together):
            here.fault("overlap", "together 里的择一组有重复，请各写一次。")
        known = [name for name in self.scope.sets if name in rule.together]
        if known != [name for name in rule.together if name in known]:
            words = "、".join(known)
            here.fault(
                "set-order",
                f"几个择一组依次取舍，请按择一组在方案里的先后写 together：[{words}]。",
            )
