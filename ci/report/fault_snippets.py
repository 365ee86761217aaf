"""Python that lets a fault strike again: the call of a finding, on an embedded endpoint, with its timeline."""

from __future__ import annotations

import textwrap

from botocore import xform_name

from ...contract.case import Call, Case, reference
from .scene import Scene
from .snippets import embedded_source, variable_of, with_datetime
from .source import NotWritable, arguments, literal

_INDENT = "    "
STRUCK = "# There is none for this finding: a fault strikes inside the process. The Python snippet does it.\n"
_OBSERVING = """\
with inject(client, {plan}) as injection:
    try:
        print({call})
    except Exception as wrong:
        print(repr(wrong))
print(timeline(injection.calls()))
"""


def fault_snippet(case: Case, scene: Scene) -> str:
    """Return a snippet that makes the case's call while its plan is at work.

    Args:
        case: A call through the SDK, with a plan.
        scene: Where it was made.

    Raises:
        NotWritable: The parameters have no source.
    """
    if not isinstance(case.sent, Call):
        raise NotWritable("faults strike calls through the SDK")
    states = sorted(case.references())
    names = {reference(state): variable_of(state) for state in states}
    call = f"client.{xform_name(case.operation)}{arguments(case.sent.parameters, names=names)}"
    imports, opening = embedded_source(scene)
    lines = ["client = endpoint.client()\n"]
    lines += [f"{variable_of(state)} = endpoint.job({literal(state)})\n" for state in states]
    struck = _OBSERVING.format(plan=literal(case.plan), call=textwrap.indent(call, _INDENT * 2).strip())
    body = textwrap.indent("".join(lines) + struck, _INDENT)
    imports = imports.partition("\n\n")[2]
    imports += "from botoproof.contract.adapters.hook import inject\n"
    imports += "from botoproof.contract.faults.journal import timeline\n"
    return with_datetime(f"{imports}\nwith {opening} as endpoint:\n{body}")
