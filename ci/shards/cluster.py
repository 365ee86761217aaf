"""Shards on a cluster of Dask's `distributed`: sent to its scheduler, and run by whichever worker is free.

The scheduler gives the shard of a worker that was lost to another one. As a shard is named by what it follows from, a
result counts once, however often it was begun. `distributed` comes with the extra ``dask``, and is loaded on first use.
"""

from __future__ import annotations

import contextlib
import logging
import platform
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import metadata
from typing import Any
from urllib.parse import urlsplit

from ...contract.errors import BadConfiguration, TargetUnusable
from .identity import VERSIONS
from .spreading import Ended
from .work import ShardFailed, Work, carry_out

# Seconds: to reach the scheduler, to wait for a first worker, and for a worker to answer.
_TIME_LIMIT = 10.0
_SCHEMES = ("tcp", "tls", "ws", "wss")
# A shard that failed on one worker may do better on another.
_RETRIES = 2


@contextmanager
def open_cluster(address: str) -> Iterator[Cluster]:
    """Yield a cluster whose workers can do our work.

    Args:
        address: Of the scheduler, e.g. ``tcp://10.0.0.1:8786``.

    Raises:
        BadConfiguration: The extra is not installed, it is no address, or a worker has other versions than we have.
        TargetUnusable: Nobody answers there, or there is no worker.
    """
    distributed = _load()
    _require_listener(address)
    # It tells of each lost connection in many lines; what matters comes back as an error.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    try:
        client = distributed.Client(address, timeout=_TIME_LIMIT, set_as_default=False)
    # Whoever listens may be no scheduler, and what the client makes of a stranger's bytes may be any exception.
    except Exception as wrong:  # noqa: BLE001 - as above
        raise TargetUnusable(f"there is no scheduler at {address}: {_line(wrong)}") from None
    try:
        _require_workers(client, address)
        yield Cluster(client, distributed)
    finally:
        with contextlib.suppress(OSError, TimeoutError):
            client.close(timeout=_TIME_LIMIT)


def _load() -> Any:
    try:
        import distributed
    except ModuleNotFoundError as wrong:
        if (wrong.name or "").partition(".")[0] not in ("distributed", "dask"):
            raise
        raise BadConfiguration(
            "--scheduler needs Dask's distributed: install it with botoproof's extra dask, "
            "e.g. pip install 'botoproof[dask]'"
        ) from None
    return distributed


def _require_listener(address: str) -> None:
    """Raise unless somebody listens: the client of `distributed` would go on trying where nobody does."""
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if parts.scheme not in _SCHEMES or host is None or port is None:
        raise BadConfiguration(
            f"{address!r} is no address of a scheduler: expected {', '.join(_SCHEMES)} with host and port, "
            "e.g. tcp://127.0.0.1:8786"
        )
    try:
        socket.create_connection((host, port), timeout=_TIME_LIMIT).close()
    except OSError as wrong:
        raise TargetUnusable(f"there is no scheduler at {address}: {wrong.strerror or wrong}") from None


def _require_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_TIME_LIMIT)
    except TimeoutError:
        raise TargetUnusable(
            f"the scheduler at {address} has no worker; start one where botoproof is installed: dask worker {address}"
        ) from None
    for name in VERSIONS:
        _require_same(name, metadata.version(name), client.run(metadata.version, name, on_error="return"))
    _require_same("Python", _python(platform.python_version()), client.run(platform.python_version))


def _require_same(name: str, ours: str, theirs: Mapping[str, Any]) -> None:
    for worker, version in sorted(theirs.items()):
        if isinstance(version, metadata.PackageNotFoundError):
            raise BadConfiguration(f"the worker {worker} has no {name} installed, and here it is {ours}")
        if isinstance(version, BaseException):
            raise TargetUnusable(f"the worker {worker} cannot be asked for its version of {name}: {_line(version)}")
        if _python(version) != ours if name == "Python" else version != ours:
            raise BadConfiguration(
                f"the worker {worker} has {name} {version}, and here it is {ours}; the shards of one run are drawn and "
                "judged by the same versions"
            )


def _python(version: str) -> str:
    return ".".join(version.split(".")[:2])


class Cluster:
    """A cluster that is connected to."""

    def __init__(self, client: Any, distributed: Any) -> None:
        """Take the client of `distributed`, and the module."""
        self._client = client
        self._distributed = distributed

    def __call__(self, works: Sequence[Work], is_wanted: Callable[[], bool]) -> Iterator[Ended]:
        """Carry out work on the workers; an `Engine`. When it is left early, what is not done yet is cancelled."""
        futures = {
            self._client.submit(_on_worker, work, key=f"botoproof-{work.key}", retries=_RETRIES, pure=False): work
            for work in works
        }
        left = set(futures)
        try:
            for future in self._distributed.as_completed(list(futures), loop=self._client.loop):
                left.discard(future)
                yield self._ended(future, futures[future])
                if not is_wanted():
                    return
        finally:
            if left:
                self._client.cancel(list(left), force=True)

    def _ended(self, future: Any, work: Work) -> Ended:
        try:
            result: bytes = future.result(timeout=_TIME_LIMIT)
        except ShardFailed as wrong:
            return Ended(work, b"", str(wrong))
        # Whatever the cluster says of a shard is told of that shard, and not the end of the others.
        except Exception as wrong:  # noqa: BLE001 - killed workers, lost schedulers, and what a worker could not load
            return Ended(work, b"", f"shard {work.shard} gave no result: {type(wrong).__name__}: {_line(wrong)}")
        return Ended(work, result)


def _on_worker(work: Work) -> bytes:
    return carry_out(work, _is_wanted())


def _is_wanted() -> Callable[[], bool]:
    """Return what tells whether the scheduler still wants the task of this thread."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def is_wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state == "executing"

    return is_wanted


def _line(wrong: BaseException) -> str:
    return (str(wrong).strip().splitlines() or [type(wrong).__name__])[0][:300]
