"""The manifest's options as tables: which are required, of which kinds of job, in which era, and their values.

Each row says where it stands. Rows marked inferred have a documented option but no documented refusal.
"""

from __future__ import annotations

from dataclasses import dataclass

from ...finding import Evidence
from . import sources
from .manifest import ADDRESS_KEYS, Kind
from .world import Era

D, O, I = Evidence.DOCUMENTED, Evidence.OBSERVED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

IMPORTS = frozenset({Kind.S3_IMPORT, Kind.EBS, Kind.GLACIER})
EVERY = IMPORTS | {Kind.S3_EXPORT}
S3_IMPORT, EBS, GLACIER = frozenset({Kind.S3_IMPORT}), frozenset({Kind.EBS}), frozenset({Kind.GLACIER})
S3_EXPORT = frozenset({Kind.S3_EXPORT})
IN_OPERATIONS = EBS | GLACIER

BOTH = frozenset(Era)
ERA_A, ERA_B = frozenset({Era.A}), frozenset({Era.B})

MISSING = "MissingManifestFieldException"
INVALID = "InvalidManifestFieldException"


@dataclass(frozen=True, slots=True)
class Required:
    """An option that a manifest must have; empty counts as absent.

    Attributes:
        path: ``bucket``, or ``operations[].destination`` for an option of every entry.
        kinds: The kinds of job that need it.
        eras: The eras that need it.
        evidence: How well it is founded that the request fails without it.
        source: Where that stands.
        naming: How well the error's name is founded.
        codes: The errors that answer its absence.
    """

    path: str
    kinds: frozenset[Kind]
    eras: frozenset[Era]
    evidence: Evidence
    source: str
    naming: Evidence = I
    codes: tuple[str, ...] = (MISSING,)


REQUIRED: tuple[Required, ...] = (
    Required("manifestVersion", EVERY, BOTH, I, sources.COMMON),
    Required("accessKeyId", EVERY, ERA_A, D, sources.COMMON, naming=D),
    Required("deviceId", EVERY, BOTH, D, sources.COMMON, naming=D),
    Required("returnAddress", EVERY, BOTH, D, sources.COMMON),
    Required("notificationEmail", EVERY, ERA_B, D, sources.TEMPLATES),
    Required("eraseDevice", IMPORTS, BOTH, D, f"{sources.S3_IMPORT}; {sources.TEMPLATES}"),
    Required("bucket", S3_IMPORT, BOTH, D, sources.S3_IMPORT, naming=D),
    Required("logBucket", EBS | GLACIER | S3_EXPORT, BOTH, D, f"{sources.COMMON}; {sources.TEMPLATES}", naming=D),
    Required("fileSystem", S3_EXPORT, BOTH, D, sources.EXPORT, naming=D, codes=(MISSING, "InvalidFileSystemException")),
    Required("operations", EBS | GLACIER | S3_EXPORT, BOTH, D, f"{sources.EXPORT}; {sources.EBS}", naming=D),
    Required("operations[].exportBucket", S3_EXPORT, BOTH, D, sources.EXPORT, naming=D),
    Required("operations[].destination", IN_OPERATIONS, BOTH, I, sources.TEMPLATES),
    Required("operations[].source", IN_OPERATIONS, BOTH, I, sources.TEMPLATES),
    Required("operations[].region", IN_OPERATIONS, BOTH, I, sources.TEMPLATES),
    Required("operations[].deviceCapacityGreaterThan1TB", EBS, BOTH, I, sources.TEMPLATES),
    Required("operations[].archiveComment", GLACIER, BOTH, D, sources.GLACIER),
    Required("operations[].vaultName", GLACIER, BOTH, I, sources.GLACIER),
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """The values that an option may have, compared without case.

    Attributes:
        path: As in `Required`.
        values: The values, as the guide spells them.
        kinds: The kinds of job that look at the option.
        eras: The eras in which only these hold.
        evidence: How well it is founded that another value makes the request fail.
        source: Where the values stand.
        code: The error that answers another value.
    """

    path: str
    values: tuple[str, ...]
    kinds: frozenset[Kind]
    eras: frozenset[Era]
    evidence: Evidence
    source: str
    code: str = INVALID


EBS_REGIONS = ("us-east-1", "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1")
GLACIER_REGIONS = EBS_REGIONS[:4]

ALLOWED: tuple[Allowed, ...] = (
    Allowed(
        "manifestVersion", ("2.0", "3.0", "1.0", "1.2", "1.3"), EVERY, BOTH, I, f"{sources.COMMON}; {sources.LIVE_NET}"
    ),
    # In era B the failure is documented; only its name is not.
    Allowed("eraseDevice", ("yes", "true"), IMPORTS, ERA_B, D, f"{sources.TEMPLATES}; {sources.LIVE_NET}"),
    Allowed("eraseDevice", ("yes", "no", "true", "false"), IMPORTS, ERA_A, I, sources.S3_IMPORT),
    Allowed(
        "acl",
        ("private", "public-read", "public-read-write", "authenticated-read"),
        S3_IMPORT,
        BOTH,
        I,
        sources.S3_IMPORT,
    ),
    Allowed("serviceLevel", ("standard", "expeditedShipping"), EVERY, BOTH, I, sources.EXPORT_EXAMPLES),
    Allowed("storageClass", ("STANDARD", "REDUCED_REDUNDANCY"), S3_IMPORT, BOTH, I, sources.GENERATOR),
    Allowed(
        "setContentEncodingForGzFiles", ("yes", "no"), S3_IMPORT, BOTH, I, sources.guide("S3examplesofimportmanifest")
    ),
    Allowed("operations[].destination", ("ebs-snapshot", "glacier"), IN_OPERATIONS, BOTH, I, sources.TEMPLATES),
    Allowed("operations[].source", ("device",), IN_OPERATIONS, BOTH, I, sources.TEMPLATES),
    Allowed("operations[].region", EBS_REGIONS, EBS, BOTH, I, f"{sources.TEMPLATES}; {sources.GENERATOR}"),
    Allowed("operations[].region", GLACIER_REGIONS, GLACIER, BOTH, I, f"{sources.TEMPLATES}; {sources.GLACIER}"),
    Allowed("operations[].deviceCapacityGreaterThan1TB", ("yes", "no"), EBS, BOTH, I, sources.TEMPLATES),
)

# Required below `customs` (inferred: the guide's table was not reached to its end) and the values of the others.
CUSTOMS_REQUIRED = (
    "dataDescription",
    "encryptedData",
    "exportCertifierName",
    "requiresExportLicense",
    "deviceValue",
    "deviceCountryOfOrigin",
    "deviceType",
)
CUSTOMS_ALLOWED = {
    "deviceType": ("externalStorageDevice", "usbFlashDrive", "sataDrive"),
    "encryptedData": ("yes", "no"),
    "requiresExportLicense": ("yes", "no"),
    "typeOfExport": ("return", "permanent", "temporary"),
}
CUSTOMS_KEYS = (*CUSTOMS_REQUIRED, "encryptionClassification", "deviceHTS", "typeOfExport")

ADDRESS_REQUIRED = ("name", "street1", "city", "postalCode", "phoneNumber", "country")
FILE_SYSTEMS = ("NTFS", "EXT4")
DISPUTED_FILE_SYSTEMS = ("EXT2", "EXT3", "FAT32")  # the limits page of era A lists them, the export page does not

LOG_NAME_LIMIT = 1024  # bytes of logPrefix + "export-log-" + job id
LOG_NAME = "export-log-"  # "import-log-" is as long
ARCHIVE_COMMENT_LIMIT = 997  # characters

_SCALARS = (
    "manifestVersion accessKeyId deviceId generator logBucket logPrefix notificationEmail pinCode trueCryptPassword "
    "serviceLevel eraseDevice bucket acl cacheControl contentDisposition contentLanguage defaultContentType "
    "diskTimestampMetadataKey expires prefix setContentEncodingForGzFiles storageClass fileSystem targetDirectory "
    "recoveryDirectory"
)
SCALARS = frozenset(_SCALARS.split())
COLLECTIONS: dict[str, type] = {"ignore": list, "contentTypes": dict, "staticMetadata": dict, "substitutions": dict}
KNOWN_OPTIONS = SCALARS | {"returnAddress", "customs", "operations"} | COLLECTIONS.keys()
KNOWN_ADDRESS_KEYS = frozenset(ADDRESS_KEYS)
