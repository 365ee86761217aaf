"""Every upgrade rule by its id, as data; a module for each area."""

from __future__ import annotations

from collections.abc import Mapping

from ..rule import Rule
from . import bindings, effective, errors, inputs, outputs, release, runtime, services, wire

AREAS = (
    inputs.RULES,
    outputs.RULES,
    bindings.RULES,
    errors.RULES,
    services.RULES,
    release.RULES,
    effective.RULES,
    wire.RULES,
    runtime.RULES,
)
RULES: Mapping[str, Rule] = {rule.id: rule for area in AREAS for rule in area}
