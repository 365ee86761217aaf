"""A recording in the hands of one test: played, or made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from ...cassettes.format import BadCassette, Recorded
from ...cassettes.recorder import Recorder, as_sent, secrets_of
from ...cassettes.replay import CassetteMiss, Replayer
from ...cassettes.wiring import Send, every_client, every_signer
from ...contract.adapters.sdk import as_request, as_response
from ...contract.errors import BadConfiguration
from ...contract.interaction import Reply, Request
from .network import NetworkRefused, refused

Policy = str | Callable[[Request], Reply]
"""What a miss means: ``fail``, ``raise``, ``skip``, or what answers instead of the recording."""

POLICIES = ("fail", "raise", "skip")


@dataclass
class Tape:
    """What the fixture `cassette` is: the recording that the test's calls are answered from, or that is being made.

    Attributes:
        path: The file.
        recording: Whether it is being made.
        replayer: What answers; None while recording.
        recorder: What records; None otherwise.
        policy: What a miss means.
        fallbacks: Requests that were answered by the project's own code, as they were not recorded.
        services: botocore's names of the services that were called.
        unreadable: Why the file turned out to be no recording, where it did.
    """

    path: Path
    replayer: Replayer | None = None
    recorder: Recorder | None = None
    policy: Policy = "fail"
    fallbacks: list[Request] = field(default_factory=list[Request])
    services: list[str] = field(default_factory=list[str])
    unreadable: BadCassette | None = None

    @property
    def recording(self) -> bool:
        """Whether the recording is being made."""
        return self.recorder is not None

    @property
    def hits(self) -> int:
        """How many calls were answered from the recording so far."""
        return self.replayer.hits if self.replayer else 0

    @property
    def misses(self) -> tuple[CassetteMiss, ...]:
        """What was not in the recording so far."""
        return self.replayer.misses if self.replayer else ()

    def unplayed(self) -> tuple[Recorded, ...]:
        """Return the recorded interactions that were not played so far."""
        return self.replayer.unplayed() if self.replayer else ()

    def check(self) -> None:
        """Fail or skip the test for misses that its code swallowed, if that is what they mean."""
        __tracebackhide__ = True
        if self.unreadable is not None:
            pytest.fail(f"botoproof: {self.unreadable}", pytrace=False)
        if not self.misses or not isinstance(self.policy, str) or self.policy == "raise":
            return
        if self.policy == "skip":
            pytest.skip(f"botoproof: {self.misses[0]}")
        count = len(self.misses)
        number = "a call that was not recorded" if count == 1 else f"{count} calls that were not recorded"
        told = "\n\n".join(str(miss) for miss in self.misses[:5])
        pytest.fail(f"botoproof: the test swallowed {number}:\n\n{told}", pytrace=False)


def check_policy(policy: object) -> None:
    """Complain about a policy that is none.

    Raises:
        BadConfiguration: It is neither one of `POLICIES` nor something that can be called.
    """
    if policy not in POLICIES and not callable(policy):
        expected = ", ".join(POLICIES)
        raise BadConfiguration(
            f"botoproof_cassette_miss is {policy!r}; expected one of {expected}, or a function from request to reply"
        )


@contextmanager
def played(tape: Tape, hosts: Iterable[str]) -> Iterator[None]:
    """Answer every client from the recording of `tape`, and let nothing reach the network but `hosts`."""

    def seam(request: AWSPreparedRequest, service: str | None, send: Send) -> AWSResponse:
        if service is None:  # credentials are looked for; the network decides, which is refused
            return send(request)
        if tape.replayer is None:
            raise NetworkRefused("botoproof: there is no recording to answer from")
        try:
            return tape.replayer.send(request)
        except CassetteMiss as miss:
            if tape.policy == "skip":
                pytest.skip(f"botoproof: {miss}")
            if isinstance(tape.policy, str):
                raise
        except BadCassette as wrong:
            tape.unreadable = wrong  # in another thread than the test's, nobody sees the failure itself
            pytest.fail(f"botoproof: {wrong}", pytrace=False)
        asked = as_request(request)
        reply = tape.policy(asked)
        if not isinstance(reply, Reply):
            raise TypeError(
                f"botoproof_cassette_miss gave {type(reply).__name__}, expected a contract.interaction.Reply"
            )
        tape.fallbacks.append(asked)
        return as_response(str(request.url), reply)

    with refused(hosts), every_client(seam):
        yield


@contextmanager
def recorded(tape: Tape) -> Iterator[None]:
    """Record what every client sends and gets, with its own HTTP session."""

    def seam(request: AWSPreparedRequest, service: str | None, send: Send) -> AWSResponse:
        if service is None or tape.recorder is None:  # credentials are looked for, which nobody wants to keep
            return send(request)
        tape.recorder.admit(str(request.url))
        sent = as_sent(request)
        response = send(request)
        body = response.content
        headers = tuple((str(name), str(value)) for name, value in response.headers.items())
        reply = Reply(response.status_code, headers, body)
        tape.recorder.note(sent, reply)
        if service not in tape.services:
            tape.services.append(service)
        return as_response(str(request.url), reply)

    def seen(signer: Any) -> None:
        if tape.recorder is not None:
            tape.recorder.learn(secrets_of(signer))

    with every_client(seam), every_signer(seen):
        yield
