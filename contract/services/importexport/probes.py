"""The table of probes for UpdateJob: at least one for each rule, boundary and enum value, each one change away.

Every row of the dossier's truth table is here. A probe says what it is meant to provoke; what it deserves is computed
from the request like any other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ...case import Case, Form, Raw, Signing, reference
from ...codec.form import write_form
from ...codec.signature import Credential
from ...specification import Probe, Unreachable
from .manifest_probes import bucket_changes, customs_changes, manifest_changes, manifest_texts
from .manifests import base_fields, places, with_change, write_manifest
from .probe_table import KINDS, Table
from .world import World


def update_job_probes(world: World, credentials: tuple[Credential, ...]) -> tuple[Probe | Unreachable, ...]:
    """Return every probe for UpdateJob in `world`; what the world cannot offer is told as unreachable.

    Args:
        world: As configured: the probes use its buckets and era.
        credentials: The keys that sign; the first is the usual one.
    """
    table = Table(world, credentials)
    found: list[Probe | Unreachable] = []
    for part in (
        _successes,
        _requests,
        _jobs,
        manifest_texts,
        manifest_changes,
        customs_changes,
        bucket_changes,
        _signatures,
        _wires,
    ):
        found.extend(part(table))
    return tuple(found)


def _successes(table: Table) -> Iterator[Probe | Unreachable]:
    if places(table.world).home is None:
        yield Unreachable("every success", "the world has no bucket with write access")
    for kind in KINDS:
        fields = base_fields(table.world, kind)
        yield table.call(f"success.{kind}", None, table.parameters(kind, fields))
        yield table.call(f"success.{kind}.validate-only", None, table.parameters(kind, fields, ValidateOnly=True))
    yield table.form("success.validate-only-absent", None, ValidateOnly=None)
    yield table.form("success.unknown-parameter", None, Surprise="1")
    accented = with_change(base_fields(table.world, "import"), "returnAddress.name", "José Müller 漢字")
    yield table.call("success.utf-8", None, table.parameters("import", accented))
    versions = sorted(table.world.api_versions or ())
    for version in versions:
        fields = base_fields(table.world, "import")
        yield table.call(f"success.api-version={version}", None, table.parameters("import", fields, APIVersion=version))
    spaceless = write_manifest(base_fields(table.world, "import")).replace(": ", ":")
    if not table.world.strict_yaml:
        yield table.call("success.spaceless-colons", None, table.parameters("import", spaceless))
        yield table.call(
            "success.semicolon",
            None,
            table.parameters(
                "import", write_manifest(base_fields(table.world, "import")).replace("2.0\n", "2.0;\n", 1)
            ),
        )


def _requests(table: Table) -> Iterator[Probe | Unreachable]:
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
    for spelling in ("True", "1", ""):
        yield table.form(f"parameter.ValidateOnly={spelling}", None, ValidateOnly=spelling)
    if table.world.api_versions is None:
        yield Unreachable("parameter.APIVersion.invalid", "the world does not say which values of APIVersion it takes")
        yield table.call("parameter.APIVersion=1.0", None, table.parameters("import", good, APIVersion="1.0"))
    else:
        bogus = table.parameters("import", good, APIVersion="0.0.1-bogus")
        yield table.call("parameter.APIVersion.invalid", "InvalidVersionException", bogus)


def _jobs(table: Table) -> Iterator[Probe | Unreachable]:
    good = base_fields(table.world, "import")
    for job_id in ("fake_job", "ZZZZZ", "OOOOO", "53TX4X", "~"):
        yield table.call(f"job.id={job_id}", "InvalidJobIdException", table.parameters("import", good, JobId=job_id))
    yield table.form("job.id.missing", "InvalidJobIdException", JobId=None)
    yield table.form("job.id.empty", "InvalidJobIdException", JobId="")
    states = {
        "foreign": "InvalidJobIdException",
        "cancelled": "CanceledJobIdException",
        "expired": "ExpiredJobIdException",
        "in-progress": "UnableToUpdateJobIdException",
        "complete": "UnableToUpdateJobIdException",
    }
    for state, error in states.items():
        yield table.call(f"job.{state}", error, table.parameters("import", good, JobId=reference(state)))
        rehearsal = table.parameters("import", good, JobId=reference(state), ValidateOnly=True)
        yield table.call(f"job.{state}.validate-only", error, rehearsal)


def _signatures(table: Table) -> Iterator[Probe | Unreachable]:
    refused: tuple[tuple[str, Signing, str | None], ...] = (
        ("signature.v2", Signing(version="v2"), None),
        ("signature.v2.unknown-key", Signing(version="v2", key="unknown"), "InvalidClientTokenIdException"),
        ("signature.unknown-key", Signing(key="unknown"), "InvalidClientTokenIdException"),
        ("signature.none", Signing(key="none"), "MissingAuthenticationToken"),
        ("signature.tampered", Signing(tampered=True), "SignatureDoesNotMatch"),
        ("signature.v2.tampered", Signing(version="v2", tampered=True), "SignatureDoesNotMatch"),
        ("signature.an-hour-old", Signing(age_seconds=3600), "RequestExpired"),
    )
    for name, signing, provokes in refused:
        yield table.form(name, provokes, signing=signing)


def _wires(table: Table) -> Iterator[Probe | Unreachable]:
    pairs = table.pairs()

    def case(name: str, sent: Form | Raw, provokes: str | None = None, signing: Signing | None = None) -> Probe:
        return Probe(name, Case("UpdateJob", sent, label=name, signing=signing or Signing()), provokes)

    yield case("wire.get", Form(pairs, method="GET"))
    yield case("wire.get.v2", Form(pairs, method="GET"), signing=Signing(version="v2"))
    rest = tuple(pair for pair in pairs if pair[0] != "Action")
    yield case("wire.action-in-query", Form(rest, query=(("Action", "UpdateJob"),)))
    yield case("wire.operation-in-query", Form(rest, query=(("Operation", "UpdateJob"),)))
    yield table.form("wire.version=2010-06-03", None, Version="2010-06-03")
    yield table.form("wire.version=1999-01-01", None, Version="1999-01-01")
    yield table.form("wire.action-missing", "MissingAction", Action=None)
    yield table.form("wire.action-unknown", "InvalidAction", Action="UpdateJobs")
    yield case("wire.body-empty", Raw(b""), "MissingAction")
    yield case("wire.body-json", Raw(b'{"Action": "UpdateJob"}', content_type="application/json"))
    yield case("wire.bad-percent", Raw(write_form(pairs) + b"&APIVersion=%zz"))
    yield case("wire.not-utf-8", Raw(write_form(pairs) + b"&APIVersion=%ff%fe"))
    yield case("wire.nul", Raw(write_form(pairs) + b"&APIVersion=%00"))
    yield case("wire.repeated", Form((*pairs, ("JobType", "Export"))))
    yield case("wire.one-megabyte", Raw(write_form((*pairs, ("Surprise", "x" * 1_000_000)))))


PROBES: Mapping[str, Callable[[World, tuple[Credential, ...]], tuple[Probe | Unreachable, ...]]] = {
    "UpdateJob": update_job_probes
}
