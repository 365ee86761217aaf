"""Targets: which URLs can be used, which hosts are the real service, what is withheld, and how fast it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.loaders import Loader
from botoproof.ci.campaign import targets
from botoproof.ci.campaign.events import NotReached, StatePrepared
from botoproof.ci.campaign.judge import open_judge
from botoproof.ci.campaign.states import States
from botoproof.ci.campaign.targets import (
    HURRIED,
    Paced,
    Target,
    Turns,
    Withholding,
    embedded_target,
    is_amazon,
    url_target,
)
from botoproof.contract.adapters.caller import FORM_TYPE
from botoproof.contract.adapters.http import HttpTransport
from botoproof.contract.codec.form import Pairs, write_form
from botoproof.contract.codec.signature import EXAMPLE_KEY
from botoproof.contract.errors import BadConfiguration
from botoproof.contract.interaction import Interaction, Reply, Request
from botoproof.contract.services.importexport import SPECIFICATION
from botoproof.contract.services.importexport.specification import default_world
from botoproof.contract.specification import Settings

from .runs import AlteredEndpoint

NO_PATH = "the endpoint must be scheme, host and port without path or query, got {!r}"
NO_URL = "the endpoint must be an http:// or https:// URL with a host, got {!r}"
NO_PORT = "the endpoint's port must be 1 to 65535, got {!r}"
NO_ASCII = "the endpoint must be a URL in printable ASCII without spaces, got {!r}"
NO_USER = "the endpoint's URL must not hold a user name or password; use [credentials]"
REPLY = Reply(200, (), b"")


def url_of(url: str, **options: Any) -> Target:
    return url_target(SPECIFICATION, default_world(), EXAMPLE_KEY, url, **options)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("http://host/path", NO_PATH),
        ("http://host//", NO_PATH),
        ("http://host?a=b", NO_PATH),
        ("http://host/?", NO_PATH),
        ("http://host#there", NO_PATH),
        ("http://host/#", NO_PATH),
        ("ftp://host", NO_URL),
        ("host:8000", NO_URL),
        ("//host", NO_URL),
        ("http://", NO_URL),
        ("http://:80", NO_URL),
        ("", NO_URL),
        ("http://host:0", NO_PORT),
        ("http://host:", NO_PORT),
        ("http://host:65536", "the endpoint {!r} is not a URL: Port out of range 0-65535"),
        ("http://host:http", "the endpoint {!r} is not a URL: Port could not be cast to integer value as 'http'"),
        ("http://[::1", "the endpoint {!r} is not a URL: Invalid IPv6 URL"),
        ("http://me:secret@host", NO_USER),
        ("http://me@host", NO_USER),
        ("http://@host", NO_USER),
        ("http://ho st", NO_ASCII),
        (" http://host", NO_ASCII),
        ("http://host\n", NO_ASCII),
        ("http://ho\tst", NO_ASCII),
        ("http://host\x7f", NO_ASCII),
        ("http://höst", NO_ASCII),
        ("http://importexport.amazonaw\u017f.com", NO_ASCII),
        ("http://importexport\u3002amazonaws\uff0ecom", NO_ASCII),
    ],
)
def test_a_url_that_cannot_be_used_is_told_with_what_is_wrong(url: str, message: str) -> None:
    with pytest.raises(BadConfiguration, match=f"^{re.escape(message.format(url))}$"):
        url_of(url)


def test_a_password_in_a_url_is_not_repeated() -> None:
    with pytest.raises(BadConfiguration) as raised:
        url_of("http://me:secret@host/path")

    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8000", "http://localhost/", "https://host", "HTTP://HOST", "http://[::1]:80"],
)
def test_a_url_that_can_be_used_is_taken(url: str) -> None:
    target = url_of(url)

    assert (target.kind, target.url) == ("url", url.rstrip("/"))
    assert isinstance(target.transport, HttpTransport)
    target.close()


@pytest.mark.parametrize(("limit", "hurried"), [(10.0, HURRIED), (0.5, 0.5)])
def test_a_target_in_a_hurry_waits_less_and_never_longer(limit: float, hurried: float) -> None:
    target = url_of("http://host", time_limit=limit)
    assert isinstance(target.transport, HttpTransport)

    target.hurry()

    assert target.transport.time_limit == hurried


def test_a_host_that_the_sdk_takes_for_nonsense_is_told_in_words() -> None:
    with pytest.raises(BadConfiguration, match=r"^the SDK makes no client for http://-h in 'us-east-1': Invalid"):
        open_judge(SPECIFICATION, url_of("http://-h"))


def test_the_region_of_a_target_is_that_of_its_signatures() -> None:
    own, other = url_of("http://host"), url_of("http://host", region="eu-west-1")

    assert (own.region, own.scope) == ("us-east-1", SPECIFICATION.scope)
    assert (other.region, other.scope.region, other.scope.service) == ("eu-west-1", "eu-west-1", "IngestionService")


@pytest.mark.parametrize(
    "host",
    [
        "importexport.amazonaws.com",
        "amazonaws.com",
        "AMAZONAWS.COM.",
        "ImportExport.AmazonAWS.com",
        "s3.cn-north-1.amazonaws.com.cn",
        "s3.us-east-1.api.aws",
        "sqs.eusc-de-east-1.amazonaws.eu",
    ],
)
def test_a_host_of_amazon_is_one_however_it_is_written(host: str) -> None:
    assert is_amazon(host)


@pytest.mark.parametrize(
    "host",
    ["evil-amazonaws.com", "amazonaws.com.example.org", "amazonaws", "com", "localhost", "127.0.0.1", "xapi.aws", ""],
)
def test_a_host_that_only_looks_like_amazon_s_is_none(host: str) -> None:
    assert not is_amazon(host)


def test_every_domain_of_the_installed_botocore_is_amazon_s() -> None:
    partitions: Any = Loader().load_data("partitions")
    outputs = [partition["outputs"] for partition in partitions["partitions"]]
    domains = {output[key] for output in outputs for key in ("dnsSuffix", "dualStackDnsSuffix") if key in output}

    assert "amazonaws.com" in domains
    assert [domain for domain in sorted(domains) if not is_amazon(f"importexport.{domain}")] == []


@pytest.mark.parametrize("url", ["https://importexport.amazonaws.com", "http://IMPORTEXPORT.AMAZONAWS.COM.:8080"])
def test_writes_to_amazon_are_withheld_unless_they_are_allowed(url: str) -> None:
    assert isinstance(url_of(url).transport, Withholding)
    assert isinstance(url_of(url, allow_writes=True).transport, HttpTransport)


GOOD: Pairs = (("Action", "UpdateJob"), ("Version", "2010-06-01"), ("JobId", "A"), ("ValidateOnly", "true"))
FALSE: Pairs = (("ValidateOnly", "false"),)
TRUE: Pairs = (("ValidateOnly", "true"),)
REST: Pairs = GOOD[:-1]
FORM = (("Content-Type", FORM_TYPE),)


def post(pairs: Pairs, query: Pairs = (), headers: tuple[tuple[str, str], ...] = FORM) -> Request:
    suffix = f"?{write_form(query).decode()}" if query else ""
    return Request("POST", f"https://importexport.amazonaws.com/{suffix}", headers, write_form(pairs))


def raw(body: bytes) -> Request:
    return Request("POST", "https://importexport.amazonaws.com/", FORM, body)


@dataclass
class Counter:
    """A transport that counts."""

    sent: list[Request] = field(default_factory=list[Request])

    def __call__(self, request: Request) -> Interaction:
        self.sent.append(request)
        return Interaction(request, REPLY, None, datetime.now(UTC), 0.0)


@pytest.mark.parametrize(
    "request_",
    [
        post(GOOD),
        post((*GOOD, ("ValidateOnly", "true"))),
        post((("Action", "CreateJob"), *GOOD[1:])),
        Request("GET", post((), GOOD).url, (), b""),
    ],
    ids=["update", "twice true", "create", "get"],
)
def test_a_rehearsal_is_sent(request_: Request) -> None:
    counter = Counter()

    interaction = Withholding(counter, SPECIFICATION.is_harmless)(request_)

    assert counter.sent == [request_]
    assert interaction.reply is REPLY


@pytest.mark.parametrize(
    "request_",
    [
        post(REST),
        post((*REST, *FALSE)),
        post((*GOOD, *FALSE)),
        post((*FALSE, *GOOD)),
        post(GOOD, query=FALSE),
        post((*REST, *FALSE), query=TRUE),
        post(REST, query=TRUE),
        post((), query=GOOD),
        post((*REST, ("ValidateOnly", "True"))),
        post((*REST, ("ValidateOnly", "1"))),
        post((*REST, ("ValidateOnly", ""))),
        post((*REST, ("validateonly", "true"))),
        post((("Action", "CancelJob"), *GOOD[1:])),
        post((("Action", "CancelJob"), *GOOD)),
        post(GOOD, query=(("Action", "CancelJob"),)),
        post(GOOD, query=(("Operation", "CancelJob"),)),
        post(GOOD[1:]),
        post(GOOD, headers=(("Content-Type", "application/json"),)),
        post(GOOD, headers=()),
        raw(write_form(GOOD) + b"&a=%zz"),
        raw(write_form(GOOD) + b"&a=%ff"),
        raw(b""),
        Request("PUT", "https://importexport.amazonaws.com/", FORM, write_form(GOOD)),
        Request("GET", post((), GOOD).url, FORM, write_form(FALSE)),
    ],
)
def test_what_somebody_could_read_as_a_write_is_withheld(request_: Request) -> None:
    counter = Counter()

    interaction = Withholding(counter, SPECIFICATION.is_harmless)(request_)

    assert counter.sent == []
    assert interaction.request is request_
    assert interaction.reply is None
    assert interaction.failure is not None
    assert interaction.failure.kind == "withheld"
    assert interaction.failure.detail == "it could change something; --allow-writes sends it"


@dataclass
class Clock:
    """Time that passes only when somebody sleeps or works."""

    now: float = 100.0
    slept: list[float] = field(default_factory=list[float])

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the targets."""
    clock = Clock()
    monkeypatch.setattr(targets, "time", clock)
    return clock


def pace(clock: Clock, *, interval: float, working: list[float]) -> list[float]:
    """Return when each request began, when each takes so long."""
    began: list[float] = []
    durations = iter(working)

    def transport(request: Request) -> Interaction:
        began.append(clock.now)
        clock.now += next(durations)
        return Interaction(request, REPLY, None, datetime.now(UTC), 0.0)

    paced = Paced(transport, Turns(interval))
    for _ in working:
        paced(raw(b""))
    return [at - began[0] for at in began]


def test_requests_begin_at_the_rate_that_was_asked_for(clock: Clock) -> None:
    assert pace(clock, interval=0.5, working=[0.0] * 5) == [0.0, 0.5, 1.0, 1.5, 2.0]


def test_the_time_that_a_request_takes_counts(clock: Clock) -> None:
    assert pace(clock, interval=0.5, working=[0.25, 0.25, 0.25]) == [0.0, 0.5, 1.0]
    assert clock.slept == [0.25, 0.25]


def test_what_a_slow_request_missed_is_not_caught_up_in_a_burst(clock: Clock) -> None:
    assert pace(clock, interval=0.5, working=[3.0, 0.0, 0.0, 0.0]) == [0.0, 3.0, 3.5, 4.0]


def test_the_first_request_does_not_wait(clock: Clock) -> None:
    pace(clock, interval=60.0, working=[0.0])

    assert clock.slept == []


def test_in_a_hurry_no_request_waits_for_its_turn(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an interrupted run leaves is tidied up at once, whatever the rate."""
    monkeypatch.setattr(HttpTransport, "__call__", Counter())
    target = url_of("http://host", rate=0.04)
    target.transport(raw(b""))

    target.hurry()
    for _ in range(3):
        target.transport(raw(b""))

    assert clock.slept == []


def test_a_rate_is_so_many_requests_a_second(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter()
    monkeypatch.setattr(targets, "HttpTransport", lambda **_: counter)
    monkeypatch.setattr(counter, "close", lambda: None, raising=False)
    target = url_of("http://host", rate=4.0)

    for _ in range(5):
        target.transport(post(GOOD))

    assert clock.slept == [0.25, 0.25, 0.25, 0.25]


def test_what_is_withheld_does_not_wait_for_its_turn(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    counter = Counter()
    monkeypatch.setattr(targets, "HttpTransport", lambda **_: counter)
    monkeypatch.setattr(counter, "close", lambda: None, raising=False)
    target = url_of("https://importexport.amazonaws.com", rate=1.0)

    for request in (post(GOOD), post(REST), post(REST), post(GOOD)):
        target.transport(request)

    assert (len(counter.sent), clock.slept) == (2, [1.0])


def test_the_embedded_target_offers_only_what_no_public_operation_makes() -> None:
    target = embedded_target(SPECIFICATION, default_world(), EXAMPLE_KEY, endpoint=AlteredEndpoint())

    assert (target.kind, target.url) == ("embedded", "http://embedded.invalid")
    assert target.resources == {"expired": "EXP1A", "in-progress": "RUN1A", "complete": "DNE1A", "foreign": "FRN1A"}
    target.close()


def test_what_configuration_names_is_offered_by_every_target() -> None:
    table = {"buckets": {"b": {}}, "jobs": {"pending": ["AAAA1"], "expired": ["EEEE1", "EEEE2"], "foreign": ["FFFF1"]}}
    world = SPECIFICATION.world(Settings((EXAMPLE_KEY,), table))
    named = {"pending": "AAAA1", "expired": "EEEE1", "foreign": "FFFF1"}

    by_url = url_target(SPECIFICATION, world, EXAMPLE_KEY, "http://host")
    embedded = embedded_target(SPECIFICATION, world, EXAMPLE_KEY)

    assert by_url.resources == named
    assert embedded.resources == {"in-progress": "RUN1A", "complete": "DNE1A", **named}


def test_to_amazon_no_state_is_made_and_each_is_told_with_the_reason() -> None:
    """Nothing leaves the process: making a job is no rehearsal."""
    target = url_of("https://importexport.amazonaws.com")

    told = list(States(open_judge(SPECIFICATION, target)).prepare())

    why = "CreateJob was withheld: it changes something, and writes to this host need --allow-writes"
    assert told[:2] == [
        NotReached("state pending", why, failed=True),
        NotReached("state cancelled", why, failed=True),
    ]
    assert not [event for event in told if isinstance(event, StatePrepared)]
