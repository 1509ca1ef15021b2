"""GitHub asked and told things by its own program, `gh`, which holds the token.

What it answers about pull requests and runs was in part written by strangers. Only the standard library
is needed here: what posts the comment runs without setting anything up.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from build_tools.problems import Code, Location, Problem

MOST_BYTES = 5_000_000  # of an answer
MOST_PAGES = 20  # of comments or issues looked through
PER_PAGE = 100

# Method, path with its query, what is sent (None: nothing) → what is answered; raises Refused.
Api = Callable[[str, str, Mapping[str, object] | None], bytes]


class Refused(Exception):
    """GitHub, or its program, would not do what it was asked for; says what."""


def gh(method: str, path: str, sent: Mapping[str, object] | None = None) -> bytes:
    """What GitHub's API answers; raises Refused, also where the answer is longer than any it should give."""
    command = ["gh", "api", "--method", method, path]
    if sent is not None:
        command += ["--input", "-"]
    try:
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"" if sent is None else json.dumps(sent).encode())
            process.stdin.close()
            answer = process.stdout.read(MOST_BYTES + 1)
            if len(answer) > MOST_BYTES:
                process.kill()
                raise Refused(f"{method} {path}: the answer is larger than {MOST_BYTES:,} bytes")
            if process.wait() != 0:
                raise Refused(f"{method} {path}: gh ended with exit code {process.returncode}")
    except OSError as error:
        raise Refused(f"gh cannot be run: {error.strerror}") from None
    return answer


def refused(error: Refused) -> Problem:
    """The problem that GitHub would not."""
    hint = "see what gh says above; it needs GH_TOKEN, and permission for what it is asked to do"
    return Problem(Location("gh"), Code.FORGE_REFUSED, str(error), hint)


# ---- a finished run, its report and its pull request ---------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A finished run of a workflow for a pull request, as GitHub's event describes it."""

    repository: str
    id: int
    commit: str  # the head of the pull request when the run began
    owner: str  # of the repository that the pull request comes from
    branch: str
    address: str


def read_run(event: bytes) -> Run | None:
    """The run that a `workflow_run` event is about; None if it was not for a pull request.

    Raises Refused if the event is no such event.
    """
    try:
        read = json.loads(event)
        run = read["workflow_run"]
        if run["event"] != "pull_request":
            return None
        repository = str(read["repository"]["full_name"])
        return Run(
            repository=repository,
            id=int(run["id"]),
            commit=str(run["head_sha"]),
            owner=str(run["head_repository"]["owner"]["login"]),
            branch=str(run["head_branch"]),
            address=f"https://github.com/{repository}/actions/runs/{int(run['id'])}",
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused("the event is none of a finished run") from None


def fetch_report(run: Run, name: str, most: int, api: Api) -> bytes | None:
    """The archive that the run left under that name; None if it left none. Raises Refused."""
    path = f"repos/{run.repository}/actions/runs/{run.id}/artifacts?per_page={PER_PAGE}"
    with _known_form(path):
        named = [each for each in _get(api, path)["artifacts"] if each["name"] == name]
        there = [each for each in named if not each["expired"]]
        if not there:
            return None
        newest = max(there, key=lambda each: int(each["id"]))
        size, number = int(newest["size_in_bytes"]), int(newest["id"])
    if size > most:
        raise Refused(f"the report is larger than {most:,} bytes, and was not fetched")
    return api("GET", f"repos/{run.repository}/actions/artifacts/{number}/zip", None)


def find_pull_request(run: Run, api: Api) -> int | None:
    """The number of the open pull request whose head is the run's commit now; None if none has it.

    Asked of GitHub by branch and commit: the report may say what it likes. (The event itself names no
    pull request that comes from a fork.) Raises Refused.
    """
    query = urlencode({"state": "open", "head": f"{run.owner}:{run.branch}", "per_page": PER_PAGE})
    path = f"repos/{run.repository}/pulls?{query}"
    with _known_form(path):
        numbers = [int(each["number"]) for each in _get(api, path) if each["head"]["sha"] == run.commit]
    return min(numbers, default=None)


def alters_the_check(repository: str, number: int, api: Api) -> bool:
    """True if the pull request changes files from which its own check is made, or too many to tell.

    GitHub runs the workflow of the change itself: such a check may report what it likes. Raises Refused.
    """
    for page in range(1, MOST_PAGES + 1):
        path = f"repos/{repository}/pulls/{number}/files?per_page={PER_PAGE}&page={page}"
        with _known_form(path):
            found = _get(api, path)
            names = [str(each.get(key, "")) for each in found for key in ("filename", "previous_filename")]
            if any(name.startswith(".github/") for name in names):
                return True
            if len(found) < PER_PAGE:
                return False
    return True


# ---- one comment, one issue ----------------------------------------------------------------------

_BOT = "github-actions[bot]"


def put_comment(repository: str, number: int, marker: str, body: str, api: Api) -> bool:
    """Our one comment that begins with the marker has that body; True if it is new. Raises Refused."""
    found = _ours(f"repos/{repository}/issues/{number}/comments?", marker, api)
    if found is None:
        api("POST", f"repos/{repository}/issues/{number}/comments", {"body": body})
    else:
        api("PATCH", f"repos/{repository}/issues/comments/{int(found['id'])}", {"body": body})
    return found is None


def put_issue(repository: str, title: str, marker: str, body: str, api: Api) -> tuple[int, bool]:
    """Our one open issue that begins with the marker has that body: its number, and whether it is new.

    Raises Refused.
    """
    found = _ours(f"repos/{repository}/issues?state=open&", marker, api)
    if found is not None:
        number = int(found["number"])
        api("PATCH", f"repos/{repository}/issues/{number}", {"title": title, "body": body})
        return number, False
    path = f"repos/{repository}/issues"
    with _known_form(path):
        return int(json.loads(api("POST", path, {"title": title, "body": body}))["number"]), True


def close_issue(repository: str, marker: str, api: Api) -> int | None:
    """No open issue of ours begins with the marker; the number of the one that did. Raises Refused."""
    found = _ours(f"repos/{repository}/issues?state=open&", marker, api)
    if found is None:
        return None
    number = int(found["number"])
    api("PATCH", f"repos/{repository}/issues/{number}", {"state": "closed", "state_reason": "completed"})
    return number


def _ours(listed: str, marker: str, api: Api) -> dict[str, Any] | None:
    """The first item of a list of the API that we wrote and that begins with the marker."""
    for page in range(1, MOST_PAGES + 1):
        path = f"{listed}per_page={PER_PAGE}&page={page}"
        with _known_form(path):
            found = _get(api, path)
            for item in found:
                if item["user"] and item["user"]["login"] == _BOT and (item["body"] or "").startswith(marker):
                    return dict(item)
            if len(found) < PER_PAGE:
                return None
    return None


def _get(api: Api, path: str) -> Any:
    return json.loads(api("GET", path, None))


@contextlib.contextmanager
def _known_form(path: str) -> Iterator[None]:
    """An answer that is not of the form that GitHub documents raises Refused."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Refused(f"{path}: the answer is not of the form that GitHub documents") from None
