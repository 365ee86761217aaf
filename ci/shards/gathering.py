"""Files of shards gathered: which shards there are, which are missing and why, and none from another run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...contract.errors import BadConfiguration
from .identity import Identity
from .result_file import DONE, PART, HalfWritten, ShardResult, read_result

_RANKS = ("findings", "unknown", "known", "clean")
_FIRST = 3  # so many differences are told, and how many more there are


@dataclass(frozen=True, slots=True)
class Gathered:
    """The shards of one run.

    Attributes:
        results: One for each shard that there is, in their order.
        missing: By number, why a shard is not there.
        doubles: Sentences about files that hold a shard once more, and are not counted.
    """

    results: tuple[ShardResult, ...]
    missing: dict[int, str]
    doubles: tuple[str, ...]


def find_files(places: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files that are meant, each once: those named, and all shards in the folders named.

    Raises:
        BadConfiguration: There is no such file or folder, or no shard in a folder.
    """
    found: dict[Path, Path] = {}
    for place in places:
        if place.is_dir():
            inside = sorted(path for path in place.rglob("*") if path.suffix in (DONE, PART) and path.is_file())
            if not inside:
                raise BadConfiguration(
                    f"there is no shard in the folder {str(place)!r}: "
                    f"files *{DONE}, as `botoproof run --shard K/N --shard-folder FOLDER` keeps them"
                )
        elif place.exists():
            inside = [place]
        else:
            raise BadConfiguration(f"there is no file or folder {str(place)!r}")
        for path in inside:
            found.setdefault(path.resolve(), path)
    return tuple(found.values())


def gather(files: Sequence[Path]) -> Gathered:
    """Return the shards that files hold.

    Raises:
        BadConfiguration: A file cannot be read or is no shard's, no shard is whole, or they are not all of one run.
    """
    read = [read_result(path) for path in files]
    whole = [one for one in read if isinstance(one, ShardResult)]
    halves = [one for one in read if isinstance(one, HalfWritten)]
    if not whole:
        paths = ", ".join(half.path for half in halves)
        raise BadConfiguration(f"no shard is whole: {paths} break off; run these shards again")
    first = whole[0]
    for path, identity in _identities(read):
        _require_same_run(first, path, identity)
    results, doubles = dict[int, ShardResult](), list[str]()
    for result in whole:
        number = result.identity.shard.number
        if number in results:
            kept, other = sorted((results[number], result), key=_worst_first)
            doubles.append(_told(kept, other))
            results[number] = kept
        else:
            results[number] = result
    return Gathered(
        tuple(results[number] for number in sorted(results)), _missing(first, results, halves), tuple(doubles)
    )


def _identities(read: Iterable[ShardResult | HalfWritten]) -> Iterable[tuple[str, Identity]]:
    for one in read:
        if one.identity is not None:
            yield one.path, one.identity


def _require_same_run(first: ShardResult, path: str, identity: Identity) -> None:
    if identity.run_key == first.identity.run_key:
        return
    differences = first.identity.differences(identity)
    told = "; ".join(differences[:_FIRST])
    if len(differences) > _FIRST:
        told += f"; and {len(differences) - _FIRST} more"
    raise BadConfiguration(f"{path} is a shard of another run than {first.path}: {told}")


def _worst_first(result: ShardResult) -> tuple[int, str]:
    return _RANKS.index(result.report["verdict"]), result.path


def _told(kept: ShardResult, other: ShardResult) -> str:
    fingerprints = [{found.data["fingerprint"] for found in one.findings} for one in (kept, other)]
    same = fingerprints[0] == fingerprints[1] and kept.report["verdict"] == other.report["verdict"]
    why = "" if same else ", and not with the same findings; the graver one is taken"
    return f"{other.path} holds shard {other.identity.shard} once more{why}: it is not counted beside {kept.path}"


def _missing(first: ShardResult, results: dict[int, ShardResult], halves: Sequence[HalfWritten]) -> dict[int, str]:
    broken = {half.identity.shard.number: half.path for half in halves if half.identity is not None}
    missing: dict[int, str] = {}
    for number in range(1, first.identity.shard.of + 1):
        if number not in results:
            missing[number] = f"{broken[number]} breaks off" if number in broken else "there is no file of it"
    return missing
