"""Random numbers with an address instead of an order.

A draw belongs to (seed, path, index): adding a field, or drawing in another order, leaves every other draw as it was.
"""

from __future__ import annotations

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def uniform(seed: int, path: str, index: int = 0) -> float:
    """Return the number in the open interval (0, 1) that belongs to this address; the same on every platform."""
    state = _mix(seed & _MASK)
    state = _mix(state ^ _hash(path))
    state = _mix((state + (index & _MASK) * _GOLDEN) & _MASK)
    return ((state >> 11) + 0.5) / 2.0**53


def _mix(state: int) -> int:
    """One step of splitmix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    state = (state + _GOLDEN) & _MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & _MASK
    return state ^ (state >> 31)


def _hash(text: str) -> int:
    """FNV-1a over the UTF-8 bytes, 64 bits: unlike `hash`, the same in every process."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & _MASK
    return value
