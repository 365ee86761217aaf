"""All rules of the service, in the order in which the embedded endpoint answers.

The order is a design choice: no page documents one. Only "not well-formed comes before what is missing from the
manifest" has been observed (a live test got MalformedManifestException for a text that lacks every option too).
"""

from __future__ import annotations

from functools import cache

from ...rule import Rule
from .address_rules import ADDRESS_RULES
from .bucket_rules import BUCKET_RULES
from .customs_rules import CUSTOMS_RULES
from .facts import Facts
from .form_rules import FORM_RULES
from .job_rules import JOB_RULES
from .label_rules import LABEL_RULES
from .manifest_rules import REQUIRED_RULES, VALUE_RULES
from .parameter_rules import PARAMETER_RULES
from .signature_rules import SIGNATURE_RULES

RULES: tuple[Rule[Facts], ...] = (
    *SIGNATURE_RULES,
    *PARAMETER_RULES,
    *JOB_RULES,
    *LABEL_RULES,
    *FORM_RULES,
    *REQUIRED_RULES,
    *VALUE_RULES,
    *ADDRESS_RULES,
    *CUSTOMS_RULES,
    *BUCKET_RULES,
)


@cache
def rules_of(operation: str) -> tuple[Rule[Facts], ...]:
    """Return the rules that apply to an operation."""
    return tuple(rule for rule in RULES if operation in rule.operations)
