"""A project whose code calls AWS, for tests of the mark every_fault."""

from __future__ import annotations

# Loaded here, since a run in this process throws away what it was the first to import.
import botoproof.ci.plugin.every_fault_run
import botoproof.ci.report.kinds
import botoproof.ci.report.page.render  # noqa: F401
import pytest

SHIPPING = '''
import time

import botocore.exceptions
import botocore.parsers

MANIFEST = """manifestVersion: 2.0
generator: contract-kit
deviceId: CK-0001
eraseDevice: yes
notificationEmail: john.doe@example.com
bucket: my-import
returnAddress:
  name: Jane Roe
  company: Example Corp.
  street1: 123 Any Street
  city: Anytown
  stateOrProvince: WA
  postalCode: 91011-1111
  phoneNumber: 206-555-1111
  country: USA
"""


class RerouteRefused(Exception):
    pass


class OutcomeUnknown(Exception):
    pass


def update(client, job):
    reply = client.update_job(JobId=job, Manifest=MANIFEST, JobType="Import", ValidateOnly=False)
    return reply["Success"]


def textbook(client, job):
    try:
        return update(client, job)
    except (botocore.exceptions.ClientError, botocore.exceptions.BotoCoreError) as wrong:
        raise RerouteRefused(job) from wrong


def mended(client, job):
    try:
        return update(client, job)
    except botocore.exceptions.ClientError as wrong:
        if wrong.response["ResponseMetadata"]["HTTPStatusCode"] >= 500:
            raise OutcomeUnknown(job) from wrong
        raise RerouteRefused(job) from wrong
    except (
        botocore.exceptions.EndpointConnectionError,
        botocore.exceptions.ConnectTimeoutError,
        botocore.exceptions.SSLError,
    ) as wrong:
        raise RerouteRefused(job) from wrong
    except Exception as wrong:
        raise OutcomeUnknown(job) from wrong


def swallowing(client, job):
    try:
        return update(client, job)
    except Exception:
        return True


def stubborn(client, job):
    while True:
        try:
            return update(client, job)
        except Exception:
            pass


def asking(client, job):
    try:
        return update(client, job)
    except Exception:
        return client.get_status(JobId=job)["JobId"] == job
'''


BOTH = '"importexport.UpdateJob", survives=[RerouteRefused, OutcomeUnknown]'
MENDED = "assert mended(endpoint.client(), job) is True"
TEXTBOOK = "assert textbook(endpoint.client(), job) is True"
TWO_CALLS = "assert mended(endpoint.client(), job) and endpoint.client().list_jobs()"
NEVER_AGAIN = "retries=dict(total_max_attempts=1)"
"""Of a client that leaves trying again to its caller."""


class Faulty:
    """A project with a module `shipping` and a test of it."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        pytester.makepyfile(shipping=SHIPPING)

    def write(self, mark: str, *lines: str, before: str = "", after: str = "") -> None:
        """Write one test; `lines` are what it does with `endpoint` and `job`, a pending one."""
        body = "".join(f"    {line}\n" for line in lines)
        self.pytester.makepyfile(
            test_ship=f"import pytest\nfrom shipping import *\n\n{before}\n"
            f"@pytest.mark.every_fault({mark})\ndef test_it(botoproof_endpoint, faults):\n"
            f"    endpoint = botoproof_endpoint\n    job = endpoint.job('pending')\n{body}\n{after}"
        )

    def write_several(self, tests: list[tuple[str, str]]) -> None:
        """Write a test for each pair of a mark and a line."""
        functions = "".join(
            f"@pytest.mark.every_fault({mark})\ndef test_{number:02}(botoproof_endpoint, faults):\n"
            f"    endpoint = botoproof_endpoint\n    job = endpoint.job('pending')\n    {line}\n\n"
            for number, (mark, line) in enumerate(tests)
        )
        self.pytester.makepyfile(test_ship=f"import contextlib, pytest\nfrom shipping import *\n\n{functions}")

    def run(self, *arguments: str, cache: bool = False) -> pytest.RunResult:
        """Run it, as in a project that has botoproof installed."""
        without = () if cache else ("-p", "no:cacheprovider")
        return self.pytester.runpytest_inprocess("-p", "no:randomly", *without, *arguments)


@pytest.fixture
def faulty(pytester: pytest.Pytester) -> Faulty:
    return Faulty(pytester)
