"""The depth ``models``: the service models of two releases, compared without running either."""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping

from ...cassettes.format import without_gc
from .answer import Gap, Looked, Scope, Tell
from .change import Change
from .operations import Described, compare_services
from .rule import Depth, Side
from .sdk import Sdk
from .wheels import Models, ServiceFiles, UnreadableModels, open_models, same_content

_COMPARED = ("service-2", "paginators-1", "waiters-2")
_EXTRAS = tuple(f"{kind}.sdk-extras" for kind in _COMPARED)
_TOLD = 25  # so many services between two words about progress
_RULESET = "endpoint-rule-set-1"
_SHARED: Mapping[str, str] = {
    "endpoints": "partitions-changed",
    "partitions": "partitions-changed",
    "_retry": "retry-data-changed",
    "sdk-default-configuration": "default-data-changed",
}
_NEEDS = re.compile(r"^(Requires-Python|Requires-Dist): *(.*)$", re.MULTILINE)
_DISTRIBUTION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def look(old: Sdk, new: Sdk, scope: Scope, tell: Tell) -> Looked:
    """Compare the models of two releases.

    Args:
        old: The older release.
        new: The newer one.
        scope: The services to look at; what holds for all of them is always looked at.
        tell: Is told how far it is.
    """
    try:
        with open_models(old) as before, open_models(new) as after, without_gc():
            return _compare(before, after, scope, tell)
    except UnreadableModels as wrong:
        return Looked(Depth.MODELS, 0, gaps=(Gap("", "", str(wrong)),), unit="services")


def _compare(old: Models, new: Models, scope: Scope, tell: Tell) -> Looked:
    changes, gaps = list(_of_release(old, new)), list[Gap]()
    names = sorted(name for name in {*old.services, *new.services} if scope.has_service(name))
    for number, name in enumerate(names, start=1):
        if number % _TOLD == 0:
            tell(f"{Depth.MODELS.value}: {number} of {len(names)} services")
        try:
            changes.extend(_of_service(name, old, new))
        except UnreadableModels as wrong:
            gaps.append(Gap(name, "", str(wrong)))
    return Looked(Depth.MODELS, len(names) - len(gaps), tuple(changes), tuple(gaps), unit="services")


def _change(rule: str, service: str, path: str, old: str, new: str) -> Change:
    return Change(rule, service, "", path, Side.NONE, old, new, Depth.MODELS)


def _of_service(name: str, old: Models, new: Models) -> Iterator[Change]:
    before, after = old.services.get(name), new.services.get(name)
    if before is None or after is None:
        had, has = ("", name) if before is None else (name, "")
        yield _change("service-added" if has else "service-removed", name, "", had, has)
        return
    if before.api_version != after.api_version:
        yield _change("api-version-changed", name, "", before.api_version, after.api_version)
    yield from _of_layout(name, before, after)
    if any(_differs(kind, before, after, old, new) for kind in (*_COMPARED, *_EXTRAS)):
        for change in _compared(name, (old, before), (new, after)):
            if change.rule != "api-version-changed" or before.api_version == after.api_version:
                yield change
    if _differs(_RULESET, before, after, old, new):
        was, becomes = _told(old, before.files.get(_RULESET)), _told(new, after.files.get(_RULESET))
        if was != becomes:
            yield _change("endpoint-ruleset-changed", name, "", was, becomes)


def _compared(name: str, old: tuple[Models, ServiceFiles], new: tuple[Models, ServiceFiles]) -> tuple[Change, ...]:
    before, after = (Described(*(models.load(files, kind) for kind in _COMPARED)) for models, files in (old, new))
    try:
        return compare_services(name, before, after)
    except (AttributeError, LookupError, TypeError, ValueError) as wrong:  # lists for tables, and the like
        raise UnreadableModels(f"its models have no form that is known: {type(wrong).__name__}: {wrong}") from None


def _of_layout(name: str, old: ServiceFiles, new: ServiceFiles) -> Iterator[Change]:
    for kind in sorted({*old.files, *new.files}):
        was, becomes = (files.get(kind, "").rpartition("/")[2] for files in (old.files, new.files))
        if was != becomes:
            yield _change("data-layout-changed", name, kind, was, becomes)


def _differs(kind: str, before: ServiceFiles, after: ServiceFiles, old: Models, new: Models) -> bool:
    """Whether a file may say something else; the same bytes say the same."""
    was, becomes = before.files.get(kind), after.files.get(kind)
    if was is None or becomes is None:
        return was is not becomes
    packed = was.endswith(".gz") and becomes.endswith(".gz")
    if was.endswith(".gz") != becomes.endswith(".gz"):
        return True
    return not same_content(old.read(was), new.read(becomes), packed=packed)


def _told(models: Models, path: str | None) -> str:
    """Return what stands for a file in a change: eight digits of what it says."""
    if path is None:
        return ""
    data = models.read(path)
    try:
        text = gzip.decompress(data) if path.endswith(".gz") else data
    except (OSError, EOFError):
        raise UnreadableModels(f"{path} is damaged") from None
    return hashlib.sha256(text).hexdigest()[:8]


def _of_release(old: Models, new: Models) -> Iterator[Change]:
    """Yield what differs for all services: the files that they share, and what the release needs to be installed."""
    for name in sorted({*old.shared, *new.shared}):
        was, becomes = (_told(models, models.shared.get(name)) for models in (old, new))
        if was != becomes:
            yield _change(_SHARED.get(name, "data-layout-changed"), "", name, was, becomes)
    before, after = _needs(old.metadata), _needs(new.metadata)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield _change("dependency-changed", "", name, before.get(name, ""), after.get(name, ""))


def _needs(metadata: str) -> dict[str, str]:
    """Return what a release needs, by the name of each distribution, those of extras left out."""
    needs = dict[str, str]()
    for key, value in _NEEDS.findall(metadata):
        name = _DISTRIBUTION.match(value)
        if key == "Requires-Python":
            needs["python"] = value
        elif name is not None and "extra" not in value:
            needs[name[0]] = value.removeprefix(name[0]).strip()
    return needs
