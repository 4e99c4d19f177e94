"""What was agreed: the declared terms of every part, frozen."""

from renkei.alliance.alliance import Alliance

__all__ = ["Alliance"]
