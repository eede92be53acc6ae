"""Background work: threads of the server work on the durable queue of `events.tasks`."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from django.db import close_old_connections
from huey.consumer import Consumer

from userops.events.tasks import queue, stopping

WORKERS = 2


class InProcess(Consumer):
    """The consumer without signal handlers: the server has its own."""

    def _set_signal_handlers(self) -> None:
        pass


@contextlib.contextmanager
def background_work() -> Iterator[None]:
    """Work on the queue in this process; on leaving, running tasks put themselves aside first."""
    # those that are not called here register their schedules
    from userops.alerts import tasks as _alerts  # noqa: F401
    from userops.audience.facts import tasks as _facts  # noqa: F401
    from userops.audience.personas import tasks as _personas  # noqa: F401
    from userops.audience.risk import tasks as _risk  # noqa: F401
    from userops.audience.segments import tasks as segments
    from userops.audience.tags import tasks as _tags  # noqa: F401
    from userops.collect import tasks
    from userops.experience.pain_points import tasks as pain_points
    from userops.experience.surveys import tasks as surveys
    from userops.experience.surveys.files import tasks as answer_imports
    from userops.experience.surveys.topics import tasks as answer_topics
    from userops.feedback.channels.importing import tasks as ticket_imports
    from userops.feedback.channels.mail import tasks as _mailboxes  # noqa: F401
    from userops.feedback.channels.robots import tasks as _robots  # noqa: F401
    from userops.feedback.clocks import tasks as clocks
    from userops.feedback.requirements import tasks as requirements
    from userops.feedback.rules import tasks as _rules  # noqa: F401
    from userops.feedback.telling import tasks as telling
    from userops.feedback.tickets import tasks as tickets
    from userops.feedback.topics import tasks as topics
    from userops.feedback.understanding import tasks as understanding
    from userops.feedback.wording import tasks as wording
    from userops.notices import tasks as notices
    from userops.reports import tasks as reporting
    from userops.reports.schedules import tasks as _schedules  # noqa: F401

    logging.getLogger("huey").setLevel(logging.WARNING)
    stopping.clear()
    for each in (
        tasks, reporting, pain_points, ticket_imports, answer_imports, understanding, topics, wording, segments,
        notices, tickets, telling, requirements, surveys, answer_topics, clocks,
    ):  # fmt: skip
        each.resume()
    consumer = InProcess(
        queue, workers=WORKERS, worker_type="thread", max_delay=2.0, check_worker_health=False
    )
    # as after a request: a connection that broke or grew old is not kept
    queue.post_execute("connections")(lambda task, value, wrong: close_old_connections())
    consumer.start()
    try:
        yield
    finally:
        stopping.set()
        consumer.stop(graceful=True)
