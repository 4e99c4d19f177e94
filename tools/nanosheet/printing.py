"""The command that writes fabs and prints their plans."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from nanosheet import plan
from nanosheet.fab import LogicFab, design
from nanosheet.families import FAMILIES
from nanosheet.groups import GROUPS
from nanosheet.line import Line
from nanosheet.write import LOAD, TRANSPORT, UNLOAD, write_fab

BUILT_IN = Path(__file__).parents[2] / "src" / "renkei" / "data" / "fabs"


def print_families(fab: LogicFab) -> None:
    """Print tools and planned utilisation of available time, family by family."""
    sizes = " ".join(f"{size:>8} {'util':>5}" for size in fab.line.sizes)
    print(f"{'family':22} {'steps':>5} {'qualified':>9} {sizes}")
    for family, part in fab.shares.items():
        share = "all" if part is None else f"{part:.0%}"
        used = " ".join(f"{fab.tools[size][family]:8} {fab.utilisation(family, size):5.2f}" for size in fab.line.sizes)
        print(f"{family:22} {fab.passes[family]:5} {share:>9} {used}")


def print_groups(fab: LogicFab) -> None:
    """Print the equipment groups: steps and tools here beside the estimate of a 2 nm line of 3,000 and 25,000."""
    sizes = " ".join(f"{size:>8}" for size in fab.line.sizes)
    print(f"\n{'group':22} {'steps':>5} {'2 nm':>5} {sizes} {'3k':>5} {'25k':>5}")
    steps: Counter[str] = Counter()
    tools: Counter[tuple[str, str]] = Counter()
    for name in fab.shares:
        group = FAMILIES[name].group_name
        steps[group] += fab.passes[name]
        for size in fab.line.sizes:
            tools[group, size] += fab.tools[size][name]
    for name, group in GROUPS.items():
        counts = " ".join(f"{tools[name, size]:8}" for size in fab.line.sizes)
        print(f"{name:22} {steps[name]:5} {group.steps:5} {counts} {group.tools_3k:5} {group.tools_25k:5}")


def print_totals(fab: LogicFab) -> None:
    """Print steps, exposures, raw process times, tools, money and who uses the tools."""
    for name, flow in fab.flows.items():
        cells = Counter(op.family.name for op in flow.ops if op.family.name.endswith("_cell"))
        wafers = 25 if name == fab.line.full or name.startswith("mon-") else 13
        days = plan.raw_process_days(flow, wafers, TRANSPORT, LOAD, UNLOAD)
        prints = f"{cells.total():3} exposures ({cells['euv_cell']} EUV)"
        print(f"{name:20} {len(flow.ops):5} steps, {prints}, {days:5.1f} days for {wafers} wafers")
    for size, wspm in fab.line.sizes.items():
        money = sum(count * FAMILIES[name].group.price_musd for name, count in fab.tools[size].items())
        used: Counter[str] = Counter()
        for kinds in fab.work[size].values():
            used.update(kinds)
        shares = ", ".join(f"{kind} {busy / used.total():.0%}" for kind, busy in used.items())
        tools = sum(fab.tools[size].values())
        print(f"{size}: {tools} tools, {1000 * money / wspm:.0f} M USD per 1,000 wspm; tool time: {shares}")


def main(lines: list[Line], about: str) -> None:
    """Write each line's fab, or the one that is named, and print its plan."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", nargs="?", choices=[line.name for line in lines], help="which fab (default: all)")
    parser.add_argument("--out", type=Path, help="folder to write (default: the package's)")
    chosen = parser.parse_args()
    wanted = [line for line in lines if chosen.name in (None, line.name)]
    if chosen.out is not None and len(wanted) > 1:
        parser.error("--out needs a name: one folder holds one fab")
    for line in wanted:
        fab = design(line)
        write_fab(fab, chosen.out or BUILT_IN / line.name)
        print_families(fab)
        print_groups(fab)
        print_totals(fab)
