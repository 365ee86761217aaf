"""A provider held to a pact by Pact's own verifier, which runs in a process of its own and is ended in time."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from ...contract.adapters.server import Server
from ...contract.errors import BadConfiguration, TargetUnusable, close_names
from ...contract.finding import Finding
from ...contract.specification import Specification
from ..campaign.judge import Judge
from ..campaign.states import States
from . import verifier
from .between import STATES_PATH, Between
from .kinds import BROKEN, NO_REPLY, STATE_UNKNOWN, STATE_UNREACHED
from .pact import Interaction, Pact
from .states import known_states, unknown_states
from .subject import operation_of

TIME_LIMIT = 60.0
"""Seconds for a whole verification."""

KEPT, BROKE, UNKNOWN = "kept", "broken", "unknown"
_TURN = 0.05  # seconds between two looks at the verifier
_MODULE = f"{__package__}.verifier"


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of one interaction.

    Attributes:
        description: Its description.
        verdict: ``kept``, ``broken`` or ``unknown``.
        findings: Why it was not kept.
    """

    description: str
    verdict: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of a pact.

    Attributes:
        interactions: In the order of the pact.
        left_behind: What was made at the provider and could not be disposed of.
        seconds: How long it took.
    """

    interactions: tuple[Verified, ...]
    left_behind: tuple[str, ...]
    seconds: float

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in order."""
        return tuple(finding for one in self.interactions for finding in one.findings)


def verify(path: Path, pact: Pact, judge: Judge, *, time_limit: float = TIME_LIMIT) -> Verification:
    """Hold the judge's target to a pact.

    Args:
        path: The file.
        pact: What was read from it.
        judge: Of the provider; what is made there is disposed of through it.
        time_limit: Seconds after which the verifier is ended.

    Raises:
        BadConfiguration: Pact is not installed, or the pact holds nothing to verify.
        TargetUnusable: The provider is not there, or the verifier did not end in time.
    """
    if not pact.interactions:
        raise BadConfiguration(f"{path} holds no HTTP interaction, so there is nothing to verify")
    started = time.monotonic()
    between = Between(judge, States(judge))
    left: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix="botoproof-pact-") as folder, Server(between.answer) as server:
            results = _run(Path(folder), path, pact, server.url, between, time_limit)
    finally:
        left += between.dispose()
    found = tuple(_judged(judge.specification, pact, between, results))
    return Verification(found, tuple(left), time.monotonic() - started)


def _run(folder: Path, path: Path, pact: Pact, url: str, between: Between, limit: float) -> Mapping[str, Any]:
    order, result = folder / "order.json", folder / "result.json"
    order.write_text(
        json.dumps(
            {
                "provider": pact.provider,
                "pact": str(path.resolve()),
                "url": url,
                "states": url + STATES_PATH,
                "seconds": between.judge.target.time_limit + 1,
            }
        ),
        "utf-8",
    )
    # Pact's telemetry is off for this very value alone.
    environment = {**os.environ, "PACT_DO_NOT_TRACK": "true"}
    with (folder / "output").open("w+b") as output:
        process = subprocess.Popen(  # noqa: S603 - this very interpreter, with a module of ours
            [sys.executable, "-m", _MODULE, str(order), str(result)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,  # Ctrl-C is ours to hear: the verifier does not
        )
        try:
            _wait(process, between, limit)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    if between.failure is not None:
        raise between.failure
    if process.returncode == verifier.NOT_INSTALLED:
        raise BadConfiguration(
            "pacts are verified by the package pact-python, which cannot be loaded here: install botoproof[pact], on a "
            f"platform for which there is a wheel ({said.strip().splitlines()[-1] if said.strip() else 'no reason'})"
        )
    if not result.exists():
        raise TargetUnusable(
            f"Pact's verifier ended with status {process.returncode} and no result: {said.strip()[-500:]}"
        )
    return cast("dict[str, Any]", json.loads(result.read_text("utf-8")))


def _wait(process: subprocess.Popen[bytes], between: Between, limit: float) -> None:
    deadline = time.monotonic() + limit
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_TURN)
            return
        if between.failure is not None:
            return
        if time.monotonic() > deadline:
            raise TargetUnusable(
                f"Pact's verifier did not end within {limit:g} s and was ended; --max-time S allows it more seconds"
            )


def _judged(
    specification: Specification, pact: Pact, between: Between, results: Mapping[str, Any]
) -> Iterator[Verified]:
    kept = [
        (str(one.get("description")), one.get("result") == "OK")
        for one in cast("list[dict[str, Any]]", results.get("interactionResults", []))
    ]
    errors = _errors(results)
    for interaction in pact.interactions:
        subject = operation_of(specification, interaction)
        doubts = tuple(_doubts(specification, interaction, between, subject))
        mine = [ok for description, ok in kept if description == interaction.description]
        if doubts or not mine:
            yield Verified(interaction.description, UNKNOWN, doubts or (_unseen(subject, interaction),))
        elif all(mine):
            yield Verified(interaction.description, KEPT)
        else:
            yield Verified(interaction.description, BROKE, tuple(_broken(subject, interaction, between, errors)))


def _doubts(
    specification: Specification, interaction: Interaction, between: Between, subject: str
) -> Iterator[Finding]:
    known = known_states(specification)
    for name in unknown_states(specification, interaction):
        yield Finding(
            STATE_UNKNOWN, subject, interaction.description, close_names(name, known), repr(name), key=(name,)
        )
    for state in interaction.states:
        if state.name in between.unreached:
            yield Finding(
                STATE_UNREACHED,
                subject,
                interaction.description,
                f"the state {state.name!r}",
                between.unreached[state.name],
                key=(state.name,),
            )


def _unseen(subject: str, interaction: Interaction) -> Finding:
    return Finding(STATE_UNREACHED, subject, interaction.description, "a result of Pact's verifier", "it tells of none")


def _errors(results: Mapping[str, Any]) -> Sequence[tuple[str, Mapping[str, Any]]]:
    found = cast("list[dict[str, Any]]", results.get("errors", []))
    return [(str(one.get("interaction", "")), cast("dict[str, Any]", one.get("mismatch") or {})) for one in found]


def _broken(
    subject: str, interaction: Interaction, between: Between, errors: Sequence[tuple[str, Mapping[str, Any]]]
) -> Iterator[Finding]:
    why = between.silent.get((interaction.request.body or "").encode("utf-8", "surrogateescape"))
    if why is not None:
        yield Finding(NO_REPLY, subject, interaction.description, f"status {interaction.status}", why)
        return
    told = False
    for name, mismatch in errors:
        if not name.endswith(f" - {interaction.description}"):
            continue
        for one in cast("list[dict[str, Any]]", mismatch.get("mismatches") or []):
            told = True
            kind, place = str(one.get("type", "")), str(one.get("path") or one.get("key") or "")
            observed = str(one.get("mismatch") or one.get("actual") or kind)
            yield Finding(
                BROKEN,
                subject,
                interaction.description,
                str(one.get("expected", "")) or kind,
                observed,
                key=(interaction.description, kind, place),
            )
    if not told:
        yield Finding(
            BROKEN,
            subject,
            interaction.description,
            f"status {interaction.status}",
            next((str(m.get("message") or m) for n, m in errors if n.endswith(interaction.description)), "otherwise"),
            key=(interaction.description,),
        )
