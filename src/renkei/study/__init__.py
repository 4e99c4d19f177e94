"""Many futures of one alliance: how surely, how soon, and what holds it back."""

from renkei.study.run import study
from renkei.study.study import Study

__all__ = ["Study", "study"]
