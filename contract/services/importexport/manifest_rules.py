"""Rules about the options of a manifest: which it must have, and the values that they may have.

Most rules are rows of the tables in `options`.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ...finding import Evidence
from ...rule import Rule
from . import options, sources
from .facts import Facts
from .manifest import Kind, Manifest
from .operations import WRITES
from .options import INVALID, MISSING, Allowed, Required
from .world import Era

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks

# How much of `ignore` is looked at.
_PATTERNS, _PATTERN_LENGTH = 100, 1000


# Rows


def _applies(row: Required | Allowed, facts: Facts) -> bool:
    if facts.fields is None or facts.world.era not in row.eras:
        return False
    return facts.kind in row.kinds or (facts.kind is None and row.kinds is options.EVERY)


def _values(manifest: Manifest, path: str) -> Iterator[tuple[str, Any]]:
    """Yield the exact path and value of an option; an absent one yields None."""
    fields: Mapping[str, Any] = manifest.fields or {}
    if path.startswith("operations[]."):
        name = path.removeprefix("operations[].")
        for index, entry in enumerate(manifest.operations):
            yield f"operations[{index}].{name}", entry.get(name)
    else:
        yield path, fields.get(path)


def _is_blank(value: Any) -> bool:
    return value is None or not (value.strip() if isinstance(value, str) else value)


def _missing(row: Required) -> Callable[[Facts], str | None]:
    def broken(facts: Facts) -> str | None:
        if not _applies(row, facts) or facts.fields is None:
            return None
        blank = [path for path, value in _values(facts.fields, row.path) if _is_blank(value)]
        return f"{blank[0]} is missing or empty" if blank else None

    return broken


def _not_allowed(row: Allowed) -> Callable[[Facts], str | None]:
    allowed = frozenset(value.casefold() for value in row.values)

    def broken(facts: Facts) -> str | None:
        if not _applies(row, facts) or facts.fields is None:
            return None
        for path, value in _values(facts.fields, row.path):
            if isinstance(value, str) and value.strip() and value.strip().casefold() not in allowed:
                return f"{path} is {value[:60]!r}, not {' or '.join(row.values)}"
        return None

    return broken


def _era_suffix(row: Required | Allowed) -> str:
    return "" if row.eras == options.BOTH else f" (era {min(era.value for era in row.eras)})"


def _kinds(row: Required | Allowed) -> str:
    return "every manifest" if row.kinds is options.EVERY else " and ".join(sorted(kind.value for kind in row.kinds))


REQUIRED_RULES: tuple[Rule[Facts], ...] = tuple(
    Rule(
        f"manifest.{row.path}.missing",
        row.codes,
        WRITES,
        f"{_kinds(row)}: {row.path} is missing or empty{_era_suffix(row)}",
        row.evidence,
        row.source,
        _missing(row),
        naming=row.naming,
    )
    for row in options.REQUIRED
)

ALLOWED_RULES: tuple[Rule[Facts], ...] = tuple(
    Rule(
        f"manifest.{row.path}.invalid",
        (row.code,),
        WRITES,
        f"{_kinds(row)}: {row.path} is none of {', '.join(row.values)}{_era_suffix(row)}",
        row.evidence,
        row.source,
        _not_allowed(row),
        naming=I,
    )
    for row in options.ALLOWED
)


# Conditions of their own


def _another_key(era: Era) -> Callable[[Facts], str | None]:
    def broken(facts: Facts) -> str | None:
        named = facts.fields.text("accessKeyId") if facts.fields else None
        if not named or facts.world.era is not era or facts.access_key_id in (None, named):
            return None
        return f"accessKeyId is {named[:60]!r}, and the request is signed with {facts.access_key_id!r}"

    return broken


def _log_name(*kinds: Kind) -> Callable[[Facts], str | None]:
    def broken(facts: Facts) -> str | None:
        fields = facts.fields.fields if facts.fields and facts.kind in kinds else None
        prefix = (fields or {}).get("logPrefix")
        if not isinstance(prefix, str):
            return None
        job = facts.job.job_id if facts.job else "JOBID"
        name = "export-log-" if facts.kind is Kind.S3_EXPORT else "import-log-"
        length = len(prefix.encode("utf-8", "surrogatepass")) + len(name) + len(job)
        if length <= options.LOG_NAME_LIMIT:
            return None
        return f"logPrefix, {name} and the job id are {length} bytes, over {options.LOG_NAME_LIMIT}"

    return broken


def _archive_comment(facts: Facts) -> str | None:
    if facts.fields is None or facts.kind is not Kind.GLACIER:
        return None
    for path, value in _values(facts.fields, "operations[].archiveComment"):
        if isinstance(value, str) and len(value) > options.ARCHIVE_COMMENT_LIMIT:
            return f"{path} has {len(value)} characters, over {options.ARCHIVE_COMMENT_LIMIT}"
    return None


def _no_encryption(facts: Facts) -> str | None:
    if facts.fields is None or facts.kind is not Kind.S3_EXPORT or facts.world.era is not Era.B:
        return None
    if facts.fields.text("trueCryptPassword") or facts.fields.text("pinCode"):
        return None
    return "an export has neither trueCryptPassword nor pinCode"


def _file_system(facts: Facts) -> str | None:
    name = _file_system_name(facts)
    known = (*options.FILE_SYSTEMS, *options.DISPUTED_FILE_SYSTEMS)
    if name is None or name.upper() in known:
        return None
    return f"fileSystem is {name[:60]!r}, not {' or '.join(options.FILE_SYSTEMS)}"


def _disputed_file_system(facts: Facts) -> str | None:
    name = _file_system_name(facts)
    if name is None or name in options.FILE_SYSTEMS or _file_system(facts):
        return None
    return f"fileSystem is {name!r}, on which the pages disagree, or is spelled in another case"


def _file_system_name(facts: Facts) -> str | None:
    return facts.fields.text("fileSystem") or None if facts.fields and facts.kind is Kind.S3_EXPORT else None


def _ignore(facts: Facts) -> str | None:
    value = facts.fields.fields.get("ignore") if facts.fields and facts.fields.fields else None
    patterns = value if isinstance(value, list) and facts.kind is Kind.S3_IMPORT else ()
    for pattern in patterns[:_PATTERNS]:
        if isinstance(pattern, str) and len(pattern) <= _PATTERN_LENGTH and not _is_regex(pattern):
            return f"ignore holds {pattern[:60]!r}, which is no regular expression"
    return None


def _is_regex(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of sets that it may come to read otherwise
        try:
            re.compile(text)
        except (re.error, OverflowError, RecursionError):
            return False
    return True


VALUE_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "manifest.encryption.missing",
        (MISSING,),
        WRITES,
        "S3 export: neither trueCryptPassword nor pinCode (era 2014-12-18)",
        D,
        f"{sources.TEMPLATES}; {sources.guide('GSCreateSampleS3ExportRequest')}",
        _no_encryption,
        naming=I,
    ),
    Rule(
        "manifest.logPrefix.too-long",
        (INVALID,),
        WRITES,
        "S3 export: logPrefix, export-log- and the job id are over 1024 bytes",
        D,
        f"{sources.EXPORT_EXAMPLES} (said of CreateJob)",
        _log_name(Kind.S3_EXPORT),
    ),
    Rule(
        "manifest.logPrefix.too-long-import",
        (INVALID,),
        WRITES,
        "imports: logPrefix, import-log- and the job id are over 1024 bytes",
        I,
        sources.EXPORT_EXAMPLES,
        _log_name(Kind.S3_IMPORT, Kind.EBS, Kind.GLACIER),
    ),
    Rule(
        "manifest.archiveComment.too-long",
        (INVALID,),
        WRITES,
        "Glacier import: archiveComment is over 997 characters",
        I,
        sources.GLACIER,
        _archive_comment,
    ),
    Rule(
        "manifest.ignore.pattern",
        (INVALID,),
        WRITES,
        "S3 import: ignore holds a text that is no regular expression",
        I,
        sources.guide("commonexamplesofimportmanifest"),
        _ignore,
        certain=False,
    ),
    *ALLOWED_RULES,
    Rule(
        "manifest.accessKeyId.another-key",
        ("InvalidAccessKeyIdException",),
        WRITES,
        "accessKeyId is not the key that signs the request",
        D,
        f"{sources.model('InvalidAccessKeyIdException')}; {sources.COMMON}",
        _another_key(Era.B),
    ),
    Rule(
        "manifest.accessKeyId.another-key-era-a",
        ("InvalidAccessKeyIdException", "InvalidAccessIdException"),
        WRITES,
        "accessKeyId is not the key that signs the request (era 2010-06-03, where a page spells it InvalidAccessId)",
        D,
        f"{sources.model('InvalidAccessKeyIdException')}; {sources.ERRORS}",
        _another_key(Era.A),
    ),
    Rule(
        "manifest.fileSystem.invalid",
        ("InvalidFileSystemException",),
        WRITES,
        "S3 export: fileSystem is none that any page lists",
        D,
        f"{sources.EXPORT}; {sources.model('InvalidFileSystemException')}",
        _file_system,
    ),
    Rule(
        "manifest.fileSystem.disputed",
        ("InvalidFileSystemException",),
        WRITES,
        "S3 export: fileSystem is EXT2, EXT3 or FAT32, on which the pages disagree, or in another case",
        D,
        f"{sources.EXPORT}; {sources.LIMITS}",
        _disputed_file_system,
        certain=False,
    ),
)
