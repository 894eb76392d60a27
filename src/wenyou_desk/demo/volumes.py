"""How much business an outlet does: customers, transactions and people, quarter by quarter."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from wenyou_desk.demo.days import Days, moment
from wenyou_desk.demo.ledger import Draft, Given, Ledger
from wenyou_desk.demo.outlets import Outlet
from wenyou_desk.demo.people import Staff

CUSTOMERS, TRANSACTIONS, STAFF = "客户数", "交易笔数", "员工数"
_TRANSACTIONS_EACH = 900  # of a hundred customers in a quarter, about


class Volumes:
    """Numbers of customers; a story may set them for the period."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self._set: dict[str, int] = {}

    def set(self, unit: str, customers: int) -> None:
        """So many customers an outlet has in the period; 0 when it does no business at all."""
        self._set[unit] = customers

    def customers(self, outlet: Outlet, day: date) -> int:
        """Customers of an outlet on the last day of a quarter."""
        if outlet.id in self._set and self._days.first <= day <= self._days.last:
            return self._set[outlet.id]
        quarters = (day.year - self._days.start.year) * 4 + (
            day.month - self._days.start.month
        ) // 3
        return outlet.customers + outlet.customers * outlet.drift * quarters // 100

    def write(self, ledger: Ledger, staff: Staff) -> None:
        """Every outlet's rows, in the evening of the last day."""
        for day in self._days.ends_of_quarters():
            open_ones = [one for one in staff.network.outlets.values() if one.opened <= day]
            for number, outlet in enumerate(open_ones):
                customers = self.customers(outlet, day)
                share = _TRANSACTIONS_EACH + (number * 7 + day.month * 11) % 200
                self._row(ledger, outlet, day, CUSTOMERS, customers)
                self._row(ledger, outlet, day, TRANSACTIONS, customers * share // 100)
                self._row(ledger, outlet, day, STAFF, staff.count(outlet.id, day))

    def _row(self, ledger: Ledger, outlet: Outlet, day: date, basis: str, number: int) -> None:
        values: dict[str, Given] = {"basis": basis, "number": Fraction(number)}
        ledger.add(
            Draft(
                kind="volume",
                happened=day,
                known=moment(day, 20),
                unit=outlet.id,
                values=values,
            )
        )
