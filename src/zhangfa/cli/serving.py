"""The application that ``zhangfa run`` serves: the pages, and beside them the jobs of the clock."""

from __future__ import annotations

import os

from zhangfa.wsgi import application

if os.environ.get("ZHANGFA_JOBS") == "1":
    from zhangfa.cli.jobs import start_jobs

    start_jobs()

__all__ = ["application"]
