"""Exact results of queueing theory, as formulas. Wq is the mean wait before service, T the mean sojourn.

Sources: Kleinrock, "Queueing Systems" vol. 1 (1975): Erlang C, Pollaczek–Khinchine, Cobham, Jackson, G/M/1; Gaver, "A
waiting line with interrupted service" (1962), and Welch's exceptional first service (1964) for breakdowns; Neuts, "A
general class of bulk queues with Poisson input" (1967) for batches; Reiser and Lavenberg (1980), mean value analysis;
Feller, "An Introduction to Probability Theory" vol. 1 (3rd ed., 1968), XVII.7, servicing of machines; Hopp and
Spearman, "Factory Physics" (1996), best and practical worst case.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival at M/M/c waits; `load` = arrival rate × mean service time."""
    terms = [load**n / math.factorial(n) for n in range(servers)]
    last = load**servers / math.factorial(servers) / (1 - load / servers)
    return last / (sum(terms) + last)


def mmc_wait(servers: int, rate: float) -> float:
    """Wq of M/M/c with mean service 1."""
    return erlang_c(servers, rate) / (servers - rate)


def mg1_wait(rate: float, second_moment: float) -> float:
    """Wq of M/G/1 with mean service 1: λE[S²] / (2(1 − ρ))."""
    return rate * second_moment / (2 * (1 - rate))


def cobham_waits(rates: Sequence[float], second_moment: float) -> list[float]:
    """Wq by class, most urgent first, of M/G/1 without preemption; all services have mean 1 and one second moment."""
    residual = sum(rates) * second_moment / 2
    sums = [0.0, *np.cumsum(rates)]
    return [residual / ((1 - before) * (1 - after)) for before, after in pairwise(sums)]


def shortest_first_wait(rates: Sequence[float], times: Sequence[float]) -> float:
    """Mean Wq of M/G/1 without preemption whose classes have constant times, shortest first: Cobham, class by class.

    With ever more classes it becomes the integral of Phipps, "Machine repair as a priority waiting-line problem",
    Operations Research 4 (1956).
    """
    residual = sum(rate * time**2 for rate, time in zip(rates, times, strict=True)) / 2
    sums = [0.0, *np.cumsum(np.multiply(rates, times))]
    waits = [residual / ((1 - before) * (1 - after)) for before, after in pairwise(sums)]
    return float(np.average(waits, weights=rates))


def mdc_wait(servers: int, rate: float) -> float:
    """Wq of M/D/c with service 1, from the chain X' = max(X − c, 0) + Poisson(λ) seen every unit of time."""
    states = 60 + 12 * servers
    poisson = [math.exp(-rate + n * math.log(rate) - math.lgamma(n + 1)) for n in range(states)]
    chain = np.zeros((states, states))
    for state in range(states):
        left = max(state - servers, 0)
        chain[state, left:] = poisson[: states - left]
    return float(np.arange(states) @ _stationary(chain)) / rate - 1


def _stationary(chain: np.ndarray) -> np.ndarray:
    chain = chain / chain.sum(axis=1, keepdims=True)
    equations = np.vstack([chain.T - np.eye(len(chain)), np.ones(len(chain))])
    right = np.append(np.zeros(len(chain)), 1.0)
    return np.linalg.lstsq(equations, right, rcond=None)[0]


def gm1_wait(transform_power: float, rate: float) -> float:
    """Wq of E_k/M/1 with mean service 1 (k = `transform_power`; infinite: D/M/1): σ / (1 − σ), σ = A*(1 − σ)."""
    sigma = 0.5
    for _ in range(10_000):
        if math.isinf(transform_power):
            sigma = math.exp(-(1 - sigma) / rate)
        else:
            k = transform_power
            sigma = (k * rate / (k * rate + 1 - sigma)) ** k
    return sigma / (1 - sigma)


def full_batch_wait(size: int, rate: float) -> float:
    """Wq per lot of M/M^[b]/1 that starts full batches only, mean batch service 1."""
    sigma = 0.5
    for _ in range(10_000):
        sigma = (rate / (rate + 1 - sigma)) ** size
    return (size - 1) / (2 * rate) + sigma / (1 - sigma)


def bulk_queue(least: int, most: int, rate: float) -> tuple[float, float, float]:
    """Return Wq per lot, mean batch size and busy fraction of M/D^[a,b]/1 with service 1.

    The server starts as soon as a lots wait and takes up to b.
    The queue just after each start is a Markov chain; between two starts the queue length integrates to known means.
    """
    states = 150
    poisson = [math.exp(-rate + n * math.log(rate) - math.lgamma(n + 1)) for n in range(states)]
    chain = np.zeros((states, states))
    for left in range(states):
        for arrivals in range(states - left):
            there = max(left + arrivals, least)
            chain[left, there - min(there, most)] += poisson[arrivals]
    start = _stationary(chain)
    cycle = area = taken = 0.0
    for left in range(states):
        cycle += start[left]
        area += start[left] * (left + rate / 2)
        for arrivals in range(states - left):
            there = left + arrivals
            chance = start[left] * poisson[arrivals]
            missing = max(least - there, 0)
            cycle += chance * missing / rate
            area += chance * sum(there + n for n in range(missing)) / rate
            taken += chance * min(max(there, least), most)
    return area / cycle / rate, taken, 1 / cycle


def sojourn_with_breakdowns(
    rate: float, second_moment: float, failures: float, repair: float, when_idle: bool
) -> float:
    """T of M/G/1 with mean service 1, preemptive resume, failures at a rate, exponential repairs.

    `when_idle`: failures strike an idle server too, so a busy period may begin with the rest D of a repair: Exp(1/r)
    with probability f / (λ + θ + f).
    """
    theta = 1 / repair
    mean = 1 + failures * repair
    second = second_moment * mean**2 + failures * 2 * repair**2
    sojourn = mean + rate * second / (2 * (1 - rate * mean))
    if not when_idle:
        return sojourn
    chance = failures / (rate + theta + failures)
    delay, delay2 = chance * repair, chance * 2 * repair**2
    return sojourn + (2 * delay + rate * delay2) / (2 * (1 + rate * delay))


def conwip_throughput(rates: Sequence[float], lots: int) -> float:
    """Throughput of a closed line of exponential single servers holding so many lots (mean value analysis)."""
    queues = [0.0] * len(rates)
    throughput = 0.0
    for population in range(1, lots + 1):
        times = [(1 + queue) / rate for queue, rate in zip(queues, rates, strict=True)]
        throughput = population / sum(times)
        queues = [throughput * time for time in times]
    return throughput


def network_sojourn(arrivals: float, flows: Sequence[float], rates: Sequence[float], servers: Sequence[int]) -> float:
    """T of an open Jackson network: `arrivals` from outside, `flows` of lots through each station."""
    times = [(mmc_wait(count, flow / rate) + 1) / rate for flow, rate, count in zip(flows, rates, servers, strict=True)]
    return sum(flow * time for flow, time in zip(flows, times, strict=True)) / arrivals


def down_share(machines: int, people: int, failures: float, repair: float) -> float:
    """Share of the time that machines are down: failures at a rate each while up, exponential repairs by few people."""
    chances = [1.0]
    for down in range(machines):
        chances.append(chances[-1] * (machines - down) * failures * repair / min(down + 1, people))
    return sum(down * chance for down, chance in enumerate(chances)) / sum(chances) / machines
