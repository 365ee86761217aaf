"""Benches in the dossier's world, in both eras."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from botoproof.contract.codec.signature import sign_v4
from botoproof.contract.services.importexport.endpoint import Endpoint
from botoproof.contract.services.importexport.world import Era, World

from .bench import OPERATIONS, OWN, SCOPE, Bench, Wire, as_data, as_response, the_world


@pytest.fixture(scope="session")
def wire() -> Wire:
    """One real client for the session: making one costs more than a hundred calls."""
    session = boto3.Session(OWN.access_key_id, OWN.secret_access_key, region_name="us-east-1")
    wire = Wire(session.client("importexport", config=Config(retries={"total_max_attempts": 1})))

    def send(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        assert wire.answer is not None
        return as_response(request.url, wire.answer(as_data(request)))

    wire.client.meta.events.register_first("before-send.importexport", send)
    return wire


@pytest.fixture
def make_bench(wire: Wire) -> Callable[[World], Bench]:
    """Makes a bench for a world; boto3's requests are signed anew, at the bench's own time."""

    def make(world: World) -> Bench:
        bench = Bench(Endpoint(world, OPERATIONS), wire.client)
        wire.answer = lambda request: bench.answer(sign_v4(request, OWN, SCOPE, bench.now))
        return bench

    return make


@pytest.fixture
def world() -> World:
    """The world of the dossier's truth table."""
    return the_world()


@pytest.fixture
def bench(make_bench: Callable[[World], Bench], world: World) -> Bench:
    """A bench in the dossier's world, era of 2014."""
    return make_bench(world)


@pytest.fixture
def old_bench(make_bench: Callable[[World], Bench], world: World) -> Bench:
    """A bench in the dossier's world, era of 2010."""
    return make_bench(replace(world, era=Era.A))
