"""Reproducers of a finding, each of which runs as it stands: a boto3 snippet, a curl command, a pytest test.

Ids of a run are gone when it is over, so a reproducer makes its own resources in the provider states that it needs.
No secret stands in one but AWS's published example key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...contract.case import Call, Parse
from ...contract.exchange import Exchange
from ...contract.finding import Finding
from ...contract.program import Program
from .fault_snippets import STRUCK, fault_snippet
from .parsed import NOT_SENT, parser_snippet
from .program_snippets import program_snippet, program_test
from .scene import Scene
from .shell import curl_commands
from .snippets import conformance_test, sdk_snippet, wire_snippet
from .source import NotWritable

LONGEST = 60_000


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Three ways to see a finding again; one that cannot be had is a comment that says why."""

    boto3: str
    curl: str
    pytest: str


def reproduce(finding: Finding, exchange: Exchange, scene: Scene, program: Program | None = None) -> Reproduction:
    """Return how `finding` is seen again.

    Args:
        finding: To be seen again.
        exchange: The case that shows it.
        scene: Where that was.
        program: The program that ends with this case, or None when the case shows it alone.
    """
    case, scene = exchange.case, scene.of(exchange)
    if scene.url and any(key != scene.specification.accounts.get(name) for name, key in scene.accounts.items()):
        why = f"it is signed with the key of the account {case.signing.key}, which stands in the configuration alone"
        return Reproduction(*(f"# This case cannot be written down: {why}.\n",) * 3)
    if program is not None:
        return Reproduction(
            boto3=_written(lambda: program_snippet(finding, program, scene)),
            curl=(
                "# There is no curl command for this finding: it takes several requests, of which later ones need what "
                "earlier ones return. The Python snippet does it.\n"
            ),
            pytest=_written(lambda: program_test(finding, program, scene)),
        )
    if case.plan:
        boto3 = _written(lambda: fault_snippet(case, scene))
        return Reproduction(boto3, STRUCK, STRUCK)
    match case.sent:
        case Parse(reply=reply):
            boto3 = _written(lambda: parser_snippet(exchange.operation, case, reply))
            return Reproduction(boto3, NOT_SENT, NOT_SENT)
        case Call(parameters=parameters):
            boto3 = _written(lambda: sdk_snippet(finding, case, parameters, scene))
        case _:
            boto3 = _written(lambda: wire_snippet(finding, case, scene))
    return Reproduction(
        boto3=boto3,
        curl=_written(lambda: curl_commands(finding, exchange, scene)),
        pytest=_written(lambda: conformance_test(finding, case, scene)),
    )


def _written(write: Callable[[], str]) -> str:
    try:
        source = write()
    except NotWritable as wrong:
        return f"# This case cannot be written down: {wrong}. The run can be repeated with its seed.\n"
    if len(source) > LONGEST:
        return (
            f"# This case cannot be written down: it would take {len(source)} characters. "
            "The run can be repeated with its seed.\n"
        )
    return source
