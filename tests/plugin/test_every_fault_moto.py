"""The mark every_fault where moto is the world: services of four protocols, which no codec of ours reads."""

from __future__ import annotations

import importlib
import re

# Loaded here, since a run in this process throws away what it was the first to import.
import boto3  # noqa: F401
import botoproof.ci.conforming
import botoproof.ci.plugin.every_fault_run  # noqa: F401
import pytest

from .run import Run

HEADING = """
import boto3, pytest
from botocore.exceptions import BotoCoreError, ClientError
from moto import mock_aws

class Unknown(Exception):
    pass

def knowing(call, **arguments):
    try:
        return call(**arguments)
    except Exception as wrong:
        raise Unknown from wrong

def textbook(call, **arguments):
    try:
        return call(**arguments)
    except (ClientError, BotoCoreError) as wrong:
        raise Unknown from wrong

@pytest.fixture(autouse=True)
def world():
    with mock_aws():
        yield

def client(service, attempts=1):
    return boto3.client(
        service, "us-east-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="example",
        config=boto3.session.Config(retries={"total_max_attempts": attempts}),
    )
"""
CALLS = {
    "sqs.SendMessage": "queue = made.create_queue(QueueName='q')['QueueUrl']; "
    "HOW(made.send_message, QueueUrl=queue, MessageBody='m')",
    "dynamodb.PutItem": "made.create_table(TableName='t', BillingMode='PAY_PER_REQUEST', "
    "KeySchema=[dict(AttributeName='k', KeyType='HASH')], "
    "AttributeDefinitions=[dict(AttributeName='k', AttributeType='S')]); "
    "HOW(made.put_item, TableName='t', Item={'k': {'S': 'v'}})",
    "s3.PutObject": "made.create_bucket(Bucket='my-bucket'); "
    "HOW(made.put_object, Bucket='my-bucket', Key='k', Body=b'v')",
    "iam.CreateUser": "HOW(made.create_user, UserName='u')",
}


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Load what takes moto its time, once; only where a test of it is run."""
    importlib.import_module("moto.sqs.models")


def suite(pytester: pytest.Pytester, operation: str, how: str, *, attempts: int = 1) -> None:
    """Write a test of one call, of code that calls in a certain way."""
    body = CALLS[operation].replace("HOW", how)
    pytester.makepyfile(
        test_it=f"{HEADING}\n@pytest.mark.every_fault({operation!r}, survives=[Unknown])\ndef test_it():\n"
        f"    made = client({operation.partition('.')[0]!r}, {attempts})\n    {body}\n"
    )


def figures(result: pytest.RunResult) -> tuple[int, int, int]:
    """Return how many faults there were, how many were survived, and how many were not."""
    (found,) = re.findall(r"1 call, (\d+) faults: (\d+) survived, (\d+) NOT", result.stdout.str())
    return int(found[0]), int(found[1]), int(found[2])


@pytest.mark.slow
def test_code_that_knows_what_it_does_not_know_survives_there_too(pytester: pytest.Pytester, run: Run) -> None:
    suite(pytester, "sqs.SendMessage", "knowing")

    result = run("-W", "default", "--faults=smoke")

    assert result.ret == 0
    assert figures(result) == (7, 7, 0)


@pytest.mark.slow
@pytest.mark.parametrize("operation", CALLS)
def test_it_survives_every_documented_error_and_all_else_that_can_be_told_apart(
    pytester: pytest.Pytester, run: Run, operation: str
) -> None:
    suite(pytester, operation, "knowing")

    result = run("-W", "default", "-v", "--faults=ci")

    assert result.ret == 0
    faults, survived, _ = figures(result)
    inert = result.stdout.str().count(" SKIPPED")  # S3 answers PutObject with nothing, of which nothing can be cut
    assert faults > 20
    assert survived == faults - inert
    assert inert == 0 or operation == "s3.PutObject"
    assert re.search(r"ok   (\d+) of \1 documented errors", result.stdout.str())


@pytest.mark.slow
def test_textbook_code_lets_a_cut_reply_escape(pytester: pytest.Pytester, run: Run) -> None:
    suite(pytester, "iam.CreateUser", "textbook")

    result = run("-W", "default", "--fault=CreateUser#0:close.mid_body:always")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*[[]fault-escaped]*"])


def test_a_message_whose_answer_is_lost_is_in_the_queue_twice(pytester: pytest.Pytester, run: Run) -> None:
    suite(pytester, "sqs.SendMessage", "knowing", attempts=3)

    result = run("-W", "default", "--fault=SendMessage#0:response_lost:once")

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*[[]fault-effect-duplicated]*", "*service: 200; client: ConnectionClosedError*"])


def test_a_documented_error_is_raised_as_its_class(pytester: pytest.Pytester, run: Run) -> None:
    suite(pytester, "sqs.SendMessage", "bare")
    path = pytester.path / "test_it.py"
    bare = (
        "def bare(call, **arguments):\n    made = call.__self__\n    try:\n        return call(**arguments)\n"
        "    except made.exceptions.QueueDoesNotExist as wrong:\n        raise Unknown from wrong\n"
    )
    path.write_text(path.read_text("utf-8").replace("def textbook", f"{bare}\ndef textbook"), "utf-8")

    run("-W", "default", "--fault=SendMessage#0:error(QueueDoesNotExist):always").assert_outcomes(passed=2)


@pytest.mark.slow
def test_replies_of_a_query_service_are_held_to_the_contract_and_others_counted(
    pytester: pytest.Pytester, run: Run
) -> None:
    lines = [CALLS[name].replace("HOW", "knowing") for name in ("iam.CreateUser", "sqs.SendMessage")]
    pytester.makepyfile(
        test_it=f"{HEADING}\ndef test_it():\n    made = client('iam')\n    {lines[0]}\n"
        f"    made = client('sqs')\n    {lines[1]}\n"
    )

    result = run("-W", "default", "--botoproof-conforms=warn")

    result.stdout.fnmatch_lines(["1 reply of 1 test held to the contract: *", "not judged: 2 sqs (json); *"])
