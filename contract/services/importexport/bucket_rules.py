"""Rules about buckets: whether they exist, what the account may do there, and in which regions they are."""

from __future__ import annotations

from ...finding import Evidence
from ...rule import Rule
from . import options, sources
from .facts import Facts
from .manifest import Kind
from .operations import WRITES

D, I = Evidence.DOCUMENTED, Evidence.INFERRED  # noqa: E741 - the dossier's marks


def _no_such_bucket(facts: Facts) -> str | None:
    for path, name in facts.bucket_names:
        if name not in facts.world.buckets:
            return f"{path} names {name[:80]!r}, which does not exist"
    return None


def _denied(facts: Facts) -> str | None:
    for path, name in facts.bucket_names:
        bucket = facts.world.buckets.get(name)
        if bucket and bucket.access != "write":
            need = "read" if facts.kind is Kind.S3_EXPORT and "exportBucket" in path else "write"
            return f"{path} names {name!r}, which the account may not {need}"
    return None


def _operation_elsewhere(facts: Facts) -> str | None:
    regions, other = facts.facility.bucket_regions, facts.facility.operation_region
    if not regions or other is None or other in regions:
        return None
    return f"logBucket is in {regions[0]}, and the operation in {other[:60]}"


def _several_regions(facts: Facts) -> str | None:
    regions = sorted(facts.facility.bucket_regions)
    return f"the buckets are in {' and '.join(regions)}" if len(regions) > 1 else None


BUCKET_RULES: tuple[Rule[Facts], ...] = (
    Rule(
        "bucket.unknown",
        ("NoSuchBucketException",),
        WRITES,
        "bucket, logBucket or exportBucket names no bucket",
        D,
        sources.model("NoSuchBucketException"),
        _no_such_bucket,
        reads_world=True,
    ),
    Rule(
        "bucket.denied",
        ("BucketPermissionException",),
        WRITES,
        "the account lacks permission on a bucket, or the bucket is somebody else's",
        D,
        f"{sources.model('BucketPermissionException')}; {sources.S3_IMPORT}",
        _denied,
        reads_world=True,
    ),
    Rule(
        "bucket.regions",
        ("MultipleRegionsException",),
        WRITES,
        "the buckets of a manifest are in several regions",
        D,
        f"{sources.model('MultipleRegionsException')}; {sources.guide('createanimportjobusingtool')}",
        _several_regions,
        reads_world=True,
    ),
    Rule(
        "bucket.regions.operation",
        ("MultipleRegionsException", options.INVALID),
        WRITES,
        "EBS and Glacier: the operation is in another region than logBucket",
        I,
        sources.model("MultipleRegionsException"),
        _operation_elsewhere,
        certain=False,
        reads_world=True,
    ),
)
