"""The surroundings of every test: no network but loopback, no AWS settings of this machine, the same examples."""

from __future__ import annotations

import gc
import hashlib
import ipaddress
import os
import socket
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import is_hypothesis_test, settings
from hypothesis.database import DirectoryBasedExampleDatabase

# At import, not in a hook: `--hypothesis-profile` on the command line is applied later and wins.
settings.register_profile("ci", max_examples=50, derandomize=True, deadline=None, database=None, print_blob=True)
# Other examples each night, by its date and shard; failures are kept in a folder, and tried first the next night.
NIGHT = os.environ.get("BOTOPROOF_NIGHT") or f"{datetime.now(UTC):%Y-%m-%d}"
EXAMPLES = os.environ.get("BOTOPROOF_EXAMPLES") or "build/examples"
settings.register_profile(
    "nightly",
    max_examples=500,
    derandomize=False,
    deadline=None,
    database=DirectoryBasedExampleDatabase(EXAMPLES),
    print_blob=True,
)
settings.load_profile("ci")

pytest_plugins = ["pytester"]


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from looking again and again at thousands of tests and modules that stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


class NetworkBlocked(RuntimeError):
    """A test tried to reach something other than this machine's loopback."""


def is_loopback(host: str) -> bool:
    """Return whether `host` is this machine, without asking a resolver."""
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def block_network(patch: pytest.MonkeyPatch) -> None:
    """Let sockets connect to loopback only, and resolve no other names."""
    connect, connect_ex, getaddrinfo = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse_other_hosts(endpoint: socket.socket, address: Any) -> None:
        if endpoint.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(str(address[0])):
            raise NetworkBlocked(f"tests reach loopback addresses only, not {address!r}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_other_hosts(self, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_other_hosts(self, address)
        return connect_ex(self, address)

    def guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("ascii") if isinstance(host, bytes) else host
        if name and not is_loopback(name) and not name.replace(".", "").isdigit() and ":" not in name:
            raise socket.gaierror(socket.EAI_NONAME, f"tests resolve no names, not even {name!r}")
        return getaddrinfo(host, *args, **kwargs)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_getaddrinfo)


def neutralise_environment(patch: pytest.MonkeyPatch) -> None:
    """Take away what the machine says about AWS and proxies; botocore would obey all of it."""
    for name in list(os.environ):
        if name.startswith(("AWS_", "BOTO")) or name.casefold() in PROXIES:
            patch.delenv(name)
    patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    patch.setenv("AWS_CONFIG_FILE", os.devnull)
    patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)


def pytest_configure(config: pytest.Config) -> None:
    """Arrange the surroundings before collection, since test modules read service models when they are imported."""
    patch = pytest.MonkeyPatch()
    block_network(patch)
    neutralise_environment(patch)
    config.add_cleanup(patch.undo)


def seed_of(night: str) -> int:
    """Return the seed of a night, which is named by its date and, in a part of a run, its shard: ``2026-11-26 2/4``."""
    return int.from_bytes(hashlib.sha256(night.encode()).digest()[:8])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Draw the examples of a night by its seed.

    By Hypothesis' own ways, `--hypothesis-seed` and `hypothesis.seed`, the database would not be used. There is no
    public third one; `tests/test_surroundings.py` tells when this one does not work any more.
    """
    if config.getoption("--hypothesis-profile") != "nightly":
        return
    for item in items:
        if isinstance(item, pytest.Function) and is_hypothesis_test(item.obj):
            item.obj._hypothesis_internal_use_seed = seed_of(NIGHT)


def pytest_report_header(config: pytest.Config) -> str | None:
    """Tell how a night is drawn again."""
    if config.getoption("--hypothesis-profile") != "nightly":
        return None
    return f"night: BOTOPROOF_NIGHT='{NIGHT}', failing examples in BOTOPROOF_EXAMPLES={EXAMPLES}"


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how many seeded defects the exam found, by family, and how many false alarms there were.

    It stands here and not beside the exam, since xdist's controller reads no conftest below the folder it is given.
    """
    found: dict[str, list[bool]] = defaultdict(list)
    innocent: list[bool] = []
    missed: list[str] = []
    reports: list[pytest.TestReport] = [
        *terminalreporter.stats.get("passed", []),
        *terminalreporter.stats.get("failed", []),
    ]
    for report in reports:
        properties = dict(getattr(report, "user_properties", ()))
        if report.when != "call" or "exam" not in properties:
            continue
        part, family, name = properties["exam"]
        if part == "innocence":
            innocent.append(not properties.get("found", ["not finished"]))
        else:
            found[family].append(report.passed)
            if not report.passed:
                missed.append(f"{family}: {name}")
    if not found and not innocent:
        return
    terminalreporter.section("exam")
    for family, results in sorted(found.items()):
        terminalreporter.line(f"{family:<24} found {sum(results):>3} of {len(results):>3}")
    total = [result for results in found.values() for result in results]
    terminalreporter.line(f"{'all defects':<24} found {sum(total):>3} of {len(total):>3}")
    terminalreporter.line(f"{'without defect':<24} false alarms {innocent.count(False)} under {len(innocent)} seeds")
    for name in missed:
        terminalreporter.line(f"missed: {name}")
