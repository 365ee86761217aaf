"""Shards on a cluster of `distributed`: nothing lost, nothing counted twice; what cannot be used is told."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib import metadata
from pathlib import Path

import pytest
from botoproof.ci.shards import cluster
from botoproof.ci.shards.cluster import _require_same, open_cluster
from botoproof.contract.errors import BadConfiguration, TargetUnusable

from ..cli.conftest import COMMAND, greets, peer
from .conftest import result_of

OURS = metadata.version("botocore")


@contextmanager
def program(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker, which is dead when the context ends."""
    with subprocess.Popen(
        [sys.executable, "-P", "-m", *arguments, "--no-dashboard"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """A scheduler on loopback; yields its address."""
    told = folder / "scheduler.json"
    arguments = ("--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(told))
    with program("distributed.cli.dask_scheduler", *arguments) as process:
        while not told.exists() or not told.read_text():
            assert process.poll() is None
        yield str(json.loads(told.read_text())["address"])


def worker(address: str) -> AbstractContextManager[subprocess.Popen[bytes]]:
    return program("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny")


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:9", "'127.0.0.1:9' is no address of a scheduler: expected tcp, tls, ws, wss with host and port, "),
        ("tcp://127.0.0.1", "'tcp://127.0.0.1' is no address of a scheduler: "),
        ("tcp://127.0.0.1:x", "'tcp://127.0.0.1:x' is no address of a scheduler: "),
        ("foo://127.0.0.1:9", "'foo://127.0.0.1:9' is no address of a scheduler: "),
    ],
)
def test_what_is_no_address_is_told(address: str, told: str) -> None:
    with pytest.raises(BadConfiguration) as wrong, open_cluster(address):
        pass

    assert str(wrong.value).startswith(told)


def test_where_nobody_listens_is_told_at_once() -> None:
    with pytest.raises(TargetUnusable) as wrong, open_cluster("tcp://127.0.0.1:9"):
        pass

    assert str(wrong.value) == "there is no scheduler at tcp://127.0.0.1:9: Connection refused"


def test_without_the_extra_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(BadConfiguration) as wrong, open_cluster("tcp://127.0.0.1:9"):
        pass

    assert str(wrong.value) == (
        "--scheduler needs Dask's distributed: install it with botoproof's extra dask, e.g. pip install "
        "'botoproof[dask]'"
    )


def test_a_worker_with_our_versions_will_do() -> None:
    _require_same("botocore", OURS, {"tcp://w:1": OURS})
    _require_same("Python", "3.11", {"tcp://w:1": "3.11.9"})


def test_a_worker_with_another_version_is_refused() -> None:
    with pytest.raises(BadConfiguration) as wrong:
        _require_same("botocore", OURS, {"tcp://w:1": OURS, "tcp://w:2": "1.2.3"})

    assert str(wrong.value) == (
        f"the worker tcp://w:2 has botocore 1.2.3, and here it is {OURS}; the shards of one run are drawn and judged "
        "by the same versions"
    )


def test_a_worker_without_botoproof_is_refused() -> None:
    with pytest.raises(BadConfiguration) as wrong:
        _require_same("botoproof", "0.1.0", {"tcp://w:1": metadata.PackageNotFoundError("botoproof")})

    assert str(wrong.value) == "the worker tcp://w:1 has no botoproof installed, and here it is 0.1.0"


def test_a_worker_that_cannot_be_asked_is_told() -> None:
    with pytest.raises(
        TargetUnusable, match=r"^the worker tcp://w:1 cannot be asked for its version of botocore: gone$"
    ):
        _require_same("botocore", OURS, {"tcp://w:1": OSError("gone")})


@pytest.mark.slow
def test_who_is_no_scheduler_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_TIME_LIMIT", 1.0)

    with peer(greets) as url, pytest.raises(TargetUnusable) as wrong, open_cluster(url.replace("http", "tcp")):
        pass

    assert str(wrong.value).startswith("there is no scheduler at tcp://127.0.0.1:")


@pytest.mark.slow
def test_a_scheduler_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with scheduler(tmp_path) as address:
        monkeypatch.setattr(cluster, "_TIME_LIMIT", 2.0)
        with pytest.raises(TargetUnusable) as wrong, open_cluster(address):
            pass

    assert str(wrong.value) == (
        f"the scheduler at {address} has no worker; start one where botoproof is installed: dask worker {address}"
    )


RUN = ("run", "importexport.CancelJob", "--seed", "1", "--phases", "table")


def command(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        (*COMMAND, *arguments), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=ENV
    )


ENV = {**os.environ, "PYTHONUNBUFFERED": "1"}


@pytest.mark.slow
def test_when_a_worker_is_killed_nothing_is_lost_and_nothing_counted_twice(tmp_path: Path) -> None:
    with scheduler(tmp_path) as address, worker(address) as doomed, worker(address):
        spread = ("--scheduler", address, "--shards", "4", "--shard-folder", "s", "--report", "json=merged.json")
        with command(tmp_path, *RUN, *spread) as run:
            assert run.stdout is not None
            first = run.stdout.readline()
            doomed.kill()
            rest, errors = run.communicate(timeout=300)
    with command(tmp_path, *RUN, "--report", "json=whole.json") as one:
        one.communicate(timeout=300)

    assert (run.returncode, errors) == (0, "")
    told = [line.split()[1] for line in (first + rest).splitlines() if line.startswith("shard ")]
    assert sorted(told) == [f"{number}/4" for number in range(1, 5)]
    merged, whole = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("merged", "whole"))
    assert merged["operations"] == whole["operations"]
    assert (merged["verdict"], merged["findings"]) == ("clean", [])
    results = [result_of(path) for path in (tmp_path / "s").iterdir()]
    assert sorted(result.identity.shard.number for result in results) == [1, 2, 3, 4]


@pytest.mark.slow
def test_an_interrupt_cancels_what_is_not_done_and_the_same_command_goes_on_from_there(tmp_path: Path) -> None:

    with scheduler(tmp_path) as address, worker(address):
        spread = (*RUN, "--scheduler", address, "--shards", "3", "--shard-folder", "s")
        with command(tmp_path, *spread) as run:
            assert run.stdout is not None
            first = run.stdout.readline()
            run.send_signal(signal.SIGINT)
            rest, errors = run.communicate(timeout=300)
        done = len(list((tmp_path / "s").iterdir()))
        with command(tmp_path, *spread) as again:
            out, _ = again.communicate(timeout=300)

    assert (run.returncode, "clean" in first) == (2, True)
    assert 1 <= done < 3
    assert f"{3 - done} of 3 shards are missing" in errors
    assert "verdict     unknown" in rest
    assert (again.returncode, out.splitlines()[0]) == (
        0,
        f"shards      {done} of 3 were run before, and their results are taken",
    )
