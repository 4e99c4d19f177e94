"""The registry of engines; Renkei is the first, and the others are compared with it."""

from __future__ import annotations

from benchmarks.outcome import Engine
from benchmarks.peers.ciw_engine import Ciw
from benchmarks.peers.pyscfabsim import PySCFabSim
from benchmarks.peers.salabim_engine import Salabim
from benchmarks.peers.simpy_engine import SimPy
from benchmarks.renkei_engine import Renkei

RENKEI = Renkei()
PEERS: tuple[Engine, ...] = (SimPy(), Salabim(), Ciw(), PySCFabSim())
ENGINES: tuple[Engine, ...] = (RENKEI, *PEERS)
