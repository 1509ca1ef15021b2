"""`wiki comment`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from build_tools.commands import SOUND
from build_tools.commands.reporting import report
from build_tools.problems import Code, Location, Problem
from build_tools.review import github
from build_tools.review.comment import MARKER, comment
from build_tools.review.verdict import MOST_REPORT_BYTES, Review, read_review

ARTIFACT = "review"  # the name under which the check leaves its report


def run(options: argparse.Namespace) -> int:
    """Prints the comment on a review, or puts it on the pull request whose check has ended."""
    if options.event is not None:
        return _post(options)
    data, problems = _read(options.report)
    if data is None:
        return report(problems, options)
    review, problems = read_review(str(options.report), data)
    if review is None:
        return report(problems, options)
    print(comment(review), end="")
    return SOUND


def _post(options: argparse.Namespace) -> int:
    event, problems = _read(options.event)
    if event is None:
        return report(problems, options)
    try:
        ended = github.read_run(event)
        if ended is None:
            print("the run was for no pull request; there is nothing to comment on")
            return SOUND
        archive = github.fetch_report(ended, ARTIFACT, MOST_REPORT_BYTES, github.gh)
        if archive is None:
            print("the run left no report; there is nothing to say")
            return SOUND
        review: Review | None
        review, problems = read_review(ARTIFACT, archive)
        if review is None:
            return report(problems, options)
        number = github.find_pull_request(ended, github.gh)
        if number is None:
            print("no open pull request is at that commit any more; nothing is said of another")
            return SOUND
        doubtful = github.alters_the_check(ended.repository, number, github.gh)
        body = comment(review, commit=ended.commit, run=ended.address, doubtful=doubtful)
        is_new = github.put_comment(ended.repository, number, MARKER, body, github.gh)
    except github.Refused as error:
        return report((github.refused(error),), options)
    print(f"the comment on pull request {number} is {'written' if is_new else 'up to date'}")
    return SOUND


def _read(path: Path) -> tuple[bytes | None, tuple[Problem, ...]]:
    """The bytes of a regular file that is no larger than a report may be."""
    message = ""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            data = stream.read(MOST_REPORT_BYTES + 1)
        if len(data) <= MOST_REPORT_BYTES:
            return data, ()
        message = f"it is larger than {MOST_REPORT_BYTES:,} bytes"
    except OSError as error:
        message = f"cannot read it: {error.strerror}"
    hint = "name the file that `wiki review` wrote, no link to it"
    return None, (Problem(Location(str(path)), Code.BAD_REPORT, message, hint),)
