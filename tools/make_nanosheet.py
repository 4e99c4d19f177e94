"""Write the built-in fab `nanosheet-2nm` and print its plan.

    python tools/make_nanosheet.py [--out DIR]

Without `--out` the folder in the package is rewritten. Same code, same files, to the byte.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

from nanosheet import plan
from nanosheet.fab import NanosheetFab, design
from nanosheet.families import FAMILIES
from nanosheet.groups import GROUPS
from nanosheet.write import LOAD, TRANSPORT, UNLOAD, write_fab

BUILT_IN = Path(__file__).parents[1] / "src" / "renkei" / "data" / "fabs" / "nanosheet-2nm"


def print_families(fab: NanosheetFab) -> None:
    """Print tools and planned utilisation of available time, family by family."""
    print(f"{'family':22} {'steps':>5} {'qualified':>9} {'pilot':>5} {'util':>5} {'25k':>5} {'util':>5}")
    for family in FAMILIES:
        share = "all" if fab.shares[family] is None else f"{fab.shares[family]:.0%}"
        sizes = " ".join(f"{fab.tools[size][family]:5} {fab.utilisation(family, size):5.2f}" for size in plan.SIZES)
        print(f"{family:22} {fab.passes[family]:5} {share:>9} {sizes}")


def print_groups(fab: NanosheetFab) -> None:
    """Print the equipment groups: steps and tools here beside the estimate they come from."""
    print(f"\n{'group':22} {'steps':>5} {'est.':>5} {'pilot':>5} {'est.':>5} {'25k':>5} {'est.':>5}")
    steps: Counter[str] = Counter()
    tools: Counter[tuple[str, str]] = Counter()
    for name, family in FAMILIES.items():
        steps[family.group_name] += fab.passes[name]
        for size in plan.SIZES:
            tools[family.group_name, size] += fab.tools[size][name]
    for name, group in GROUPS.items():
        pilot, large = tools[name, "pilot"], tools[name, "25k"]
        print(f"{name:22} {steps[name]:5} {group.steps:5} {pilot:5} {group.tools_3k:5} {large:5} {group.tools_25k:5}")


def print_totals(fab: NanosheetFab) -> None:
    """Print steps, exposures, raw process times, tools, money and who uses the tools."""
    for name, flow in fab.flows.items():
        cells = Counter(op.family.name for op in flow.ops if op.family.name.endswith("_cell"))
        wafers = 25 if name == "gaa-full" or name.startswith("mon-") else 13
        days = plan.raw_process_days(flow, wafers, TRANSPORT, LOAD, UNLOAD)
        prints = f"{cells.total():3} exposures ({cells['euv_cell']} EUV)"
        print(f"{name:20} {len(flow.ops):5} steps, {prints}, {days:5.1f} days for {wafers} wafers")
    for size, wspm in plan.SIZES.items():
        money = sum(count * FAMILIES[name].group.price_musd for name, count in fab.tools[size].items())
        used: Counter[str] = Counter()
        for kinds in fab.work[size].values():
            used.update(kinds)
        shares = ", ".join(f"{kind} {busy / used.total():.0%}" for kind, busy in used.items())
        tools = sum(fab.tools[size].values())
        print(f"{size}: {tools} tools, {1000 * money / wspm:.0f} M USD per 1,000 wspm; tool time: {shares}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=BUILT_IN, help="folder to write (default: the package's)")
    fab = design()
    write_fab(fab, parser.parse_args().out)
    print_families(fab)
    print_groups(fab)
    print_totals(fab)


if __name__ == "__main__":
    main()
