"""For tests: one call that sends a request, runs every check, and raises one error that lists all findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol, overload

from ..contract.case import Call, Case, Form, Parse, Raw
from ..contract.checks import find
from ..contract.errors import BadConfiguration, Conformance, TargetUnusable
from ..contract.exchange import Exchange
from ..contract.expectation import Expectation
from ..contract.finding import Evidence, Finding, Severity
from ..contract.interaction import Interaction
from ..contract.outcome import Broken, Outcome
from .campaign.states import told
from .report.payload import Redaction
from .report.source import NotWritable, literal

_SHOWN = 2000  # characters of a request or reply


class Endpoint(Protocol):
    """What the fixture `botoproof_endpoint` is."""

    @property
    def service(self) -> str:
        """Botocore's name of the service."""
        ...

    @property
    def url(self) -> str:
        """Where it listens; the embedded endpoint starts to when this is first asked for."""
        ...

    @property
    def world(self) -> Any:
        """What it holds beside jobs: credentials, buckets and the like, as the specification has them."""
        ...

    def client(self, **config: Any) -> Any:
        """Return a real boto3 client of it; `config` are options of `botocore.config.Config`."""
        ...

    def job(self, state: str) -> str:
        """Return the id of a resource in a provider state, one that no other call in this test has returned.

        States that only the keeper of an endpoint can bring about have one resource for all.

        Raises:
            UnknownState: There is no such state; the text offers close names.
            TargetUnusable: It cannot be had here; the text says why.
        """
        ...

    def reset(self) -> None:
        """Put it back to its beginning; at a URL, dispose of what `job` made there for this test."""
        ...

    def exchange(self, case: Case) -> Exchange:
        """Send a case and return all that the checks look at.

        Args:
            case: Placeholders such as ``~pending~`` become ids of resources in that provider state.
        """
        ...

    def close(self) -> None:
        """End what was begun for the test."""
        ...


@overload
def assert_conforms(case: Case, *, endpoint: Endpoint, evidence: Evidence | str = ...) -> Exchange: ...


@overload
def assert_conforms(
    *, operation: str, parameters: Mapping[str, Any], endpoint: Endpoint, evidence: Evidence | str = ...
) -> Exchange: ...


def assert_conforms(
    case: Case | None = None,
    *,
    endpoint: Endpoint,
    operation: str | None = None,
    parameters: Mapping[str, Any] | None = None,
    evidence: Evidence | str = Evidence.OBSERVED,
) -> Exchange:
    """Send one request to an endpoint, and hold what comes to the contract.

    Give a case, as strategies make them, or an operation with parameters. The client is made once for an endpoint, so
    that this is quick under ``@given``; there each example finds the embedded endpoint as the fixtures left it.

    Args:
        case: The request. Placeholders such as ``~pending~`` become ids of resources in that provider state.
        endpoint: The fixture `botoproof_endpoint`.
        operation: ``importexport.UpdateJob``, or ``UpdateJob``, in place of a case.
        parameters: What the operation is called with.
        evidence: Findings on weaker evidence than this (``documented``, ``observed`` or ``inferred``) do not count.

    Returns:
        What was sent, what came, and what the contract allows. Where ``expectation.undecided`` is not empty, the
        contract says nothing about such a request, and only the form of the reply was judged.

    Raises:
        Conformance: There are errors or warnings; the text lists them all.
        TargetUnusable: The request was not sent: a state cannot be had, or a write to Amazon's own host was withheld.
        UnknownOperation: The service has no such operation; the text offers close names.
    """
    __tracebackhide__ = True
    line = _evidence(evidence)
    exchange = endpoint.exchange(_case(case, operation, parameters, endpoint.service))
    failure = exchange.interaction.failure if exchange.interaction else None
    if failure is not None and failure.kind == "withheld":
        raise TargetUnusable(
            f"{exchange.operation} was not sent to {endpoint.url}: it could change something, and from tests nothing "
            "of the kind goes to a host of Amazon's"
        )
    require_conformance(exchange, line)
    return exchange


def require_conformance(exchange: Exchange, evidence: Evidence) -> None:
    """Raise one error that lists all that is wrong with an exchange, if anything is.

    Args:
        exchange: What was sent and what came.
        evidence: Findings on weaker evidence are notes, and notes do not count.

    Raises:
        Conformance: There are errors or warnings.
    """
    __tracebackhide__ = True
    require_none(exchange, find(exchange), evidence)


def require_none(exchange: Exchange, found: Iterable[Finding], evidence: Evidence) -> None:
    """Raise one error that lists all that was found in an exchange, if any of it counts.

    Args:
        exchange: What was sent and what came.
        found: What is wrong with it.
        evidence: Findings on weaker evidence are notes, and notes do not count.

    Raises:
        Conformance: There are errors or warnings.
    """
    __tracebackhide__ = True
    findings = [(finding.severity(evidence), finding) for finding in found]
    wrong = [(severity, finding) for severity, finding in findings if severity is not Severity.NOTE]
    if wrong:
        raise Conformance(_text(exchange, sorted(wrong, key=lambda pair: _ORDER[pair[0]])))


_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


def _evidence(evidence: Evidence | str) -> Evidence:
    try:
        return Evidence(evidence)
    except ValueError:
        known = ", ".join(line.value for line in Evidence)
        raise BadConfiguration(f"evidence must be one of {known}, got {evidence!r}") from None


def _case(case: Case | None, operation: str | None, parameters: Mapping[str, Any] | None, service: str) -> Case:
    if case is not None:
        if operation is not None or parameters is not None:
            raise TypeError("assert_conforms takes a case, or an operation with parameters, not both")
        return case
    if operation is None or parameters is None:
        raise TypeError("assert_conforms takes a case, or an operation with parameters")
    named, dot, name = operation.rpartition(".")
    if dot and named != service:
        raise ValueError(f"the endpoint is one of {service}, but the operation is {operation!r}")
    return Case(name, Call(parameters))


def _text(exchange: Exchange, findings: list[tuple[Severity, Finding]]) -> str:
    number = "one point" if len(findings) == 1 else f"{len(findings)} points"
    blocks = [f"{exchange.operation} departs from its contract in {number}"]
    blocks += [_finding(severity, finding) for severity, finding in findings]
    hide = Redaction(exchange.allowance.secrets).text
    came = _came(exchange.interaction, exchange.outcome, hide)
    rest = [_entry("sent", _sent(exchange, hide)), _entry("came", came)]
    if exchange.expectation is not None:
        rest.append(_entry("allowed", _allowed(exchange.expectation)))
    blocks.append("\n".join(rest))
    return _printable(hide("\n\n".join(blocks)))


def _printable(text: str) -> str:
    return "".join(
        char if char.isprintable() or char == "\n" else char.encode("unicode_escape").decode("ascii") for char in text
    )


def _finding(severity: Severity, finding: Finding) -> str:
    where = f" at {finding.path}" if finding.path else ""
    entries = (
        ("expected", finding.expected),
        ("got", finding.observed),
        ("source", f"{finding.source or finding.kind.source} ({finding.evidence.value})"),
    )
    lines = (_entry(name, text) for name, text in entries)
    return "\n".join((f"{severity.value}: {finding.kind.title} [{finding.kind.code}]{where}", *lines))


def _entry(name: str, text: str) -> str:
    return f"  {name:<10}" + text.replace("\n", "\n" + " " * 12)


def _sent(exchange: Exchange, hide: Callable[[str], str]) -> str:
    match exchange.case.sent:
        case Call(parameters=parameters):
            return f"{exchange.case.operation} with {_literal(parameters, hide)}"
        case Form(pairs=pairs, method=method, query=query):
            rest = f", and in the query string {_literal(query, hide)}" if query else ""
            return f"{method} of the form {_literal(pairs, hide)}{rest}"
        case Raw(body=body, content_type=content_type):
            return f"POST of {content_type or 'no content type'}: {_literal(body, hide)}"
        case Parse(reply=reply):
            return f"nothing; HTTP {reply.status} with {_literal(reply.body, hide)} was handed to botocore's parser"


def _literal(value: Any, hide: Callable[[str], str]) -> str:
    try:
        return _cut(hide(literal(value)))
    except NotWritable:
        return _cut(hide(repr(value)))


def _came(interaction: Interaction | None, outcome: Outcome, hide: Callable[[str], str]) -> str:
    if interaction is None:
        return f"nothing left the process: it {told(outcome)}"
    if interaction.reply is None:
        detail = interaction.failure.detail if interaction.failure else "the connection closed"
        return f"no reply: {detail}"
    reply = interaction.reply
    head = f"HTTP {reply.status}, {reply.header('content-type') or 'no content type'}"
    if isinstance(outcome, Broken):
        head += f"; the SDK broke: {outcome.exception}: {hide(outcome.message)[:200]}"
    return f"{head}\n{_cut(hide(reply.body.decode('utf-8', 'backslashreplace')))}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({len(text) - _SHOWN} more characters)"


def _allowed(expectation: Expectation) -> str:
    if expectation.undecided:
        return f"success or any refusal: {expectation.undecided}"
    lines = [
        f"{' or '.join(violation.codes)}: {violation.reason} ({violation.evidence.value}; {violation.source})"
        for violation in expectation.violations
    ]
    if expectation.may_succeed:
        lines.append(f"success ({expectation.success.value}; {expectation.success_source})")
    return "\n".join(lines)
