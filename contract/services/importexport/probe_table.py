"""Makes probes of one operation for one world: parameters for the SDK, and form pairs that it cannot send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...case import Call, Case, Form, Raw, Signing, reference
from ...codec.form import Pairs
from ...codec.signature import Credential
from ...specification import Probe
from .manifests import base_fields, write_manifest
from .world import World

KINDS = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}
VERSION = "2010-06-01"


@dataclass(frozen=True, slots=True)
class Table:
    """Makes probes for one world.

    Attributes:
        operation: Its name.
        world: As configured.
        credentials: The keys that sign; the first is the usual one.
        base: Parameters of a request that breaks no rule but the one that `provokes` answers.
        provokes: What `base` is refused with; None when it succeeds. A request that succeeds may use up a job, and
            what is sent dozens of times had better be refused.
    """

    operation: str
    world: World
    credentials: tuple[Credential, ...]
    base: Mapping[str, Any]
    provokes: str | None = None

    def parameters(self, kind: str, fields: Mapping[str, Any] | str, **changes: str | bool | None) -> dict[str, Any]:
        """Return the base with the manifest and the type of a kind of job, and more changed, or left out where None."""
        text = fields if isinstance(fields, str) else write_manifest(fields)
        return self.changed(**{"Manifest": text, "JobType": KINDS[kind], **changes})

    def changed(self, **changes: Any) -> dict[str, Any]:
        """Return the base with some parameters changed, added, or left out where None."""
        return {name: value for name, value in {**self.base, **changes}.items() if value is not None}

    def call(self, name: str, provokes: str | None, parameters: Mapping[str, Any]) -> Probe:
        """Return a probe that goes through the SDK."""
        return Probe(name, Case(self.operation, Call(parameters), label=name), provokes)

    def form(self, name: str, provokes: str | None, *, signing: Signing | None = None, **changes: str | None) -> Probe:
        """Return a probe with the base's form pairs, some changed, or left out where None."""
        return self.sent(name, provokes, Form(self.pairs(**changes)), signing=signing)

    def sent(self, name: str, provokes: str | None, sent: Form | Raw, *, signing: Signing | None = None) -> Probe:
        """Return a probe of a form or of bytes."""
        return Probe(name, Case(self.operation, sent, label=name, signing=signing or Signing()), provokes)

    def pairs(self, **changes: str | None) -> Pairs:
        """Return the base's form pairs, with some changed, added, or left out where None."""
        pairs: dict[str, str | None] = {"Action": self.operation, "Version": VERSION}
        for name, value in self.base.items():
            pairs.update(_wire(name, value))
        pairs.update(changes)
        return tuple((key, value) for key, value in pairs.items() if value is not None)


def _wire(name: str, value: Any) -> Iterator[tuple[str, str]]:
    match value:
        case bool():
            yield name, str(value).lower()
        case list() | tuple():
            for number, item in enumerate(value, 1):
                yield f"{name}.member.{number}", str(item)
        case _:
            yield name, str(value)


def table_of(
    operation: str, world: World, credentials: tuple[Credential, ...], *, provokes: str | None = None, **base: Any
) -> Table:
    """Return the table of an operation; see `Table` for the arguments."""
    return Table(operation, world, credentials, base, provokes)


def manifest_table(operation: str, world: World, credentials: tuple[Credential, ...]) -> Table:
    """Return the table of an operation that takes a manifest: CreateJob is rehearsed, UpdateJob is for real."""
    manifest = {"Manifest": write_manifest(base_fields(world, "import")), "JobType": "Import"}
    if operation == "CreateJob":
        return table_of(operation, world, credentials, **manifest, ValidateOnly=True)
    return table_of(operation, world, credentials, JobId=reference("pending"), **manifest, ValidateOnly=False)
