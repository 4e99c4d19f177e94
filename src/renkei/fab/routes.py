"""Routes: the ordered steps of a product through the fab."""

from __future__ import annotations

from typing import Literal

from renkei.fab.row import Distribution, Minutes, Percent, Positive, Row, Wafers


class Step(Row):
    """One step of a route; the columns of `routes.csv`, times in minutes, batches in wafers."""

    route: str
    step: Positive
    name: str = ""
    module: str = ""
    layer: str = ""
    tool_group: str
    recipe: str = ""
    distribution: Distribution = "constant"
    process: Minutes
    spread: Minutes = 0.0
    per: Literal["lot", "wafer", "batch"] = "lot"
    process_wafers: Wafers | None = None
    interval: Minutes | None = None
    interval_per: Literal["wafer", "lot"] = "wafer"
    batch_min: Positive | None = None
    batch_max: Positive | None = None
    setup: str = ""
    setup_when: Literal["need", "always"] = "need"
    setup_time: Minutes | None = None
    """Mean; None: that of the fab's setup changes."""
    setup_distribution: Distribution = "constant"
    setup_spread: Minutes = 0.0
    dedicate_step: Positive | None = None
    sampling_percent: Percent = 100.0
    rework_step: Positive | None = None
    rework_percent: Percent = 0.0
    scrap_percent: Percent = 0.0
    queue_limit_step: Positive | None = None
    queue_limit: Minutes | None = None
    hold_percent: Percent = 0.0
    hold_floor_percent: Percent = 0.0
    hold_passes: Minutes = 10.0
    hold_distribution: Distribution = "exponential"
    hold_time: Minutes = 1440.0
    hold_spread: Minutes = 0.0
