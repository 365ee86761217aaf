"""How a finding about botocore's parser is seen again: botocore alone, and the bytes of the reply."""

from __future__ import annotations

from ...contract.case import Case
from ...contract.interaction import Reply
from ...contract.model import Operation
from .source import literal

NOT_SENT = "# No request shows it: the reply is of botoproof's own making, and only botocore's parser takes part.\n"


def parser_snippet(operation: Operation, case: Case, reply: Reply) -> str:
    """Return a snippet that hands `reply` to botocore's parser, and shows what a client makes of it.

    Args:
        operation: What the reply answers.
        case: Which it is the reply of.
        reply: For the parser.
    """
    headers = literal(dict(reply.headers), indent="    ")
    return (
        "from botocore.parsers import create_parser\n"
        "from botocore.session import get_session\n\n"
        f"# {case.label}\n"
        "response = {\n"
        f'    "status_code": {reply.status},\n'
        f'    "headers": {headers},\n'
        f'    "body": {literal(reply.body, indent="    ")},\n'
        '    "context": {},\n'
        "}\n"
        f"model = get_session().get_service_model({literal(operation.service)})\n"
        f"shape = model.operation_model({literal(operation.name)}).output_shape\n"
        f"print(create_parser({literal(operation.protocol)}).parse(response, shape))\n"
    )
