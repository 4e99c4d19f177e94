"""Critical paths: the chain of starts, gates, durations and waits that made the date of each milestone of a future."""

from renkei.outcome.paths.link import Link
from renkei.outcome.paths.milestones import critical_paths
from renkei.outcome.paths.tables import gates_table, paths_table

__all__ = ["Link", "critical_paths", "gates_table", "paths_table"]
