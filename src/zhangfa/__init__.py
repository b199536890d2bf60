"""Zhangfa (章法): the mechanisms of a county, run from readable charters."""

__version__ = "0.1.0"
