"""Random numbers with addresses instead of an order: splitmix64 finalisers of (seed, what, who, when).

A draw depends only on its address, so variants of a fab see the same luck and a run may stop anywhere.
Source of the mixer: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
"""

from __future__ import annotations

import math

import numpy as np

from renkei.floor.jit import small_kernel

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
STEP = np.uint64(0xD1B54A32D192ED03)
VISIT = np.uint64(0x8CB92BA72F3D8DD7)
PURPOSE = np.uint64(0xABC98388FB8FAC03)
_M1 = np.uint64(0xBF58476D1CE4E5B9)
_M2 = np.uint64(0x94D049BB133111EB)
_S30 = np.uint64(30)
_S27 = np.uint64(27)
_S31 = np.uint64(31)
_S11 = np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0

(
    PROCESS, SAMPLE, REWORK, SCRAP, HOLD, HOLD_TIME, MOVE, INTERVAL, FIRST, DURATION, LOOK, RANK, SETUP_TIME,
) = range(13)  # fmt: skip
CONSTANT, UNIFORM, EXPONENTIAL, ERLANG, HYPEREXPONENTIAL, LOGNORMAL = range(6)


@small_kernel
def mix(z):
    """Return the splitmix64 finaliser of an unsigned 64-bit number."""
    z = (z ^ (z >> _S30)) * _M1
    z = (z ^ (z >> _S27)) * _M2
    return z ^ (z >> _S31)


@small_kernel
def combine(key, number):
    """Return a new key from a key and a whole number."""
    return mix(key + GOLDEN + np.uint64(number) * STEP)


@small_kernel
def address(key, purpose, step, visit):
    """Return the address of one draw of a lot (or tool): what for, at which step, on which visit."""
    return mix(key + np.uint64(step) * STEP + np.uint64(visit) * VISIT + np.uint64(purpose + 1) * PURPOSE)


@small_kernel
def unit(z):
    """Return the uniform number in [0, 1) at an address, which is mixed already."""
    return np.float64(z >> _S11) * _UNIT


@small_kernel
def draw(distribution, mean, spread, z):
    """Return one value (same unit as `mean`) of a distribution (docs/fab-format.md) at address `z`."""
    if distribution == CONSTANT:
        return mean
    u = unit(z)
    if distribution == UNIFORM:
        return mean + spread * (2.0 * u - 1.0)
    if distribution == EXPONENTIAL:
        return -mean * math.log(1.0 - u)
    if distribution == ERLANG:
        total = 0.0
        for _ in range(int(spread)):
            total -= math.log(1.0 - unit(z))
            z = mix(z + GOLDEN)
        return total * mean / spread
    second = unit(mix(z + GOLDEN))
    if distribution == HYPEREXPONENTIAL:
        share = 0.5 * (1.0 + math.sqrt((spread - 1.0) / (spread + 1.0)))
        part = share if second < share else 1.0 - share
        return -mean / (2.0 * part) * math.log(1.0 - u)
    sigma2 = math.log(1.0 + spread * spread)
    normal = math.sqrt(-2.0 * math.log(1.0 - u)) * math.cos(2.0 * math.pi * second)
    return mean * math.exp(math.sqrt(sigma2) * normal - 0.5 * sigma2)
