"""What a run is about and what it is sent to, from what its user wrote: names, options, a configuration."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError

from ..contract.adapters.http import TIME_LIMIT
from ..contract.adapters.models import read_model, read_operation
from ..contract.adapters.sdk import find_credential, make_session
from ..contract.codec.signature import EXAMPLE_KEY, Credential
from ..contract.errors import BadConfiguration, UnknownOperation, UnknownService, close_names
from ..contract.services import find_specification, specified_services
from ..contract.specification import Specification
from .campaign.targets import Target, embedded_target, url_target, usable_host
from .configuration import Configuration

EMBEDDED = "embedded"
_RECORDINGS = "cassette"
_KNOWN = f"{EMBEDDED!r}, an http:// or https:// URL or, for `botoproof run`, {_RECORDINGS}:PATH"


def choose_subjects(
    names: Sequence[str], configured: str | None, *, to: str = "run"
) -> tuple[Specification, tuple[str, ...]]:
    """Return the service that a run is about, and the operations that are its subjects.

    Args:
        names: ``service`` or ``service.Operation``, as written; all of one service.
        configured: The service that the configuration names.
        to: What is done with them, for who names none.

    Raises:
        UnknownService: The installed botocore has no such service.
        UnknownOperation: The service has no such operation, or it cannot be a subject.
        NoSpecification: There is no oracle for the service.
        BadConfiguration: Nothing is named, or several services are.
    """
    pairs = [_split(name) for name in names] or ([(configured, "")] if configured else [])
    if not pairs:
        known = ", ".join(_subjects())
        raise BadConfiguration(f"name what to {to}: a service or a service.Operation, e.g. {known}")
    services = sorted({service for service, _ in pairs})
    for service in services:
        _require_service(service)
    if len(services) > 1:
        raise BadConfiguration(f"one run is about one service, and {' and '.join(services)} are named")
    if configured and configured != services[0]:
        raise BadConfiguration(f"{services[0]} is named, but the configuration is for {configured!r}")
    specification = find_specification(services[0])
    for _, operation in pairs:
        _require_subject(specification, operation)
    chosen = {operation for _, operation in pairs}
    every = "" in chosen
    return specification, tuple(name for name in specification.subjects if every or name in chosen)


def choose_ruled(name: str) -> tuple[Specification, str]:
    """Return the specification and the operation whose rules are asked for.

    Args:
        name: ``service.Operation``, as written.

    Raises:
        UnknownService: The installed botocore has no such service.
        UnknownOperation: The service has no such operation, or there are no rules for it.
        NoSpecification: There are no rules for the service at all.
        BadConfiguration: No operation is named.
    """
    service, operation = _split(name)
    _require_service(service)
    specification = find_specification(service)
    known = [f"{service}.{ruled}" for ruled in specification.operations]
    if not operation:
        raise BadConfiguration(f"{name!r} names no operation; {close_names(f'{name}.', known)}")
    if operation not in specification.operations:
        read_operation(service, operation)
        raise UnknownOperation(f"botoproof has no rules for {name}; {close_names(name, known)}")
    return specification, operation


def _split(name: str) -> tuple[str, str]:
    service, dot, operation = name.partition(".")
    if dot and not operation:
        raise BadConfiguration(f"{name!r} names no operation after the dot")
    return service, operation


def _subjects() -> list[str]:
    return [f"{service}.{name}" for service in specified_services() for name in find_specification(service).subjects]


def _require_service(service: str) -> None:
    if service in specified_services():
        return
    try:
        read_model(service)
    except UnknownService:
        # Somebody who forgets the service is served better by the full name than by a service that sounds alike.
        full = [subject for subject in _subjects() if subject.partition(".")[2].casefold() == service.casefold()]
        if full:
            raise UnknownService(f"{service!r} is no service; {close_names(full[0], full)}") from None
        raise
    find_specification(service)


def _require_subject(specification: Specification, operation: str) -> None:
    if not operation or operation in specification.subjects:
        return
    read_operation(specification.service, operation)
    raise UnknownOperation(
        f"botoproof has no table of probes for {specification.service}.{operation}, so it cannot be run on its own; "
        f"{close_names(operation, specification.subjects)}"
    )


def require_target(place: str) -> None:
    """Check that a target can be one, without reaching for it.

    Args:
        place: ``embedded`` or a URL.

    Raises:
        BadConfiguration: It cannot.
    """
    if not place.strip():
        raise BadConfiguration(f"the target is empty; it must be {_KNOWN}")
    if place == EMBEDDED:
        return
    if place.startswith(f"{_RECORDINGS}:"):
        raise BadConfiguration(f"recordings are a target of `botoproof run --target` only, got {place!r}")
    if "://" not in place:
        raise BadConfiguration(f"the target must be {_KNOWN}, got {place!r}; {_meant(place)}")
    usable_host(place)


def choose_target(
    specification: Specification,
    configuration: Configuration,
    *,
    wish: str | None = None,
    time_limit: float | None = None,
    rate: float | None = None,
    allow_writes: bool = False,
) -> Target:
    """Return the target of a run.

    Args:
        specification: Of the service.
        configuration: Its endpoint is the target, unless there is a wish.
        wish: ``embedded`` or a URL.
        time_limit: Seconds for a reply; else the configuration's.
        rate: Requests a second at most, to a URL; else the configuration's.
        allow_writes: Send what could change something to a host of Amazon's too.

    Raises:
        BadConfiguration: The target cannot be used, or there are no credentials for it.
    """
    place = (configuration.endpoint or EMBEDDED) if wish is None else wish
    require_target(place)  # before anything is said about credentials for it
    seconds = time_limit or configuration.time_limit or TIME_LIMIT
    if place == EMBEDDED:
        credential = configuration.credential or EXAMPLE_KEY
        accounts = {**specification.accounts, **configuration.accounts}
        world = configuration.world_of(specification, credential, accounts)
        return embedded_target(specification, world, credential, time_limit=seconds, accounts=accounts)
    region = configuration.region
    found = configuration.credential or _chain_credential(place, region or specification.scope.region)
    return url_target(
        specification,
        configuration.world_of(specification, found, configuration.accounts),
        found,
        place,
        region=region,
        time_limit=seconds,
        rate=rate or configuration.rate,
        allow_writes=allow_writes,
        world_assumed=not configuration.world,
        accounts=configuration.accounts,
    )


def endpoint_variables(service: str) -> tuple[str, str]:
    """Return the environment variables by which the SDKs take an endpoint: the service's own, and that for all."""
    own = str(read_model(service).service_id).replace(" ", "_").replace("-", "_").upper()
    return f"AWS_ENDPOINT_URL_{own}", "AWS_ENDPOINT_URL"


def _meant(place: str) -> str:
    kind, colon, path = place.partition(":")
    if colon and not path.isdecimal() and difflib.get_close_matches(kind.casefold(), [_RECORDINGS]):
        return f"did you mean {_RECORDINGS}:{path}?"
    if colon or "." in place or place == "localhost":
        return f"did you mean http://{place}?"
    return close_names(place, [EMBEDDED, f"{_RECORDINGS}:PATH"])


def _chain_credential(url: str, region: str) -> Credential:
    try:
        found = find_credential(make_session(None, region))
    except BotoCoreError as wrong:
        raise BadConfiguration(f"the AWS settings of this machine cannot be used: {wrong}") from None
    if found is None:
        raise BadConfiguration(
            f"there are no credentials for {url}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, choose an AWS "
            "profile, or write [credentials] into botoproof.toml"
        )
    return found
