"""The manifest: read tolerantly and as strings only, as the service must have done.

AWS's own templates and samples write ``key:value`` without a space, end lines in ``;`` and forget to indent the
address, none of which is the YAML that the guide promises. `read_manifest` mends these three before parsing; with
`strict_yaml` it does not. Values are never turned into numbers or booleans (``postalCode: 07030`` is octal to YAML).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, cast

from ...codec.yaml_text import NotYaml, TooDeep, read_yaml

# Only the first colon of a line, not before white space, `//` (a URL) or `\` (a path).
_SPACELESS = re.compile(r"^([ \t]*(?:- )?)([A-Za-z]\w*):(?!\s|//|\\)", re.MULTILINE)
_SEMICOLON = re.compile(r";[ \t]*(?=\r?$)", re.MULTILINE)

# Longer texts are read anew each time rather than kept.
_LONGEST_KEPT = 20_000

ADDRESS_KEYS = (
    "name",
    "company",
    "street1",
    "street2",
    "street3",
    "city",
    "stateOrProvince",
    "postalCode",
    "phoneNumber",
    "country",
)


class Kind(Enum):
    """The four kinds of job; there is no export from EBS or Glacier."""

    # Members are asked for in sets for every rule of every request; Enum's own hash is a Python function.
    __hash__ = object.__hash__

    S3_IMPORT = "S3 import"
    EBS = "EBS import"
    GLACIER = "Glacier import"
    S3_EXPORT = "S3 export"


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest as read.

    Attributes:
        fields: Option names to text, lists or maps of text; None when the manifest is not well-formed.
        problem: Why it is not well-formed, or empty.
        empty: Whether there is nothing in it at all.
        syntax: Whether the YAML itself is broken, as opposed to YAML that holds no names and values.
        mended: Whether it was read tolerantly: the text as submitted is not the YAML that the guide promises.
        doubt: Why nobody knows what the service reads here, or empty.
    """

    fields: Mapping[str, Any] | None
    problem: str = ""
    empty: bool = False
    syntax: bool = False
    mended: bool = False
    doubt: str = ""

    def text(self, name: str) -> str | None:
        """Return the option's text without surrounding white space; None when absent or not text."""
        value = self.fields.get(name) if self.fields else None
        return value.strip() if isinstance(value, str) else None

    def group(self, name: str) -> Mapping[str, Any] | None:
        """Return the option's map, or None when absent or not a map."""
        value = self.fields.get(name) if self.fields else None
        return cast("Mapping[str, Any]", value) if isinstance(value, dict) else None

    @property
    def operations(self) -> tuple[Mapping[str, Any], ...]:
        """The entries of ``operations`` that are maps."""
        value: object = self.fields.get("operations") if self.fields else None
        entries = cast("list[object]", value) if isinstance(value, list) else []
        return tuple(cast("Mapping[str, Any]", entry) for entry in entries if isinstance(entry, dict))


def read_manifest(text: str, *, strict_yaml: bool = False) -> Manifest:
    """Return what a manifest says; never raises.

    Args:
        text: As submitted.
        strict_yaml: Take the guide's word that a manifest is YAML.

    >>> read_manifest("manifestVersion:2.0;").fields
    {'manifestVersion': '2.0'}
    >>> read_manifest("INVALID MANIFEST").problem
    'it is a single text, not names and values'
    """
    return _read_kept(text, strict_yaml) if len(text) <= _LONGEST_KEPT else _read(text, strict_yaml)


def _read(text: str, strict_yaml: bool) -> Manifest:  # noqa: FBT001 - what is kept is found by position
    if not text.strip():
        return Manifest(None, "it is empty", empty=True)
    source = text if strict_yaml else _SEMICOLON.sub("", _SPACELESS.sub(r"\1\2: ", text))
    try:
        document = read_yaml(source)
    except NotYaml as wrong:
        return Manifest(None, str(wrong), syntax=True, doubt=str(wrong) if isinstance(wrong, TooDeep) else "")
    value = document.value
    if not value and not isinstance(value, (list, dict)):
        return Manifest(None, "it is empty", empty=True)
    if not isinstance(value, dict):
        return Manifest(None, f"it is a {'list' if isinstance(value, list) else 'single text'}, not names and values")
    fields = cast("dict[str, Any]", value)
    whole = fields if strict_yaml else _with_address(fields)
    doubt = f"the option {document.repeated[0][:60]!r} stands twice" if document.repeated else ""
    return Manifest(whole, mended=source != text or whole is not fields, doubt=doubt)


_read_kept = lru_cache(maxsize=512)(_read)


def manifest_kind(job_type: str, manifest: Manifest) -> Kind | None:
    """Return the kind of job; None when the manifest cannot be read or an import's destination is unknown.

    ``JobType`` tells import from export; EBS and Glacier have manifest version 3.0 and name a destination.
    """
    if manifest.fields is None:
        return None
    if job_type.casefold() == "export":
        return Kind.S3_EXPORT
    named = (entry.get("destination") for entry in manifest.operations)
    destinations = {name.strip().casefold() for name in named if isinstance(name, str)}
    if "glacier" in destinations:
        return Kind.GLACIER
    if "ebs-snapshot" in destinations:
        return Kind.EBS
    version = manifest.text("manifestVersion")
    return None if version == "3.0" else Kind.S3_IMPORT


def _with_address(fields: dict[str, Any]) -> dict[str, Any]:
    """Move address lines that were not indented to where they belong, below ``returnAddress``."""
    if fields.get("returnAddress") != "":
        return fields
    stray = {key: fields[key] for key in ADDRESS_KEYS if key in fields}
    if not stray:
        return fields
    return {name: stray if name == "returnAddress" else value for name, value in fields.items() if name not in stray}
