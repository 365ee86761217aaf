"""Every upgrade rule by its id, as data; a module for each area."""

from __future__ import annotations

from collections.abc import Mapping

from ..rule import Rule
from .effective import RULES as OF_WHAT_HOLDS
from .runtime import RULES as OF_RUNNING
from .wire import RULES as OF_THE_WIRE

AREAS = (OF_WHAT_HOLDS, OF_THE_WIRE, OF_RUNNING)
RULES: Mapping[str, Rule] = {rule.id: rule for area in AREAS for rule in area}
