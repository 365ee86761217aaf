"""Makes probes of UpdateJob for one world: parameters for the SDK, and form pairs that it cannot send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...case import Call, Case, Form, Signing, reference
from ...codec.signature import Credential
from ...specification import Probe
from .manifests import base_fields, write_manifest
from .world import World

KINDS = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}


@dataclass(frozen=True, slots=True)
class Table:
    """Makes probes for one world."""

    world: World
    credentials: tuple[Credential, ...]

    def parameters(self, kind: str, fields: Mapping[str, Any] | str, **changes: str | bool | None) -> dict[str, Any]:
        """Return parameters for a pending job, with some changed, or left out where None."""
        text = fields if isinstance(fields, str) else write_manifest(fields)
        base: dict[str, Any] = {
            "JobId": reference("pending"),
            "Manifest": text,
            "JobType": KINDS[kind],
            "ValidateOnly": False,
        }
        base |= changes
        return {name: value for name, value in base.items() if value is not None}

    def call(self, name: str, provokes: str | None, parameters: Mapping[str, Any]) -> Probe:
        """Return a probe that goes through the SDK."""
        return Probe(name, Case("UpdateJob", Call(parameters), label=name), provokes)

    def form(self, name: str, provokes: str | None, *, signing: Signing | None = None, **changes: str | None) -> Probe:
        """Return a probe with form pairs, some changed, or left out where None."""
        pairs = self.pairs(**changes)
        case = Case("UpdateJob", Form(pairs), label=name, signing=signing or Signing())
        return Probe(name, case, provokes)

    def pairs(self, **changes: str | None) -> tuple[tuple[str, str], ...]:
        """Return the pairs of a valid import, with some changed, added, or left out where None."""
        base: dict[str, str | None] = {"Action": "UpdateJob", "Version": "2010-06-01", "JobId": reference("pending")}
        base |= {"Manifest": write_manifest(base_fields(self.world, "import")), "JobType": "Import"}
        base |= {"ValidateOnly": "false", **changes}
        return tuple((key, value) for key, value in base.items() if value is not None)
