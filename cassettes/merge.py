"""A recording brought up to date by a newer one: by key, so that what was not recorded anew is not lost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..contract.errors import ToolkitError
from .format import Cassette, Recorded
from .heading import Provenance
from .key import KEY_VERSION


class NotMergeable(ToolkitError):
    """Two recordings do not belong into one file; the text says what tells them apart."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Two recordings in one.

    Attributes:
        cassette: Both.
        added: How many requests only the newer one has.
        renewed: How many requests both have; the newer replies stand.
        kept: How many requests only the older one has.
    """

    cassette: Cassette
    added: int
    renewed: int
    kept: int


def merge(old: Cassette, new: Cassette) -> Merged:
    """Return `old` with what `new` has in place of it, and beside it.

    All replies to a request come from one of the two: a sequence of replies is not mixed from both. While anything of
    `old` is left, the day is that of the older recording, so that recording a part anew does not hide the age of the
    rest.

    Raises:
        NotMergeable: They come from endpoints of different kinds, services or contents, or their keys are made by
            different rules.
    """
    _require_alike(old, new)
    before, after = _by_key(old), _by_key(new)
    kept, renewed = before.keys() - after.keys(), before.keys() & after.keys()
    interactions = [one for key in before for one in after.get(key, before[key])]
    interactions += [one for key in after if key not in before for one in after[key]]
    provenance = _united(old.provenance, new.provenance) if kept else new.provenance
    merged = Cassette(provenance, KEY_VERSION, tuple(interactions), new.people)
    return Merged(merged, len(after) - len(renewed), len(renewed), len(kept))


def _by_key(cassette: Cassette) -> dict[str, list[Recorded]]:
    found: dict[str, list[Recorded]] = {}
    for one in cassette.interactions:
        found.setdefault(one.key, []).append(one)
    return found


def _require_alike(old: Cassette, new: Cassette) -> None:
    if old.key_version not in (KEY_VERSION, None):
        raise NotMergeable(f"the recording has keys of version {old.key_version}; expected {KEY_VERSION}")
    if old.people != new.people:
        with_, without = ("older", "newer") if new.people else ("newer", "older")
        raise NotMergeable(f"names and addresses stand in the {with_} recording, and were taken out of the {without}")
    ours, theirs = old.provenance, new.provenance
    if ours is None or theirs is None:
        if ours is not theirs:
            raise NotMergeable(f"the {'older' if ours is None else 'newer'} recording does not say where it comes from")
        return
    for what in ("service", "kind"):
        before, after = getattr(ours, what), getattr(theirs, what)
        if before != after:
            raise NotMergeable(f"the {what} of the older recording is {before}, and that of the newer {after}")
    if ours.more != theirs.more:
        names = sorted({name for name, _ in {*ours.more} ^ {*theirs.more}})
        raise NotMergeable(f"the recordings differ in what their endpoints are said to hold: {', '.join(names)}")


def _united(old: Provenance | None, new: Provenance | None) -> Provenance | None:
    if old is None or new is None:
        return new

    def both(before: str, after: str) -> str:
        return before if after in before.split("; ") else f"{before}; {after}"

    return replace(
        new,
        host=both(old.host, new.host),
        sdk=both(old.sdk, new.sdk),
        tool=both(old.tool, new.tool),
        recorded=min(old.recorded, new.recorded),
    )
