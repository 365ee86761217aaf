"""Python that carries a program out again: a boto3 snippet, and a test that fails for as long as a finding is there."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from botocore import xform_name

from ...contract.case import Call, Case, reference
from ...contract.finding import Finding
from ...contract.program import Program, Step
from .scene import Scene
from .snippets import (
    ONE_ATTEMPT,
    case_source,
    client_source,
    embedded_source,
    replay_imports,
    replay_source,
    step_source,
    variable_of,
    with_datetime,
)
from .source import NotWritable, joined, literal

_INDENT = "    "
_TELLING = """

def tell(call, **parameters):
    try:
        reply = call(**parameters)
    except (BotoCoreError, ClientError) as wrong:
        reply = {"error": repr(wrong)}
    reply.pop("ResponseMetadata", None)
    print(call.__name__, reply)
    return reply
"""
_PAGING = """

def tell_pages(client, operation, **parameters):
    for page in client.get_paginator(operation).paginate(**parameters):
        page.pop("ResponseMetadata", None)
        print(operation, page)
"""


def program_snippet(finding: Finding, program: Program, scene: Scene) -> str:
    """Return a program of boto3 calls, whose last call shows the finding; what it made is disposed of in the end.

    Raises:
        NotWritable: It sends what the SDK cannot send, or parameters that have no source.
    """
    states = sorted(program.references())
    names = {reference(name): variable_of(name) for name in (*states, *program.makes)}
    lines = [line for number in range(len(program.steps)) for line in _step(finding, program, number, names, scene)]
    is_together = any(step.together for step in program.steps)
    body = [*_states(states, scene), "made = []", "try:", *_indented(lines), "finally:"]
    body += _indented(["for resource in made:", f"{_INDENT}{_cleaning(scene)}", *_disposing(states, scene)])
    imports = "from concurrent.futures import ThreadPoolExecutor\n\n" if is_together else ""
    functions = _TELLING + (_PAGING if any(step.paged for step in program.steps) else "")
    clients = ("client", "other_client") if is_together else ("client",)
    if scene.url:
        imports += "import boto3\nfrom botocore.config import Config\n"
        imports += "from botocore.exceptions import BotoCoreError, ClientError\n"
        made = "".join(client_source(scene, variable) for variable in clients)
        return with_datetime(f"{imports}{functions}\n\n{made}{_joined(body)}")
    more, opening = embedded_source(scene)
    body = [*(f"{variable} = endpoint.client({ONE_ATTEMPT})" for variable in clients), *body]
    return with_datetime(f"{imports}{more}{functions}\n\nwith {opening} as endpoint:\n{_joined(_indented(body))}")


def _states(states: list[str], scene: Scene) -> Iterator[str]:
    for state in states:
        variable, found = variable_of(state), scene.states[state]
        if not scene.url:
            yield f"{variable} = endpoint.job({literal(state)})"
        elif state in scene.given:
            yield f"{variable} = {literal(found)}"
        else:
            yield from (step_source(step, {found: variable}, variable) for step in scene.making(state))


def _disposing(states: list[str], scene: Scene) -> Iterator[str]:
    for state in states if scene.url else ():
        step = None if state in scene.given else scene.disposing(state)
        if step is not None:
            yield step_source(step, {scene.states[state]: variable_of(state)}, "")


def _cleaning(scene: Scene) -> str:
    operation, parameters = scene.specification.clean_up("~resource~")
    return _called("tell", [f"client.{xform_name(operation)}"], parameters, {"~resource~": "resource"})


def _step(finding: Finding, program: Program, number: int, names: Mapping[str, str], scene: Scene) -> Iterator[str]:
    step = program.steps[number]
    shown = [f"# Here it shows: {finding.kind.title}."] if number == len(program.steps) - 1 else []
    if step.together:
        yield from (*shown, "with ThreadPoolExecutor() as at_once:")
        for place, case in enumerate(step.cases):
            client = "client" if place == 0 else "other_client"
            method = f"{client}.{xform_name(case.operation)}"
            submitted = _called("at_once.submit", ["tell", method], _parameters(case), names, indent=_INDENT)
            yield f"{_INDENT}{submitted}"
        return
    for place, case in enumerate(step.cases):
        is_end = place == len(step.cases) - 1
        method = xform_name(case.operation)
        call = _called("tell", [f"client.{method}"], _parameters(case), names)
        yield from shown if is_end else ()
        if step.makes and place == 0:
            yield f"{variable_of(step.makes)} = {call}[{literal(scene.id_member(case.operation))}]"
            yield f"made.append({variable_of(step.makes)})"
        elif step.paged and is_end:
            yield _called("tell_pages", ["client", literal(method)], _parameters(case), names)
        else:
            yield call


def _called(
    function: str, first: list[str], parameters: Mapping[str, object], names: Mapping[str, str], *, indent: str = ""
) -> str:
    named = [f"{name}={literal(value, indent=indent + _INDENT, names=names)}" for name, value in parameters.items()]
    return joined(f"{function}(", [*first, *named], ")", indent)


def _parameters(case: Case) -> Mapping[str, object]:
    if not isinstance(case.sent, Call):
        raise NotWritable("a program of boto3 calls has no place for what boto3 cannot send")
    return case.sent.parameters


def _indented(lines: list[str]) -> list[str]:
    return [textwrap.indent(line, _INDENT) for line in lines]


def _joined(lines: list[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def program_test(finding: Finding, program: Program, scene: Scene) -> str:
    """Return a test that fails for as long as anything that the program meets departs from the contract.

    Raises:
        NotWritable: A case has no source.
    """
    imported: set[str] = set()
    steps: list[str] = []
    for step in program.steps:
        names, source = _step_source(step)
        imported |= names
        steps.append(textwrap.indent(f"{source},\n", _INDENT * 2))
    imports = replay_imports(scene, sorted(imported), more="from botoproof.contract.program import Program, Step\n")
    return with_datetime(
        f"{imports}\nPROGRAM = Program(\n{_INDENT}(\n{''.join(steps)}{_INDENT})\n)\n\n\n"
        f"def test_{finding.kind.check}() -> None:\n"
        f'{_INDENT}"""Not so when this was written: {finding.kind.title} [{finding.kind.code}]."""\n'
        f"{_INDENT}with {replay_source(finding, scene)} as replay:\n"
        f"{_INDENT * 2}replay.require_program(PROGRAM)\n"
    )


def _step_source(step: Step) -> tuple[set[str], str]:
    imported: set[str] = set()
    cases: list[str] = []
    for case in step.cases:
        names, source = case_source(case)
        imported |= {*names}
        cases.append(textwrap.indent(f"{source},\n", _INDENT * 2))
    options = f"{_INDENT}makes={literal(step.makes)},\n" if step.makes else ""
    options += f"{_INDENT}together=True,\n" if step.together else ""
    options += f"{_INDENT}paged=True,\n" if step.paged else ""
    return imported, f"Step(\n{_INDENT}(\n{''.join(cases)}{_INDENT}),\n{options})"
