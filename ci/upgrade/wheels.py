"""The service models of a release, read from its wheel without installing it, or from where it is installed."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, cast

from ...contract.errors import ToolkitError
from .sdk import Sdk

_DATA = "botocore/data/"
_PACKED = ".json.gz"
_MODEL = "service-2"
_EXTRAS = ".sdk-extras"


class UnreadableModels(ToolkitError):
    """The models of a release cannot be read; the text names the file and what is wrong with it."""


class _Files(Protocol):
    """Files by their path in a wheel."""

    def names(self) -> Iterable[str]: ...

    def read(self, name: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class ServiceFiles:
    """The newest models of one service, as files.

    Attributes:
        name: botocore's name of the service.
        api_version: Of the newest dated folder, which is what a client gets that asks for none.
        files: Paths by kind, e.g. ``service-2`` and ``paginators-1``, additions of the SDK's own among them.
    """

    name: str
    api_version: str
    files: Mapping[str, str]


class Models:
    """The models of one release.

    Files are read when asked for; two releases can be compared by bytes before anything is parsed.
    """

    def __init__(self, sdk: Sdk, files: _Files) -> None:
        """Take the files of a release; see `open_models`.

        Raises:
            UnreadableModels: There are no models among them.
        """
        self._sdk = sdk
        self._files = files
        self._names = sorted(name for name in files.names() if name.startswith(_DATA))
        if not self.services:
            raise UnreadableModels(
                f"{sdk.place} holds no service models: {_DATA}SERVICE/DATE/{_MODEL}.json is expected"
            )

    @cached_property
    def services(self) -> Mapping[str, ServiceFiles]:
        """The newest models of each service, by its name."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for path in self._names:
            match path.removeprefix(_DATA).split("/"):
                case [service, date, file] if ".json" in file:
                    kind = file.removesuffix(".gz").removesuffix(".json")
                    found.setdefault(service, {}).setdefault(date, {}).setdefault(kind, path)
        services = dict[str, ServiceFiles]()
        for service, dates in found.items():
            if dated := [date for date, files in dates.items() if _MODEL in files]:
                newest = max(dated)
                services[service] = ServiceFiles(service, newest, dates[newest])
        return services

    @cached_property
    def shared(self) -> Mapping[str, str]:
        """The paths of the files that hold for all services, by their names without suffix."""
        files = {path.removeprefix(_DATA): path for path in self._names}
        return {
            file.removesuffix(".gz").removesuffix(".json"): path
            for file, path in files.items()
            if "/" not in file and ".json" in file
        }

    @cached_property
    def metadata(self) -> str:
        """What the release says of itself and of what it needs: METADATA, or nothing when that is not there."""
        for name in self._files.names():
            if name.startswith("botocore-") and name.endswith(".dist-info/METADATA"):
                return self._files.read(name).decode("utf-8", "replace")
        return ""

    def read(self, path: str) -> bytes:
        """Return a file as it lies there, packed or not.

        Raises:
            UnreadableModels: It is damaged.
        """
        try:
            return self._files.read(path)
        except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as wrong:
            raise UnreadableModels(f"{path} in {self._sdk.place} cannot be read: {wrong}") from None

    def parse(self, path: str) -> Any:
        """Return what a file says.

        Raises:
            UnreadableModels: It is damaged, or no JSON.
        """
        return self.parse_bytes(path, self.read(path))

    def parse_bytes(self, path: str, data: bytes) -> Any:
        """Return what `data`, read from a file, says; see `parse`."""
        try:
            return json.loads(gzip.decompress(data) if path.endswith(_PACKED) else data)
        except (OSError, zlib.error, EOFError, ValueError, RecursionError) as wrong:
            raise UnreadableModels(f"{path} in {self._sdk.place} is no JSON: {wrong}") from None

    def load(self, service: ServiceFiles, kind: str) -> Mapping[str, Any]:
        """Return a model of a service with the SDK's own additions to it; empty when it has none of that kind.

        Raises:
            UnreadableModels: A file is damaged, or no JSON object.
        """
        path = service.files.get(kind)
        if path is None:
            return {}
        model = self._object(path)
        added = service.files.get(f"{kind}{_EXTRAS}")
        if added is None:
            return model
        return _merged(model, self._object(added).get("merge", {}))

    def operations(self, service: str) -> frozenset[str]:
        """Return the names of a service's operations; none when the release does not have it.

        Raises:
            UnreadableModels: Its model is damaged.
        """
        files = self.services.get(service)
        return frozenset() if files is None else frozenset(self.load(files, _MODEL).get("operations", {}))

    def _object(self, path: str) -> dict[str, Any]:
        found = self.parse(path)
        if not isinstance(found, dict):
            raise UnreadableModels(f"{path} in {self._sdk.place} is no JSON object")
        return cast("dict[str, Any]", found)


def _merged(model: Mapping[str, Any], more: Mapping[str, Any]) -> dict[str, Any]:
    """Return `model` with `more` laid over it, as botocore's loader does."""
    merged = dict(model)
    for key, value in more.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def same_content(old: bytes, new: bytes, *, packed: bool) -> bool:
    """Whether two files say the same for certain; the hour at which they were packed does not count.

    Args:
        old: The one file.
        new: The other.
        packed: Whether both are gzipped: bytes 4 to 7 are then that hour (RFC 1952, 2.3.1).
    """
    if packed:
        return old[8:] == new[8:] and old[:4] == new[:4]
    return old == new


@contextmanager
def open_models(sdk: Sdk) -> Iterator[Models]:
    """Open the models of a release for reading.

    Args:
        sdk: Of which the wheel or the installed package is looked at; nothing of it is imported.

    Raises:
        UnreadableModels: There is no such file, it is no wheel or a part of one, or it holds no models.
    """
    if sdk.place.is_dir():
        yield Models(sdk, _Folder(sdk.place))
        return
    try:
        wheel = zipfile.ZipFile(sdk.place)
    except FileNotFoundError:
        raise UnreadableModels(f"there is no wheel {str(sdk.place)!r}") from None
    except (OSError, zipfile.BadZipFile) as wrong:
        raise UnreadableModels(f"{sdk.place} is no whole wheel: {wrong}") from None
    with wheel:
        yield Models(sdk, _Wheel(wheel))


@dataclass(frozen=True, slots=True)
class _Wheel:
    zip: zipfile.ZipFile

    def names(self) -> Iterable[str]:
        return self.zip.namelist()

    def read(self, name: str) -> bytes:
        return self.zip.read(name)


@dataclass(frozen=True, slots=True)
class _Folder:
    place: Path

    def names(self) -> Iterable[str]:
        for pattern in ("botocore/data/*.json*", "botocore/data/*/*/*.json*", "botocore-*.dist-info/METADATA"):
            yield from (path.relative_to(self.place).as_posix() for path in self.place.glob(pattern))

    def read(self, name: str) -> bytes:
        return (self.place / name).read_bytes()
