"""The table of probes for UpdateJob: at least one for each rule, boundary and enum value, each one change away.

Every row of the dossier's truth table is here. A probe says what it is meant to provoke; what it deserves is computed
from the request like any other's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...case import Call, Case, Form, Raw, Signing, reference
from ...codec.form import write_form
from ...codec.signature import Credential
from ...specification import Probe, Unreachable
from . import options
from .manifests import ADDRESS_ABROAD, ADDRESS_IN_EUROPE, CUSTOMS, base_fields, places, with_change, write_manifest
from .world import Era, World

MISSING_FIELD, INVALID_FIELD = options.MISSING, options.INVALID
_KINDS = {"import": "Import", "export": "Export", "ebs": "Import", "glacier": "Import"}
_UNKNOWN_KEY = "AKIAI44QH8DHBEXAMPLE"  # AWS's published second example key


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a baseline manifest.

    Attributes:
        name: Name of the probe.
        kind: Which baseline: ``import``, ``export``, ``ebs``, ``glacier``.
        path: The option, as `with_change` takes it.
        value: Its new value; None removes it.
        provokes: The error meant, or None for a success.
        era: The only era in which the probe says something, or None.
    """

    name: str
    kind: str
    path: str
    value: Any
    provokes: str | None
    era: Era | None = None


def _removals() -> Iterator[Change]:
    for row in options.REQUIRED:
        era = None if row.eras == options.BOTH else min(row.eras, key=lambda era: era.value)
        for kind in _KINDS:
            if _MODEL_KIND[kind] in {member.name for member in row.kinds}:
                path = row.path.replace("[]", ".0")
                yield Change(f"manifest.{row.path}.missing:{kind}", kind, path, None, row.codes[0], era)
                if not row.path.startswith("operations"):
                    yield Change(f"manifest.{row.path}.empty:{kind}", kind, path, "", row.codes[0], era)


_MODEL_KIND = {"import": "S3_IMPORT", "export": "S3_EXPORT", "ebs": "EBS", "glacier": "GLACIER"}


def _enum_values() -> Iterator[Change]:
    for row in options.ALLOWED:
        if row.path == "manifestVersion":
            continue  # versions decide the kind of job; they have probes of their own
        era = None if row.eras == options.BOTH else min(row.eras, key=lambda era: era.value)
        for kind in _KINDS:
            if _MODEL_KIND[kind] not in {member.name for member in row.kinds}:
                continue
            path = row.path.replace("[]", ".0")
            # A destination decides the kind, so the other kind's would be another manifest altogether.
            values = row.values if not row.path.endswith("destination") else ()
            for value in values:
                yield Change(f"manifest.{row.path}={value}:{kind}", kind, path, value, None, era)
            yield Change(f"manifest.{row.path}.invalid:{kind}", kind, path, "no-such-value", row.code, era)


_ADDRESS = "InvalidAddressException"
_FILE_SYSTEM = "InvalidFileSystemException"

_CHANGES: tuple[Change, ...] = (
    Change("manifest.eraseDevice=no", "import", "eraseDevice", "no", INVALID_FIELD, Era.B),
    Change("manifest.acl=public", "import", "acl", "public", INVALID_FIELD),
    Change("manifest.serviceLevel=overnight", "import", "serviceLevel", "overnight", INVALID_FIELD),
    Change("manifest.archiveComment=997", "glacier", "operations.0.archiveComment", "c" * 997, None),
    Change("manifest.archiveComment=998", "glacier", "operations.0.archiveComment", "c" * 998, INVALID_FIELD),
    Change("manifest.logPrefix=1008", "export", "logPrefix", "p" * 1008, None),
    Change("manifest.logPrefix=1009", "export", "logPrefix", "p" * 1009, INVALID_FIELD),
    Change("manifest.logPrefix=505-two-byte", "export", "logPrefix", "é" * 505, INVALID_FIELD),
    Change("manifest.logPrefix=1009:import", "import", "logPrefix", "p" * 1009, INVALID_FIELD),
    Change("manifest.manifestVersion=9.9", "import", "manifestVersion", "9.9", INVALID_FIELD),
    Change("manifest.manifestVersion=1.3", "import", "manifestVersion", "1.3", None),
    Change("manifest.manifestVersion=1.2:export", "export", "manifestVersion", "1.2", None),
    Change("manifest.manifestVersion=1.0", "import", "manifestVersion", "1.0", None),
    Change("manifest.manifestVersion=3.0:import", "import", "manifestVersion", "3.0", MISSING_FIELD),
    Change("manifest.deviceId-is-a-list", "import", "deviceId", ["one", "two"], INVALID_FIELD),
    Change("manifest.operations-is-a-text", "export", "operations", "everything", INVALID_FIELD),
    Change("manifest.cacheControl=nonsense", "import", "cacheControl", "complete nonsense", None),
    Change("manifest.contentLanguage=nonsense", "import", "contentLanguage", "Klingon", None),
    Change("manifest.unknown-option", "import", "someNewOption", "1", None),
    Change("manifest.fileSystem=EXT4", "export", "fileSystem", "EXT4", None),
    Change("manifest.fileSystem=XFS", "export", "fileSystem", "XFS", _FILE_SYSTEM),
    Change("manifest.pinCode-instead", "export", "pinCode", "1234", None),
    Change("manifest.encryption.missing", "export", "trueCryptPassword", None, MISSING_FIELD, Era.B),
    Change("manifest.address.po-box", "import", "returnAddress.street1", "PO Box 123", _ADDRESS),
    Change("manifest.address.country=Atlantis", "import", "returnAddress.country", "Atlantis", _ADDRESS),
    Change("manifest.address.is-a-text", "import", "returnAddress", "at home", _ADDRESS),
    Change("manifest.address.state-missing", "import", "returnAddress.stateOrProvince", None, _ADDRESS),
    *(
        Change(f"manifest.address.{name}-missing", "import", f"returnAddress.{name}", None, _ADDRESS)
        for name in options.ADDRESS_REQUIRED
    ),
    Change("manifest.address.street2-empty", "import", "returnAddress.street2", "", None),
    Change("manifest.ignore", "import", "ignore", [r"^lost\+found/", ".*~$"], None),
    Change("manifest.staticMetadata", "import", "staticMetadata", {"origin": "lab"}, None),
)

_CUSTOMS_CHANGES: tuple[tuple[str, str | None, str | None], ...] = (
    *((name, None, "MissingCustomsException") for name in options.CUSTOMS_REQUIRED),
    ("deviceType", "toaster", "InvalidCustomsException"),
    ("encryptedData", "maybe", "InvalidCustomsException"),
    ("requiresExportLicense", "perhaps", "InvalidCustomsException"),
    ("deviceValue", "lots", "InvalidCustomsException"),
    ("typeOfExport", "loan", "InvalidCustomsException"),
    *(("typeOfExport", value, None) for value in options.CUSTOMS_ALLOWED["typeOfExport"]),
    *(("deviceType", value, None) for value in options.CUSTOMS_ALLOWED["deviceType"]),
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Makes probes for one world."""

    world: World
    credentials: tuple[Credential, ...]

    def parameters(self, kind: str, fields: Mapping[str, Any] | str, **changes: str | bool | None) -> dict[str, Any]:
        text = fields if isinstance(fields, str) else write_manifest(fields)
        base: dict[str, Any] = {
            "JobId": reference("pending"),
            "Manifest": text,
            "JobType": _KINDS[kind],
            "ValidateOnly": False,
        }
        base |= changes
        return {name: value for name, value in base.items() if value is not None}

    def call(self, name: str, provokes: str | None, parameters: Mapping[str, Any]) -> Probe:
        return Probe(name, Case("UpdateJob", Call(parameters), label=name), provokes)

    def form(self, name: str, provokes: str | None, *, signing: Signing | None = None, **changes: str | None) -> Probe:
        pairs = self.pairs(**changes)
        case = Case("UpdateJob", Form(pairs), label=name, signing=signing or Signing())
        return Probe(name, case, provokes)

    def pairs(self, **changes: str | None) -> tuple[tuple[str, str], ...]:
        base: dict[str, str | None] = {"Action": "UpdateJob", "Version": "2010-06-01", "JobId": reference("pending")}
        base |= {"Manifest": write_manifest(base_fields(self.world, "import")), "JobType": "Import"}
        base |= {"ValidateOnly": "false", **changes}
        return tuple((key, value) for key, value in base.items() if value is not None)


def update_job_probes(world: World, credentials: tuple[Credential, ...]) -> tuple[Probe | Unreachable, ...]:
    """Return every probe for UpdateJob in `world`; what the world cannot offer is told as unreachable.

    Args:
        world: As configured: the probes use its buckets and era.
        credentials: The keys that sign; the first is the usual one.
    """
    table = _Table(world, credentials)
    found: list[Probe | Unreachable] = []
    for part in (
        _successes,
        _requests,
        _jobs,
        _manifest_texts,
        _manifest_changes,
        _customs,
        _buckets,
        _signatures,
        _wires,
    ):
        found.extend(part(table))
    return tuple(found)


def _successes(table: _Table) -> Iterator[Probe | Unreachable]:
    if places(table.world).home is None:
        yield Unreachable("every success", "the world has no bucket with write access")
    for kind in _KINDS:
        fields = base_fields(table.world, kind)
        yield table.call(f"success.{kind}", None, table.parameters(kind, fields))
        yield table.call(f"success.{kind}.validate-only", None, table.parameters(kind, fields, ValidateOnly=True))
    yield table.form("success.validate-only-absent", None, ValidateOnly=None)
    yield table.form("success.unknown-parameter", None, Surprise="1")
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


def _requests(table: _Table) -> Iterator[Probe | Unreachable]:
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
    if table.world.api_versions is None:
        yield Unreachable("parameter.APIVersion.invalid", "the world does not say which values of APIVersion it takes")
    else:
        bogus = table.parameters("import", good, APIVersion="0.0.1-bogus")
        yield table.call("parameter.APIVersion.invalid", "InvalidVersionException", bogus)


def _jobs(table: _Table) -> Iterator[Probe | Unreachable]:
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


def _manifest_texts(table: _Table) -> Iterator[Probe | Unreachable]:
    malformed = "MalformedManifestException"
    good = write_manifest(base_fields(table.world, "import"))
    texts = {
        "manifest.text=INVALID MANIFEST": "INVALID MANIFEST",
        "manifest.text=invalid-manifest": "invalid-manifest",
        "manifest.text.list": "- one\n- two\n",
        "manifest.syntax.tab": good.replace("  name:", "\tname:"),
        "manifest.syntax.unclosed-quote": good + 'generator: "unclosed\n',
        "manifest.syntax.unclosed-brace": good + "customs: {a: b\n",
        "manifest.text.empty": "",
        "manifest.text.blank": " \n\n",
        "manifest.text.json": '{"manifestVersion": ',
    }
    for name, text in texts.items():
        yield table.call(name, malformed, table.parameters("import", text))


def _manifest_changes(table: _Table) -> Iterator[Probe | Unreachable]:
    for change in (*_removals(), *_enum_values(), *_CHANGES):
        if change.era not in (None, table.world.era):
            continue
        fields = base_fields(table.world, change.kind)
        if change.path.startswith("returnAddress.stateOrProvince") and fields["returnAddress"]["country"] != "USA":
            yield Unreachable(change.name, "the world has no bucket in the USA, so no address there is tried")
            continue
        changed = with_change(fields, change.path, change.value)
        yield table.call(change.name, change.provokes, table.parameters(change.kind, changed))
    named = with_change(base_fields(table.world, "import"), "accessKeyId", _UNKNOWN_KEY)
    yield table.call("manifest.accessKeyId.other", "InvalidAccessKeyIdException", table.parameters("import", named))
    if table.credentials:
        own = with_change(base_fields(table.world, "import"), "accessKeyId", table.credentials[0].access_key_id)
        yield table.call("manifest.accessKeyId.own", None, table.parameters("import", own))


def _customs(table: _Table) -> Iterator[Probe | Unreachable]:
    spots = places(table.world)
    home = spots.home
    if home is None or not table.world.buckets[home].region.startswith("us-"):
        yield Unreachable("manifest.customs", "the world has no bucket in the USA with write access")
    else:
        abroad = with_change(base_fields(table.world, "import"), "returnAddress", dict(ADDRESS_ABROAD))
        yield table.call("manifest.customs.missing", "MissingCustomsException", table.parameters("import", abroad))
        full = with_change(abroad, "customs", dict(CUSTOMS))
        yield table.call("success.customs", None, table.parameters("import", full))
        for name, value, provokes in _CUSTOMS_CHANGES:
            changed = with_change(full, f"customs.{name}", value)
            yield table.call(f"manifest.customs.{name}={value}", provokes, table.parameters("import", changed))
    if spots.in_europe is None:
        yield Unreachable("success.within-europe", "the world has no bucket in the EU with write access")
    else:
        within = base_fields(table.world, "import") | {
            "bucket": spots.in_europe,
            "returnAddress": dict(ADDRESS_IN_EUROPE),
        }
        yield table.call("success.within-europe", None, table.parameters("import", within))


def _buckets(table: _Table) -> Iterator[Probe | Unreachable]:
    spots = places(table.world)
    for kind, path in (
        ("import", "bucket"),
        ("import", "logBucket"),
        ("export", "logBucket"),
        ("export", "operations.0.exportBucket"),
    ):
        fields = base_fields(table.world, kind)
        gone = with_change(fields, path, spots.missing)
        name = path.rpartition(".")[2]
        yield table.call(f"bucket.{name}.unknown:{kind}", "NoSuchBucketException", table.parameters(kind, gone))
        if spots.denied is None:
            yield Unreachable(f"bucket.{name}.denied:{kind}", "the world has no bucket to which access is denied")
        else:
            denied = with_change(fields, path, spots.denied)
            yield table.call(
                f"bucket.{name}.denied:{kind}", "BucketPermissionException", table.parameters(kind, denied)
            )
    if spots.elsewhere is None or spots.home is None:
        yield Unreachable("bucket.regions", "the world has no two buckets in different regions with write access")
        return
    export, imported = base_fields(table.world, "export"), base_fields(table.world, "import")
    split = "MultipleRegionsException"
    away = with_change(export, "operations.0.exportBucket", spots.elsewhere)
    yield table.call("bucket.regions.log-and-export", split, table.parameters("export", away))
    both = with_change(export, "operations", [{"exportBucket": spots.home}, {"exportBucket": spots.elsewhere}])
    yield table.call("bucket.regions.two-exports", split, table.parameters("export", both))
    logs = with_change(imported, "logBucket", spots.elsewhere)
    yield table.call("bucket.regions.import-and-log", split, table.parameters("import", logs))


def _signatures(table: _Table) -> Iterator[Probe | Unreachable]:
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


def _wires(table: _Table) -> Iterator[Probe | Unreachable]:
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
