"""What the rules look at: the request as read, the world, and what follows from both, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from ...codec.form import Pairs
from ...codec.query_request import RequestReading
from ...codec.signature import SignatureReading, is_genuine
from ...interaction import Request
from ...model import Operation
from .facility import Facility, find_facility
from .manifest import Kind, Manifest, manifest_kind, read_manifest
from .world import Job, JobState, World

_WITH_MANIFEST = frozenset({"CreateJob", "UpdateJob"})
_is_genuine = lru_cache(maxsize=16)(is_genuine)  # the oracle and the embedded endpoint look at the same request


@dataclass(frozen=True)
class Facts:
    """A request and the world that it meets.

    Attributes:
        operation: The operation that the request names.
        request: As received.
        pairs: Its form pairs.
        reading: Its members, strictly read.
        signature: Its signature, or None.
        world: What the endpoint holds.
        now: The endpoint's time.
    """

    operation: Operation
    request: Request
    pairs: Pairs
    reading: RequestReading
    signature: SignatureReading | None
    world: World
    now: datetime

    def text(self, name: str) -> str | None:
        """Return a scalar member as sent, or None when it is absent."""
        return self.reading.texts.get(name)

    @property
    def is_rehearsal(self) -> bool:
        """Whether the request asks to be checked only; spellings that are in doubt count."""
        return (self.text("ValidateOnly") or "").strip().casefold() in ("true", "1")

    @property
    def access_key_id(self) -> str | None:
        """The key that signs the request, or None."""
        return self.signature.access_key_id if self.signature else None

    @cached_property
    def account(self) -> str | None:
        """The account of the signer, or None when the key is unknown."""
        return self.world.account_of(self.access_key_id)

    @cached_property
    def is_genuine(self) -> bool:
        """Whether the signature was made with the secret of its key over this very request."""
        key = self.world.access_keys.get(self.access_key_id or "")
        if key is None or self.signature is None:
            return False
        return _is_genuine(self.request, self.pairs, self.signature, key.secret)

    @cached_property
    def manifest(self) -> Manifest | None:
        """The manifest of the request, or None when the operation takes none or it is absent."""
        text = self.text("Manifest") if self.operation.name in _WITH_MANIFEST else None
        return None if text is None else read_manifest(text, strict_yaml=self.world.strict_yaml)

    @cached_property
    def fields(self) -> Manifest | None:
        """The manifest when it is well-formed, else None."""
        return self.manifest if self.manifest is not None and self.manifest.fields is not None else None

    @cached_property
    def kind(self) -> Kind | None:
        """Which kind of job the manifest describes."""
        return manifest_kind(self.text("JobType") or "", self.fields) if self.fields else None

    @cached_property
    def job(self) -> Job | None:
        """The job that ``JobId`` names, when the signer's account owns it."""
        return self.own_job(self.text("JobId") or "")

    @cached_property
    def job_state(self) -> JobState | None:
        """Where that job stands now."""
        return self.job.state_at(self.now) if self.job else None

    def own_job(self, job_id: str) -> Job | None:
        """Return the job of that id when the signer's account owns it, else None."""
        job = self.world.job(job_id)
        if job is None or self.account is None:
            return None
        return job if job.account == self.account else None

    @cached_property
    def bucket_names(self) -> tuple[tuple[str, str], ...]:
        """Option path and name of every bucket that the manifest's kind refers to."""
        if self.fields is None or self.kind is None:
            return ()
        found: list[tuple[str, str]] = []
        if self.kind is Kind.S3_IMPORT:
            found.append(("bucket", self.fields.text("bucket") or ""))
        found.append(("logBucket", self.fields.text("logBucket") or ""))
        if self.kind is Kind.S3_EXPORT:
            for index, entry in enumerate(self.fields.operations):
                name = entry.get("exportBucket")
                found.append((f"operations[{index}].exportBucket", name.strip() if isinstance(name, str) else ""))
        return tuple((path, name) for path, name in found if name)

    @cached_property
    def facility(self) -> Facility:
        """Where the device is and where it goes, as far as manifest and world tell."""
        buckets = (self.world.buckets.get(name) for _, name in self.bucket_names)
        return find_facility(self.fields, self.kind, (bucket.region for bucket in buckets if bucket))
