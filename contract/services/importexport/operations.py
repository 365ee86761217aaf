"""Which operations a rule is for, by what they have in common."""

from __future__ import annotations

CREATE = frozenset({"CreateJob"})
UPDATE = frozenset({"UpdateJob"})
CANCEL = frozenset({"CancelJob"})
GET_STATUS = frozenset({"GetStatus"})
LIST = frozenset({"ListJobs"})
LABEL = frozenset({"GetShippingLabel"})
WRITES = CREATE | UPDATE
BY_ID = UPDATE | CANCEL | GET_STATUS
ALL = WRITES | BY_ID | LABEL | LIST
