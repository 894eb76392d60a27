"""A contract for import-linter: no modules import each other in a circle, late imports counted."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from importlinter import Contract, ContractCheck, output

if TYPE_CHECKING:
    from grimp import ImportGraph


class NoCircles(Contract):
    """Whoever reads a module knows all below it, and nothing below leads back up."""

    type_name = "no circles"

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Kept when every module can be read after all that it imports."""
        below = {one: graph.find_modules_directly_imported_by(one) for one in graph.modules}
        try:
            TopologicalSorter(below).prepare()
        except CycleError as error:
            return ContractCheck(kept=False, metadata={"circle": error.args[1]})
        return ContractCheck(kept=True)

    def render_broken_contract(self, check: ContractCheck) -> None:
        """The modules of one circle, each followed by one that it imports or is imported by."""
        for name in check.metadata["circle"]:
            output.print_error(name)
