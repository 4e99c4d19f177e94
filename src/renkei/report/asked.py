"""What a command was asked for: the words that repeat it, kept in the manifest of its result."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """What a future or a study of an alliance was asked for."""

    alliance: str
    """Name or path, as typed."""
    scenarios: tuple[str, ...]
    seed: int
    as_of: str = field(default="", kw_only=True)
    """A day, `last` or `start`, as typed."""
    known_by: str = field(default="", kw_only=True)
    """A day, as typed."""

    def repeated_by(self, command: str, **own: str) -> str:
        """Return `renkei` with the command and its options, those of its `own` too; empty ones are left out."""
        given = {"seed": str(self.seed), **own, "scenario": ",".join(self.scenarios)}
        given |= {"as-of": self.as_of, "known-by": self.known_by}
        options = [word for name, value in given.items() if value for word in (f"--{name}", value)]
        return shlex.join(["renkei", command, self.alliance, *options])


@dataclass(frozen=True)
class RunAsked(Asked):
    """What a run was asked for."""

    fidelity: str

    @property
    def command(self) -> str:
        """The command that repeats the run."""
        return self.repeated_by("run", fidelity=self.fidelity)


@dataclass(frozen=True)
class StudyAsked(Asked):
    """What a study was asked for; the number of workers changes nothing and is left out."""

    futures: int

    @property
    def command(self) -> str:
        """The command that repeats the study."""
        return self.repeated_by("study", futures=str(self.futures))
