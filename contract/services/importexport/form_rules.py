"""Rules about the form of a manifest: is it well-formed, does each option hold what it should, what kind of job is it.

A manifest that is not well-formed breaks only these rules: a live test got MalformedManifestException for a text that
lacks every option as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...finding import Evidence
from ...rule import Rule
from . import options, sources
from .facts import Facts
from .manifest import Kind
from .operations import WRITES
from .options import INVALID, MISSING

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks
MALFORMED = "MalformedManifestException"
_MODEL_MALFORMED = sources.model(MALFORMED)


def _no_mapping(facts: Facts) -> str | None:
    manifest = facts.manifest
    if manifest is None or manifest.fields is not None or manifest.empty or manifest.syntax:
        return None
    return f"the manifest is not well-formed: {manifest.problem}"


def _syntax(facts: Facts) -> str | None:
    manifest = facts.manifest
    return f"the manifest is not well-formed: {manifest.problem}" if manifest and manifest.syntax else None


def _empty(facts: Facts) -> str | None:
    return "Manifest is empty" if facts.text("Manifest") == "" else None


def _without_options(facts: Facts) -> str | None:
    if facts.manifest is None or facts.text("Manifest") == "":
        return None
    return "the manifest holds no options" if facts.manifest.empty else None


def _fields(facts: Facts) -> Mapping[str, Any]:
    return (facts.fields.fields if facts.fields else None) or {}


def _texts(facts: Facts) -> Iterator[tuple[str, Any]]:
    """Yield path and value of every option that takes a text, those of ``operations`` included."""
    for name, value in _fields(facts).items():
        if name in options.SCALARS:
            yield name, value
    if facts.fields and facts.kind is not Kind.S3_IMPORT:
        for index, entry in enumerate(facts.fields.operations):
            for name, value in entry.items():
                yield f"operations[{index}].{name}", value


def _structured(facts: Facts) -> str | None:
    for path, value in _texts(facts):
        if not isinstance(value, str):
            return f"{path} holds a {'list' if isinstance(value, list) else 'map'}, not a text"
    return None


def _operations_form(facts: Facts) -> str | None:
    value = _fields(facts).get("operations")
    if not value or facts.kind is Kind.S3_IMPORT:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        return "operations is not a list of maps"
    return None


def _collections_form(facts: Facts) -> str | None:
    if facts.kind is not Kind.S3_IMPORT:
        return None
    for name, form in options.COLLECTIONS.items():
        value = _fields(facts).get(name)
        if value and not isinstance(value, form):
            return f"{name} is not a {'list' if form is list else 'map'}"
        items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        if not all(isinstance(item, str) for item in items):
            return f"{name} holds more than texts"
    return None


def _kind(facts: Facts) -> str | None:
    if facts.fields is None or facts.kind is not None:
        return None
    return "the manifest has version 3.0, but no operation names ebs-snapshot or glacier as its destination"


def _version_of_another_kind(facts: Facts) -> str | None:
    version = facts.fields.text("manifestVersion") if facts.fields else None
    if not version or facts.kind is None:
        return None
    if (version == "3.0") == (facts.kind in options.IN_OPERATIONS):
        return None
    return f"manifestVersion is {version[:60]!r}, and the job is of the kind {facts.kind.value}"


FORM_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "manifest.not-a-mapping",
        (MALFORMED,),
        WRITES,
        "the manifest is a text or a list instead of names and values, e.g. INVALID MANIFEST",
        D,
        f"{_MODEL_MALFORMED}; {sources.LIVE_JS}",
        _no_mapping,
    ),
    Rule("manifest.syntax", (MALFORMED,), WRITES, "the manifest is not YAML", I, _MODEL_MALFORMED, _syntax),
    Rule(
        "manifest.empty",
        (MALFORMED, "MissingParameterException"),
        WRITES,
        "Manifest is an empty text; which of two errors answers that is open",
        I,
        _MODEL_MALFORMED,
        _empty,
    ),
    Rule(
        "manifest.without-options",
        (MALFORMED, MISSING, "MissingParameterException"),
        WRITES,
        "the manifest is white space or comments without an option; which error answers that is open",
        I,
        _MODEL_MALFORMED,
        _without_options,
    ),
    Rule(
        "manifest.structure",
        (INVALID, MALFORMED),
        WRITES,
        "an option that takes a text holds a list or a map",
        I,
        sources.COMMON,
        _structured,
    ),
    Rule(
        "manifest.operations.structure",
        (INVALID, MISSING, MALFORMED),
        WRITES,
        "operations is not a list of maps",
        I,
        sources.EXPORT,
        _operations_form,
    ),
    Rule(
        "manifest.collections.structure",
        (INVALID, MALFORMED),
        WRITES,
        "S3 import: ignore is not a list of texts, or contentTypes, staticMetadata or substitutions not a map of texts",
        I,
        sources.guide("commonexamplesofimportmanifest"),
        _collections_form,
        certain=False,
    ),
    Rule(
        "manifest.kind",
        (MISSING, INVALID),
        WRITES,
        "import: version 3.0 without a destination of ebs-snapshot or glacier",
        I,
        sources.TEMPLATES,
        _kind,
    ),
    Rule(
        "manifest.version-of-another-kind",
        (INVALID,),
        WRITES,
        "manifestVersion is not that of the kind: 3.0 for EBS and Glacier, 2.0 or an older one for S3",
        I,
        f"{sources.COMMON}; {sources.EBS}",
        _version_of_another_kind,
        certain=False,
    ),
)
