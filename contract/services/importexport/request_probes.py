"""Probes that every operation has, and those of parameters that several have: signatures, wires, job ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...case import Form, Raw, Signing, reference
from ...codec.form import write_form
from ...specification import Probe, Unreachable
from .manifests import base_fields
from .probe_table import Table

Part = Callable[[Table], Iterator[Probe | Unreachable]]

UNKNOWN_ID = "InvalidJobIdException"
UNKNOWN_IDS = ("fake_job", "ZZZZZ", "OOOOO", "53TX4X", "~")


def gathered(table: Table, *parts: Part) -> tuple[Probe | Unreachable, ...]:
    """Return the probes of each part in turn."""
    return tuple(probe for part in parts for probe in part(table))


def signatures(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of who signs, and how."""
    refused: tuple[tuple[str, Signing, str | None], ...] = (
        ("signature.v2", Signing(version="v2"), table.provokes),
        ("signature.v2.unknown-key", Signing(version="v2", key="unknown"), "InvalidClientTokenIdException"),
        ("signature.unknown-key", Signing(key="unknown"), "InvalidClientTokenIdException"),
        ("signature.none", Signing(key="none"), "MissingAuthenticationToken"),
        ("signature.tampered", Signing(tampered=True), "SignatureDoesNotMatch"),
        ("signature.v2.tampered", Signing(version="v2", tampered=True), "SignatureDoesNotMatch"),
        ("signature.an-hour-old", Signing(age_seconds=3600), "RequestExpired"),
    )
    for name, signing, provokes in refused:
        yield table.form(name, provokes, signing=signing)


def wires(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of the form and the bytes of a request."""
    pairs, good = table.pairs(), table.provokes
    yield table.sent("wire.get", good, Form(pairs, method="GET"))
    yield table.sent("wire.get.v2", good, Form(pairs, method="GET"), signing=Signing(version="v2"))
    rest = tuple(pair for pair in pairs if pair[0] != "Action")
    yield table.sent("wire.action-in-query", good, Form(rest, query=(("Action", table.operation),)))
    yield table.sent("wire.operation-in-query", good, Form(rest, query=(("Operation", table.operation),)))
    yield table.form("wire.version=2010-06-03", good, Version="2010-06-03")
    yield table.form("wire.version=1999-01-01", None, Version="1999-01-01")
    yield table.form("wire.action-missing", "MissingAction", Action=None)
    yield table.form("wire.action-unknown", "InvalidAction", Action=f"{table.operation}s")
    yield table.sent("wire.body-empty", "MissingAction", Raw(b""))
    json = b'{"Action": "%s"}' % table.operation.encode()
    yield table.sent("wire.body-json", None, Raw(json, content_type="application/json"))
    body = write_form(pairs)
    for name, text in (("bad-percent", b"%zz"), ("not-utf-8", b"%ff%fe"), ("nul", b"%00")):
        yield table.sent(f"wire.{name}", None, Raw(body + b"&APIVersion=" + text))
    yield table.sent("wire.repeated", None, Form((*pairs, ("APIVersion", "1.0"), ("APIVersion", "2.0"))))
    yield table.sent("wire.one-megabyte", good, Raw(write_form((*pairs, ("Surprise", "x" * 1_000_000)))))
    yield table.form("wire.unknown-parameter", good, Surprise="1")


def client_versions(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of ``APIVersion``, the version of the client's tool."""
    known, error = table.world.api_versions, "InvalidVersionException"
    if known is None:
        why = "the world does not say which values of APIVersion it takes"
        yield Unreachable("parameter.APIVersion.invalid", why, error)
        yield table.call("parameter.APIVersion=1.0", table.provokes, table.changed(APIVersion="1.0"))
        return
    yield table.call("parameter.APIVersion.invalid", error, table.changed(APIVersion="0.0.1-bogus"))
    yield table.call("parameter.APIVersion.empty", error, table.changed(APIVersion=""))
    for version in sorted(known):
        yield table.call(f"success.api-version={version}", table.provokes, table.changed(APIVersion=version))


def job_ids(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of ``JobId`` where it names no job of the signer's."""
    for job_id in UNKNOWN_IDS:
        yield table.call(f"job.id={job_id}", UNKNOWN_ID, table.changed(JobId=job_id))
    yield table.form("job.id.missing", UNKNOWN_ID, JobId=None)
    yield table.form("job.id.empty", UNKNOWN_ID, JobId="")


def job_states(states: Mapping[str, str | None]) -> Part:
    """Return the probes of ``JobId`` for jobs in these states, each with the error that answers it."""

    def probes(table: Table) -> Iterator[Probe | Unreachable]:
        for state, error in states.items():
            yield table.call(f"job.{state}", error, table.changed(JobId=reference(state)))

    return probes


def unreachable(reasons: Mapping[str, str]) -> Part:
    """Return documented errors of an operation that no request is known to provoke, each with the reason."""

    def probes(_: Table) -> Iterator[Probe | Unreachable]:
        for error, why in reasons.items():
            yield Unreachable("", why, error)

    return probes


def manifest_parameters(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of the parameters that go with a manifest."""
    yield table.form("parameter.Manifest.missing", "MissingParameterException", Manifest=None)
    yield table.form("parameter.JobType.missing", "MissingParameterException", JobType=None)
    yield table.form("parameter.JobType.empty", "MissingParameterException", JobType="")
    good = base_fields(table.world, "import")
    for wrong in ("InvalidJobType", "Importt", "0"):
        yield table.call(
            f"parameter.JobType={wrong}", "InvalidParameterException", table.parameters("import", good, JobType=wrong)
        )
    yield table.call("parameter.JobType=import", None, table.parameters("import", good, JobType="import"))
    for wrong in ("maybe", "2", "null"):
        yield table.form(f"parameter.ValidateOnly={wrong}", "InvalidParameterException", ValidateOnly=wrong)
    for spelling in ("True", "1"):
        yield table.form(f"parameter.ValidateOnly={spelling}", None, ValidateOnly=spelling)
