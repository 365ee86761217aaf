"""AWS Import/Export (API 2010-06-01): its world, manifests, rules, provider states and executable endpoint."""

from .specification import SPECIFICATION, ImportExport, default_world
from .world import World

__all__ = ["SPECIFICATION", "ImportExport", "World", "default_world"]
