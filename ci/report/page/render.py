"""Pages made of templates: one file, whose policy lets nothing run or load but what it brings itself."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import metadata, resources

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from ..messages import visible
from .conformance import Conformance
from .faults import Faults
from .upgrade import Upgrade


@cache
def _file(name: str) -> str:
    return resources.files(__package__ or "").joinpath(name).read_text("utf-8")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_file),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    environment.globals |= {
        "style": Markup(_file("page.css")),  # noqa: S704 - our own file
        "script": Markup(_file("page.js")),  # noqa: S704 - our own file
        "policy": _policy(),
        "version": metadata.version("botoproof"),
    }
    return environment


def _policy() -> str:
    """Return the Content-Security-Policy: our one style and our one script, by their hashes, and nothing else."""
    hashes = {name: _hash(_file(file)) for name, file in (("style", "page.css"), ("script", "page.js"))}
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{hashes['style']}'",
            f"script-src '{hashes['script']}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}"


def conformance_page(page: Conformance) -> str:
    """Return the page of runs as HTML."""
    return _rendered("conformance.html", page)


def faults_page(page: Faults) -> str:
    """Return the page of tests under faults as HTML."""
    return _rendered("faults.html", page)


def upgrade_page(page: Upgrade) -> str:
    """Return the page of upgrades as HTML."""
    return _rendered("upgrade.html", page)


def _rendered(template: str, page: Conformance | Faults | Upgrade) -> str:
    # The island was made so that nothing in it ends the element in which it stands.
    island = Markup(page.island)  # noqa: S704
    return _environment().get_template(template).render(page=page, island=island)
