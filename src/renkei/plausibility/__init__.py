"""Is what an alliance declares plausible? Each judgement names its yardstick and where that is from."""

from renkei.plausibility.judgement import Judgement
from renkei.plausibility.judging import JUDGES, judged

__all__ = ["JUDGES", "Judgement", "judged"]
