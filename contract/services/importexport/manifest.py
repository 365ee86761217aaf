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

import yaml

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# Only the first colon of a line, not before white space, `//` (a URL) or `\` (a path).
_SPACELESS = re.compile(r"^([ \t]*(?:- )?)([A-Za-z]\w*):(?![\s/\\])", re.MULTILINE)
_SEMICOLON = re.compile(r";[ \t]*$", re.MULTILINE)

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
    """

    fields: Mapping[str, Any] | None
    problem: str = ""
    empty: bool = False
    syntax: bool = False

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


@lru_cache(maxsize=512)
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
    if not text.strip():
        return Manifest(None, "it is empty", empty=True)
    source = text if strict_yaml else _SEMICOLON.sub("", _SPACELESS.sub(r"\1\2: ", text))
    try:
        value: object = yaml.load(source, _Loader)  # noqa: S506 - BaseLoader makes nothing but strings, lists and dicts
    except (yaml.YAMLError, UnicodeError, ValueError, RecursionError) as wrong:
        return Manifest(None, _explained(wrong), syntax=True)
    if value is None or value == "":
        return Manifest(None, "it is empty", empty=True)
    if not isinstance(value, dict):
        return Manifest(None, f"it is a {'list' if isinstance(value, list) else 'single text'}, not names and values")
    fields = cast("dict[str, Any]", value)
    return Manifest(fields if strict_yaml else _with_address(fields))


def manifest_kind(job_type: str, manifest: Manifest) -> Kind | None:
    """Return the kind of job; None when the manifest cannot be read or an import's destination is unknown.

    ``JobType`` tells import from export; EBS and Glacier have manifest version 3.0 and name a destination.
    """
    if manifest.fields is None:
        return None
    if job_type.casefold() == "export":
        return Kind.S3_EXPORT
    destinations = [str(entry.get("destination", "")).strip() for entry in manifest.operations]
    if "glacier" in destinations:
        return Kind.GLACIER
    if "ebs-snapshot" in destinations:
        return Kind.EBS
    version = manifest.text("manifestVersion")
    return None if version == "3.0" else Kind.S3_IMPORT


def _with_address(fields: dict[str, Any]) -> dict[str, Any]:
    """Put address lines that were not indented back below ``returnAddress``."""
    if fields.get("returnAddress") != "":
        return fields
    stray = {key: fields[key] for key in ADDRESS_KEYS if key in fields}
    return {**fields, "returnAddress": stray} if stray else fields


def _explained(wrong: Exception) -> str:
    mark = getattr(wrong, "problem_mark", None)
    problem = getattr(wrong, "problem", None) or type(wrong).__name__
    return f"{problem} (line {mark.line + 1})" if mark is not None else str(problem)
