"""The worker's loop: jobs in the main thread, periodic things in another, both end on request."""

from __future__ import annotations

import logging
import threading
from datetime import timedelta

from django.db import DatabaseError, close_old_connections, connection
from django.urls import get_resolver
from django_tasks_db.management.commands.db_worker import Worker

from wenyou.jobs.runner import ME, STOPPING
from wenyou.jobs.services import recover
from wenyou.jobs.tick import tick

LOG = logging.getLogger(__name__)
TICK_EVERY = 5.0


def work(*, interval: float, lease: timedelta, ticks: bool = True) -> None:
    """Run until ``STOPPING.event`` is set."""
    # Kinds of jobs and periodic things register when their slice is imported; the addresses
    # import every slice.
    _ = get_resolver().url_patterns
    STOPPING.lease = lease
    thread = threading.Thread(target=_ticking, daemon=True)
    if ticks:
        thread.start()
    while not STOPPING.event.is_set():
        close_old_connections()
        try:
            recover()
            worked = _one_task()
        except DatabaseError:
            LOG.exception("the queue could not be read")
            worked = False
        if not worked:
            STOPPING.event.wait(interval)
    if ticks:
        thread.join(timeout=TICK_EVERY)


def _one_task() -> bool:
    """Run the next task of the queue, if there is one."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=1,
        worker_id=ME[:64],
        excluded_queue_names=[],
    )
    worker.run()
    return worker._run_tasks > 0


def _ticking() -> None:
    """Its own thread, so that a job of a minute does not hold up what is due meanwhile."""
    try:
        while not STOPPING.event.is_set():
            close_old_connections()
            try:
                tick()
            except DatabaseError:
                LOG.exception("the table of periodic things could not be read")
            STOPPING.event.wait(TICK_EVERY)
    finally:
        connection.close()
