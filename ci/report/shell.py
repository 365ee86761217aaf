"""Shell commands that show a finding again with curl, or a comment that says why curl cannot."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from ...contract.adapters.caller import FORM_TYPE, UNKNOWN_KEY
from ...contract.case import SIGNED_AS_THE_SDK_DOES, Form, Raw, Signing
from ...contract.checks.transport import UNSTABLE
from ...contract.codec.form import Pairs, write_form
from ...contract.codec.query_request import write_request
from ...contract.codec.signature import EXAMPLE_KEY
from ...contract.exchange import Exchange
from ...contract.finding import Finding
from .scene import Scene, Step
from .source import literal

# What may stand between single quotes on a command line, and not too much of it.
_EASY = re.compile(rb"(?!@)[ -&(-~]{0,4000}")
_SERVED = "http://127.0.0.1:8000"


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request as curl is to send it.

    Attributes:
        body: The body, or None for a GET.
        content_type: Of the body; empty for none.
        query: The query string.
        signing: How it is signed.
        remarks: What a reader must know of it.
    """

    body: bytes | None
    content_type: str = FORM_TYPE
    query: str = ""
    signing: Signing = SIGNED_AS_THE_SDK_DOES
    remarks: tuple[str, ...] = ()


def curl_commands(finding: Finding, exchange: Exchange, scene: Scene) -> str:
    """Return commands that make the request of `exchange` with curl.

    Raises:
        NotWritable: The body has no source.
    """
    signing = exchange.case.signing
    if signing.version == "v2" and signing.key != "none":
        return _cannot("curl has no signature version 2")
    if signing.tampered:
        return _cannot("curl cannot be told to send a wrong signature")
    if signing.age_seconds:
        return _cannot("curl signs with the present time, and this request claims another")
    sent = _request(exchange)
    if sent is None:
        return _cannot("the SDK rejected the parameters, so that there is no request")
    used = scene.used(exchange.case)
    made = [state for state in used if state not in scene.given]
    names = {used[state]: re.sub(r"\W", "_", state) for state in made}
    lines = [*(f"# {remark}" for remark in (*_place_remarks(scene), *sent.remarks)), f"endpoint={_endpoint(scene)}"]
    for state in made:
        lines += [_prepare(step, names, names[used[state]], scene) for step in scene.making(state)]
    command = _command(sent, names, scene, options="--include")
    lines += ["for attempt in 1 2; do", command, "done"] if finding.kind is UNSTABLE else [command]
    left = [step for step in map(scene.disposing, made) if step is not None]
    lines += [_prepare(step, names, "", scene) for step in left]
    return "\n".join(lines) + "\n"


def _cannot(why: str) -> str:
    return f"# There is no curl command for this case: {why}. The Python snippet does it.\n"


def _place_remarks(scene: Scene) -> tuple[str, ...]:
    if scene.url:
        return ()
    world = ", with --config and the [world] of this run" if scene.table else ""
    return (f"First, in another terminal: botoproof serve --port {_SERVED.rpartition(':')[2]}{world}",)


def _endpoint(scene: Scene) -> str:
    return shlex.quote(scene.url) if scene.url else f"${{ENDPOINT:-{_SERVED}}}"


def _request(exchange: Exchange) -> _Sent | None:
    signing = exchange.case.signing
    match exchange.case.sent:
        case Form(pairs=pairs, method="GET"):
            query, remarks = _sorted_query(pairs)
            return _Sent(None, query=query, signing=signing, remarks=remarks)
        case Form(pairs=pairs, query=query_pairs):
            query, remarks = _sorted_query(query_pairs)
            return _Sent(write_form(pairs), query=query, signing=signing, remarks=remarks)
        case Raw(body=body, content_type=content_type):
            return _Sent(body, content_type, signing=signing)
        case _ if exchange.interaction is not None:
            request = exchange.interaction.request
            return _Sent(request.body, request.header("content-type") or "", request.query)
        case _:
            return None


def _sorted_query(pairs: Pairs) -> tuple[str, tuple[str, ...]]:
    # curl before 8 signs the query string as it stands, while the signature is defined over the sorted one.
    parts = [write_form([pair], plus=False).decode("ascii") for pair in pairs]
    ordered = sorted(parts)
    remarks = ("The query is sorted, as curl before version 8 does not sort it for the signature.",)
    return "&".join(ordered), remarks if ordered != parts else ()


def _command(sent: _Sent, names: Mapping[str, str], scene: Scene, *, options: str = "") -> str:
    always = f"curl --silent --show-error --max-time {scene.time_limit:g}"
    parts = [f"{always} {options}".rstrip(), _authentication(sent, scene)]
    feeding = ""
    if sent.body is not None:
        header = f"Content-Type: {sent.content_type}" if sent.content_type else "Content-Type:"
        parts.append(f"--header {shlex.quote(header)}")
        if _EASY.fullmatch(sent.body):
            parts.append(f"--data-binary {_word(sent.body.decode('ascii'), names)}")
        else:
            feeding = _feeding(sent.body, names)
            parts.append("--data-binary @-")
    suffix = _word(f"?{sent.query}", names) if sent.query else ""
    parts.append(f'"$endpoint/"{suffix}')
    return feeding + " \\\n  ".join(part for part in parts if part)


def _feeding(body: bytes, names: Mapping[str, str]) -> str:
    """Return what writes a body to a pipe that has bytes that no command line holds, or too many."""
    found = {text: f"sys.argv[{number}]" for number, text in enumerate(names, 1)}
    program = f"import sys; sys.stdout.buffer.write({literal(body, names=found)})"
    given = "".join(f' "${name}"' for name in names.values())
    return f"python3 -c {shlex.quote(program)}{given} | "


def _word(text: str, names: Mapping[str, str]) -> str:
    """Return text in single quotes, with the shell's variables for the ids in `names`."""
    if not names:
        return f"'{text}'"
    pattern = "|".join(map(re.escape, names))
    word = "'" + re.sub(pattern, lambda match: f"'\"${names[match[0]]}\"'", text) + "'"
    return word if word == "''" else word.removesuffix("''")


def _authentication(sent: _Sent, scene: Scene) -> str:
    if sent.signing.key == "none":
        return ""
    other = {"unknown": UNKNOWN_KEY, **scene.accounts}.get(sent.signing.key)
    if other is not None:
        user = shlex.quote(f"{other.access_key_id}:{other.secret_access_key}")
    elif scene.published:
        user = shlex.quote(f"{EXAMPLE_KEY.access_key_id}:{EXAMPLE_KEY.secret_access_key}")
    else:
        user = '"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
    return f"--aws-sigv4 {shlex.quote(f'aws:amz:{scene.scope.region}:{scene.scope.service}')} --user {user}"


def _prepare(step: Step, names: Mapping[str, str], variable: str, scene: Scene) -> str:
    body = write_form(write_request(scene.operations[step.operation], step.parameters))
    command = _command(_Sent(body), names, scene)
    if not step.member:
        return f"{command} >/dev/null"
    return f"{variable}=$({command} | sed -n 's:.*<{step.member}>\\([^<]*\\)</{step.member}>.*:\\1:p')"
