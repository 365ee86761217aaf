"""Probes of the manifest: texts that are none, options missing, empty and wrong, customs, buckets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...specification import Probe, Unreachable
from . import options
from .manifests import ADDRESS_ABROAD, ADDRESS_IN_EUROPE, CUSTOMS, base_fields, places, with_change, write_manifest
from .probe_table import KINDS, Table
from .world import Era

MISSING_FIELD, INVALID_FIELD = options.MISSING, options.INVALID
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
        for kind in KINDS:
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
        for kind in KINDS:
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
    Change("manifest.manifestVersion=3.0:export", "export", "manifestVersion", "3.0", None),
    Change("manifest.manifestVersion=2.0:ebs", "ebs", "manifestVersion", "2.0", None),
    Change("manifest.exportBucket-is-a-list", "export", "operations.0.exportBucket", ["one", "two"], INVALID_FIELD),
    Change("manifest.operations-is-a-text", "export", "operations", "everything", INVALID_FIELD),
    Change("manifest.cacheControl=nonsense", "import", "cacheControl", "complete nonsense", None),
    Change("manifest.contentLanguage=nonsense", "import", "contentLanguage", "Klingon", None),
    Change("manifest.unknown-option", "import", "someNewOption", "1", None),
    Change("manifest.fileSystem=EXT4", "export", "fileSystem", "EXT4", None),
    *(
        Change(f"manifest.fileSystem={name}", "export", "fileSystem", name, None)
        for name in (*options.DISPUTED_FILE_SYSTEMS, "ntfs")
    ),
    Change("manifest.fileSystem=XFS", "export", "fileSystem", "XFS", _FILE_SYSTEM),
    Change("manifest.pinCode-instead", "export", "pinCode", "1234", None),
    Change("manifest.encryption.missing", "export", "trueCryptPassword", None, MISSING_FIELD, Era.B),
    Change("manifest.address.po-box", "import", "returnAddress.street1", "PO Box 123", _ADDRESS),
    Change("manifest.address.country=Atlantis", "import", "returnAddress.country", "Atlantis", _ADDRESS),
    Change("manifest.address.country=Sealand", "import", "returnAddress.country", "Sealand", None),
    Change("manifest.address.is-a-text", "import", "returnAddress", "at home", _ADDRESS),
    Change("manifest.address.state-missing", "import", "returnAddress.stateOrProvince", None, _ADDRESS),
    *(
        Change(f"manifest.address.{name}-missing", "import", f"returnAddress.{name}", None, _ADDRESS)
        for name in options.ADDRESS_REQUIRED
    ),
    Change("manifest.address.street2-empty", "import", "returnAddress.street2", "", None),
    Change("manifest.ignore", "import", "ignore", [r"^lost\+found/", ".*~$"], None),
    Change("manifest.ignore.pattern", "import", "ignore", ["("], None),
    Change("manifest.ignore-is-a-text", "import", "ignore", ".*", None),
    Change("manifest.customs-not-needed", "import", "customs", dict(CUSTOMS), None),
    Change("manifest.customs-not-needed.invalid", "import", "customs", {**CUSTOMS, "deviceType": "toaster"}, None),
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


def manifest_texts(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes whose manifest is no manifest."""
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
        "manifest.text.comments": "# bucket: later\n",
        "manifest.text.json": '{"manifestVersion": ',
    }
    for name, text in texts.items():
        yield table.call(name, malformed, table.parameters("import", text))
    # What the service makes of these is unknown, but it must survive them.
    doubtful = {
        "manifest.text.repeated-option": good + "deviceId: CK-0002\n",
        "manifest.text.deep": "[" * 2000,
        "manifest.text.aliases": good + _aliases(30),
    }
    for name, text in doubtful.items():
        yield table.call(name, None, table.parameters("import", text))


def _aliases(levels: int) -> str:
    """Return options of which each refers to the last one twice: two to the power of `levels` texts, written out."""
    return "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, levels))


def manifest_changes(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes with one option of a valid manifest changed, for the world's era."""
    for change in (*_removals(), *_enum_values(), *_CHANGES):
        if change.era not in (None, table.world.era):
            continue
        fields = base_fields(table.world, change.kind)
        if change.path.startswith("returnAddress.stateOrProvince") and fields["returnAddress"]["country"] != "USA":
            why = "the world has no bucket in the USA, so no address there is tried"
            yield Unreachable(change.name, why, change.provokes)
            continue
        changed = with_change(fields, change.path, change.value)
        yield table.call(change.name, change.provokes, table.parameters(change.kind, changed))
    ebs = base_fields(table.world, "ebs")
    for name, destination, provokes in (("missing", None, MISSING_FIELD), ("invalid", "tape", INVALID_FIELD)):
        second = with_change(ebs["operations"][0], "destination", destination)
        two = ebs | {"operations": [*ebs["operations"], second]}
        yield table.call(f"manifest.second-destination.{name}", provokes, table.parameters("ebs", two))
    named = with_change(base_fields(table.world, "import"), "accessKeyId", _UNKNOWN_KEY)
    yield table.call("manifest.accessKeyId.other", "InvalidAccessKeyIdException", table.parameters("import", named))
    if table.credentials:
        own = with_change(base_fields(table.world, "import"), "accessKeyId", table.credentials[0].access_key_id)
        yield table.call("manifest.accessKeyId.own", None, table.parameters("import", own))


def customs_changes(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of devices that cross a border, or do not."""
    spots = places(table.world)
    home = spots.home
    if home is None or not table.world.buckets[home].region.startswith("us-"):
        for error in ("MissingCustomsException", "InvalidCustomsException"):
            why = "the world has no bucket in the USA with write access"
            yield Unreachable(f"manifest.customs.{error}", why, error)
    else:
        abroad = with_change(base_fields(table.world, "import"), "returnAddress", dict(ADDRESS_ABROAD))
        yield table.call("manifest.customs.missing", "MissingCustomsException", table.parameters("import", abroad))
        full = with_change(abroad, "customs", dict(CUSTOMS))
        yield table.call("success.customs", None, table.parameters("import", full))
        for name, value, provokes in _CUSTOMS_CHANGES:
            changed = with_change(full, f"customs.{name}", value)
            yield table.call(f"manifest.customs.{name}={value}", provokes, table.parameters("import", changed))
        expedited = with_change(full, "serviceLevel", "expeditedShipping")
        yield table.call("manifest.serviceLevel.abroad", None, table.parameters("import", expedited))
    if spots.in_europe is None:
        yield Unreachable("success.within-europe", "the world has no bucket in the EU with write access")
    else:
        europe = base_fields(table.world, "import") | {"bucket": spots.in_europe}
        within = europe | {"returnAddress": dict(ADDRESS_IN_EUROPE)}
        yield table.call("success.within-europe", None, table.parameters("import", within))
        outside = europe | {"returnAddress": dict(ADDRESS_ABROAD), "customs": dict(CUSTOMS)}
        yield table.call("manifest.address.outside-europe", None, table.parameters("import", outside))
        british = europe | {"returnAddress": {**ADDRESS_IN_EUROPE, "city": "London", "country": "United Kingdom"}}
        yield table.call("manifest.customs.unclear", None, table.parameters("import", british))
        in_part = with_change(british | {"customs": dict(CUSTOMS)}, "customs.dataDescription", None)
        yield table.call("manifest.customs.part-unclear", None, table.parameters("import", in_part))


def bucket_changes(table: Table) -> Iterator[Probe | Unreachable]:
    """Yield probes of buckets that do not exist, are denied, or lie in several regions."""
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
            why = "the world has no bucket to which access is denied"
            yield Unreachable(f"bucket.{name}.denied:{kind}", why, "BucketPermissionException")
        else:
            denied = with_change(fields, path, spots.denied)
            yield table.call(
                f"bucket.{name}.denied:{kind}", "BucketPermissionException", table.parameters(kind, denied)
            )
    if spots.elsewhere is None or spots.home is None:
        why = "the world has no two buckets in different regions with write access"
        yield Unreachable("bucket.regions", why, "MultipleRegionsException")
        return
    export, imported = base_fields(table.world, "export"), base_fields(table.world, "import")
    split = "MultipleRegionsException"
    away = with_change(export, "operations.0.exportBucket", spots.elsewhere)
    yield table.call("bucket.regions.log-and-export", split, table.parameters("export", away))
    both = with_change(export, "operations", [{"exportBucket": spots.home}, {"exportBucket": spots.elsewhere}])
    yield table.call("bucket.regions.two-exports", split, table.parameters("export", both))
    logs = with_change(imported, "logBucket", spots.elsewhere)
    yield table.call("bucket.regions.import-and-log", split, table.parameters("import", logs))
