"""Python that shows a finding again: a snippet for the SDK, and a test that fails for as long as it is there."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from typing import Any

from botocore import xform_name

from ...contract.adapters.http import TIME_LIMIT
from ...contract.case import SIGNED_AS_THE_SDK_DOES, Call, Case, Form, Parse, Raw, Signing
from ...contract.checks.transport import UNSTABLE
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.finding import Evidence, Finding, Severity
from .scene import Scene, Step, unresolved
from .source import NotWritable, arguments, joined, literal

_INDENT = "    "
ONE_ATTEMPT = 'retries={"total_max_attempts": 1}'
_OBSERVING = """\
try:
{call}
except ClientError as refusal:
    print(refusal.response)
except BotoCoreError as broken:
    print(repr(broken))
"""


def sdk_snippet(finding: Finding, case: Case, parameters: Mapping[str, Any], scene: Scene) -> str:
    """Return a snippet that makes the case's call with boto3.

    Args:
        finding: To be seen again.
        case: A call through the SDK.
        parameters: The call's.
        scene: Where it was made.

    Raises:
        NotWritable: The parameters have no source.
    """
    used = scene.used(case)
    made = [state for state in used if not scene.url or state not in scene.given]
    names = {used[state]: variable_of(state) for state in made}
    call = f"client.{xform_name(case.operation)}{arguments(parameters, names=names)}"
    observing = _OBSERVING.format(call=textwrap.indent(f"print({call})", _INDENT))
    twice = finding.kind is UNSTABLE
    if twice:
        observing = f"for _ in range(2):\n{textwrap.indent(observing, _INDENT)}"
    if not scene.url:
        return _embedded(observing, made, scene)
    lines = [step_source(step, names, names[used[state]]) for state in made for step in scene.making(state)]
    left = [step for step in map(scene.disposing, made) if step is not None]
    if left:
        cleaning = "".join(f"{step_source(step, names, '')}\n" for step in left)
        observing = f"try:\n{textwrap.indent(observing, _INDENT)}" if twice else observing
        observing += f"finally:\n{textwrap.indent(cleaning, _INDENT)}"
    return with_datetime(
        "import boto3\nfrom botocore.config import Config\n"
        "from botocore.exceptions import BotoCoreError, ClientError\n\n"
        + client_source(scene)
        + "".join(f"{line}\n" for line in lines)
        + observing
    )


def variable_of(state: str) -> str:
    """Return the name of the variable for the id of a resource."""
    return re.sub(r"\W", "_", state)


def step_source(step: Step, names: Mapping[str, str], variable: str) -> str:
    """Return the call of a step, whose id goes into `variable` where it makes something."""
    source = f"client.{xform_name(step.operation)}{arguments(step.parameters, names=names)}"
    return f'{variable} = {source}["{step.member}"]' if step.member else source


def client_source(scene: Scene, variable: str = "client") -> str:
    """Return what makes a boto3 client of the URL where the run took place."""
    options = [literal(scene.specification.service), f"endpoint_url={literal(scene.url)}"]
    options.append(f"region_name={literal(scene.scope.region)}")
    if scene.published:
        options.append(f"aws_access_key_id={literal(EXAMPLE_KEY.access_key_id)}")
        options.append(f"aws_secret_access_key={literal(EXAMPLE_KEY.secret_access_key)}")
    options.append(f"config=Config({ONE_ATTEMPT})")
    return f"{variable} = boto3.client(\n" + "".join(f"{_INDENT}{option},\n" for option in options) + ")\n"


def embedded_source(scene: Scene) -> tuple[str, str]:
    """Return the imports that the embedded endpoint needs, and what opens it."""
    imports = "from botocore.exceptions import BotoCoreError, ClientError\n\n"
    imports += "from botoproof.ci.embedded import open_embedded\n"
    opening = f"open_embedded({literal(scene.specification.service)}"
    if scene.table:
        imports += "from botoproof.contract.codec.signature import EXAMPLE_KEY\n"
        imports += "from botoproof.contract.specification import Settings\n"
        opening += f", settings=Settings((EXAMPLE_KEY,), {literal(scene.table)})"
    return imports, f"{opening})"


def _embedded(observing: str, made: list[str], scene: Scene) -> str:
    imports, opening = embedded_source(scene)
    lines = [f"client = endpoint.client({ONE_ATTEMPT})\n"]
    lines += [f"{variable_of(state)} = endpoint.job({literal(state)})\n" for state in made]
    body = textwrap.indent("".join(lines) + observing, _INDENT)
    return with_datetime(f"{imports}\nwith {opening} as endpoint:\n{body}")


def with_datetime(source: str) -> str:
    """Return source with the import that dates in it need."""
    return f"import datetime\n\n{source}" if "datetime.datetime(" in source else source


def wire_snippet(finding: Finding, case: Case, scene: Scene) -> str:
    """Return a snippet that sends what the SDK cannot send, and shows what boto3 would make of the reply.

    Raises:
        NotWritable: The case has no source.
    """
    case = unresolved(case, scene.used(case))
    imports, source = case_source(case)
    shown = "print(exchange.interaction.reply or exchange.interaction.failure)\nprint(exchange.outcome)\n"
    if finding.kind is UNSTABLE:
        shown += "print(exchange.repeated)  # the same request, sent once more\n"
    body = textwrap.indent(f"exchange = replay.exchange(case)\n{shown}", _INDENT)
    return (
        "# boto3 cannot send this request: botoproof signs and sends it, and reads the reply with boto3's own parser.\n"
        f"{replay_imports(scene, imports)}\ncase = {source}\n"
        f"with {replay_source(finding, scene)} as replay:\n{body}"
    )


def conformance_test(finding: Finding, case: Case, scene: Scene) -> str:
    """Return a test that fails for as long as anything in the case's reply departs from the contract.

    Raises:
        NotWritable: The case has no source.
    """
    imports, source = case_source(unresolved(case, scene.used(case)))
    text = (
        f"{replay_imports(scene, imports)}\nCASE = {source}\n\n\n"
        f"def test_{finding.kind.check}() -> None:\n"
        f'{_INDENT}"""Not so when this was written: {finding.kind.title} [{finding.kind.code}]."""\n'
        f"{_INDENT}with {replay_source(finding, scene)} as replay:\n"
        f"{_INDENT * 2}replay.require_conformance(CASE)\n"
    )
    return with_datetime(text)


def replay_imports(scene: Scene, names: list[str], *, more: str = "") -> str:
    """Return the imports of source that replays a case.

    Args:
        scene: Where the run took place.
        names: What the case is made of.
        more: Lines that stand after those of the case.
    """
    imports = "from botoproof.ci.replay import open_replay\n"
    imports += f"from botoproof.contract.case import {', '.join(sorted(names))}\n"
    keys = ["Credential"] if scene.url and scene.accounts else []
    keys += ["EXAMPLE_KEY"] if scene.url and scene.published else []
    if keys:
        imports += f"from botoproof.contract.codec.signature import {', '.join(sorted(keys))}\n"
    return imports + more


def replay_source(finding: Finding, scene: Scene) -> str:
    """Return what opens a replay where the run took place."""
    options = [literal(scene.specification.service)]
    if scene.url:
        options.append(f"endpoint={literal(scene.url)}")
        if scene.scope.region != scene.specification.scope.region:
            options.append(f"region={literal(scene.scope.region)}")
        if scene.published:
            options.append("credential=EXAMPLE_KEY")
        for name, key in scene.accounts.items():
            pair = f"Credential({literal(key.access_key_id)}, {literal(key.secret_access_key)})"
            options.append(f"accounts={{{literal(name)}: {pair}}}")
    if scene.table:
        options.append(f"world={literal(scene.table, indent=_INDENT * 2)}")
    if scene.time_limit != TIME_LIMIT:
        options.append(f"time_limit={scene.time_limit!r}")
    line = finding.evidence if finding.severity(scene.evidence) is Severity.NOTE else scene.evidence
    if line is not Evidence.OBSERVED:
        options.append(f"evidence={literal(line.value)}")
    if scene.allow_writes:
        options.append("allow_writes=True")
    return f"open_replay{joined('(', options, ')', _INDENT)}"


def case_source(case: Case) -> tuple[list[str], str]:
    """Return the names to import, and the source of a case."""
    names = ["Case", type(case.sent).__name__]
    match case.sent:
        case Call(parameters=parameters):
            sent = f"Call({literal(parameters, indent=_INDENT)})"
        case Form(pairs=pairs, method=method, query=query):
            sent = f"Form({literal(pairs, indent=_INDENT)}"
            sent += f", method={literal(method)}" if method != "POST" else ""
            sent += f", query={literal(query, indent=_INDENT)})" if query else ")"
        case Raw(body=body, content_type=content_type):
            default = Raw(b"").content_type
            sent = f"Raw({literal(body, indent=_INDENT)}"
            sent += f", content_type={literal(content_type)})" if content_type != default else ")"
        case Parse():
            raise NotWritable("a reply is parsed, and nothing is sent")
    signing = ""
    if case.signing != SIGNED_AS_THE_SDK_DOES:
        names.append("Signing")
        signing = f"{_INDENT}signing={_signing(case.signing)},\n"
    return names, f"Case(\n{_INDENT}{literal(case.operation)},\n{_INDENT}{sent},\n{signing})"


def _signing(signing: Signing) -> str:
    fields = ("version", "key", "tampered", "age_seconds")
    changed = {
        name: getattr(signing, name)
        for name in fields
        if getattr(signing, name) != getattr(SIGNED_AS_THE_SDK_DOES, name)
    }
    return f"Signing{arguments(changed)}"
