"""Where an alliance stands on a day: what was promised, what happened, what is late, what comes next."""

from renkei.status.status import Status, status

__all__ = ["Status", "status"]
