"""Manifests: valid for a kind of job and an era, and wrong in one option.

Both are made from the baseline of the kind by a few edits, so that they are cheap to draw and shrink to the baseline
and one readable difference. Whether a manifest is right is decided by the oracle, not by the strategy that made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ...contract.services.importexport import options
from ...contract.services.importexport.manifest import Kind
from ...contract.services.importexport.manifests import (
    ADDRESS_ABROAD,
    CUSTOMS,
    base_fields,
    places,
    with_change,
    write_manifest,
)
from ...contract.services.importexport.world import Era, World

KINDS = ("import", "export", "ebs", "glacier")
_MODEL_KINDS = {"import": Kind.S3_IMPORT, "export": Kind.S3_EXPORT, "ebs": Kind.EBS, "glacier": Kind.GLACIER}

# Options that take any text, and the kinds that know them.
_FREE = {
    "generator": KINDS,
    "deviceId": KINDS,
    "logPrefix": KINDS,
    "cacheControl": ("import",),
    "contentDisposition": ("import",),
    "contentLanguage": ("import",),
    "prefix": ("import",),
    "recoveryDirectory": ("export",),
    "targetDirectory": ("export",),
    "trueCryptPassword": ("export",),
}
_FREE_TEXTS = (
    "a",
    "S/N 123XXXY1934883",
    "myDeviceSerialNumber ABCD",
    "logs/",
    "max-age=3600",
    "attachment",
    "Spanish",
    "Ünïcödé",
    "漢字",
    "x" * 300,
    "a: b",
    "# no comment",
    "'quoted'",
    '"',
    "- dash",
    "yes",
    "0",
    "null",
)
_NO_MANIFESTS = ("INVALID MANIFEST", "invalid-manifest", "- a\n- b\n", "[", "{", "a: b: c", '"', "%", "&a *a", "")


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference from a baseline manifest.

    Attributes:
        path: The option, as `with_change` takes it.
        value: Its value; None removes it.
    """

    path: str
    value: Any


def manifests(kind: str, *, world: World) -> st.SearchStrategy[str]:
    """Return a strategy for the text of manifests that break no rule.

    Args:
        kind: ``import``, ``export``, ``ebs`` or ``glacier``.
        world: Whose era and buckets the manifest suits.

    Raises:
        ValueError: There is no such kind.
    """
    base = _base(kind, world)
    edits = (None, *_valid_edits(kind, world))
    return st.builds(
        lambda first, second, spaceless: _written(base, (first, second), spaceless=spaceless),
        st.sampled_from(edits),
        st.sampled_from(edits),
        st.booleans() if not world.strict_yaml else st.just(value=False),
    )


def near_miss_manifests(kind: str, *, world: World) -> st.SearchStrategy[str]:
    """Return a strategy for the text of manifests that are wrong in one option.

    Args:
        kind: ``import``, ``export``, ``ebs`` or ``glacier``.
        world: Whose era and buckets the manifest would suit.

    Raises:
        ValueError: There is no such kind.
    """
    base = _base(kind, world)
    return st.builds(
        lambda wrong, other: _written(base, (other, wrong), spaceless=False),
        st.sampled_from(tuple(wrong_edits(kind, world))),
        st.sampled_from((None, *_valid_edits(kind, world))),
    )


def malformed_manifests(*, world: World) -> st.SearchStrategy[str]:
    """Return a strategy for texts that are not names and values: sentences, lists, broken YAML, and any text at all."""
    good = write_manifest(_base("import", world))
    cuts = st.integers(1, len(good) - 1).map(lambda at: good[:at] + "\n\t: [" + good[at:])
    return st.one_of(st.sampled_from(_NO_MANIFESTS), cuts, st.text(max_size=20))


def _base(kind: str, world: World) -> Mapping[str, Any]:
    if kind not in KINDS:
        raise ValueError(f"kind must be {', '.join(KINDS[:-1])} or {KINDS[-1]}, got {kind!r}")
    return base_fields(world, kind)


def _written(base: Mapping[str, Any], edits: tuple[Edit | None, ...], *, spaceless: bool) -> str:
    fields = dict(base)
    for edit in edits:
        if edit is not None:
            fields = with_change(fields, edit.path, edit.value)
    text = write_manifest(fields)
    # Quoted values keep their space: `key:"a: b"` is no YAML even to a tolerant reader.
    return text.replace(": ", ":") if spaceless and '"' not in text else text


def _valid_edits(kind: str, world: World) -> Iterator[Edit]:
    for row in options.ALLOWED:
        decides = row.path in ("manifestVersion", "operations[].destination")
        if _MODEL_KINDS[kind] in row.kinds and world.era in row.eras and not decides:
            for value in row.values:
                yield Edit(row.path.replace("[]", ".0"), value)
    for name, kinds in _FREE.items():
        if kind in kinds:
            for text in _FREE_TEXTS:
                yield Edit(name, text)
    if kind == "import":
        yield Edit("logBucket", places(world).home)
        yield Edit("ignore", [r"^lost\+found/", ".*~$"])
        yield Edit("staticMetadata", {"origin": "lab", "run": "7"})
        yield Edit("contentTypes", {"jpg": "image/jpeg"})
        home = places(world).home
        if home and world.buckets[home].region.startswith("us-"):
            yield Edit("returnAddress.street2", "Floor 2")
            yield Edit("customs", dict(CUSTOMS))
    if kind == "export":
        yield Edit("fileSystem", "EXT4")
        yield Edit("pinCode", "1234")
        yield Edit("operations.0.prefix", "images")
        yield Edit("operations.0.beginMarker", "images/a")
        yield Edit("logPrefix", "p" * (options.LOG_NAME_LIMIT - len(options.LOG_NAME) - 5))
    if kind == "glacier":
        yield Edit("operations.0.archiveComment", "c" * options.ARCHIVE_COMMENT_LIMIT)


def wrong_edits(kind: str, world: World) -> Iterator[Edit]:
    """Yield the differences of which each alone makes the baseline of a kind deserve an error, or leaves that open."""
    for required in options.REQUIRED:
        if _MODEL_KINDS[kind] in required.kinds and world.era in required.eras:
            path = required.path.replace("[]", ".0")
            yield Edit(path, None)
            yield Edit(path, "")
    for row in options.ALLOWED:
        if _MODEL_KINDS[kind] in row.kinds and world.era in row.eras:
            yield Edit(row.path.replace("[]", ".0"), "no-such-value")
            yield Edit(row.path.replace("[]", ".0"), ["a", "list"])
    for name in options.ADDRESS_REQUIRED:
        yield Edit(f"returnAddress.{name}", None)
        yield Edit(f"returnAddress.{name}", "")
    yield Edit("returnAddress.street1", "P.O. Box 7")
    yield Edit("returnAddress.country", "Atlantis")
    yield Edit("returnAddress", dict(ADDRESS_ABROAD))
    yield Edit("accessKeyId", "AKIAI44QH8DHBEXAMPLE")
    yield Edit("logPrefix", "p" * options.LOG_NAME_LIMIT)
    if kind == "export":
        yield Edit("fileSystem", "XFS")
        if world.era is Era.B:
            yield Edit("trueCryptPassword", None)
    if kind == "glacier":
        yield Edit("operations.0.archiveComment", "c" * (options.ARCHIVE_COMMENT_LIMIT + 1))
    spots = places(world)
    bucket_path = {"import": "bucket", "export": "operations.0.exportBucket"}.get(kind, "logBucket")
    for bucket in (spots.missing, spots.denied, spots.elsewhere):
        if bucket is not None:
            yield Edit(bucket_path, bucket)
            yield Edit("logBucket", bucket)
