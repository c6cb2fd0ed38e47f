"""What OpenAPI 3.1 can not express, for schemathesis."""

import json
import re

import schemathesis
from schemathesis.core.failures import ServerError
from schemathesis.openapi.checks import (
    AllowHeaderMismatch,
    RejectedPositiveData,
    UnsupportedMethodResponse,
)

NDJSON = "application/x-ndjson"

# Rules between parameters, and a cursor that only a list's own answer can give: the 400 must say exactly this.
BEYOND_OPENAPI = {
    "is not a cursor of this list",
    "must not be before start_timestamp",
    "must not be before starts_at",
    "must be after start_date",
    # A pattern does not know how many days a month has.
    "must be a time such as 2026-06-30T21:00:00Z or a date",
    "Give one of index, from_index, at and event_id.",
    "must be the only one of its kind",
    "must hold no control characters",
}

# Rules and deliveries: what has a grammar of its own, names something, or is compared with something else.
OF_ITS_OWN = re.compile(r"/(when|every|windows|streams?|filter|url|secret|from|until|query/(dry_run|from|to|accounts))(/|$)")

# No password, secret or refresh token that is made up works, and after many of them none is tried.
OAUTH_REFUSALS = {"invalid_grant", "invalid_request", "unsupported_token_type", "slow_down"}

# Another method there is a question about a dead letter or a connector of that name, and is answered that there is none.
OF_THAT_NAME = {"/dead-letters/redrive", "/sync/connectors", "/sync/runs"}

# Streams whose operations are made like those of the other streams, of other schemas: with them it would take twice as long.
LIKE_OTHERS = re.compile(
    r"/(music|customers|parking-passes|ticketed-events|wristbands|anomalies|won-events|rule-evaluations)\b"
)

# Of a question to `GET /stats`, only these don't depend on the stream that is asked about.
ALIKE_FOR_ALL_STREAMS = {"window", "from", "limit", "max_lag"}


@schemathesis.serializer(NDJSON)
def ndjson(ctx, value):
    """A record a line."""
    lines = value if isinstance(value, list) else [value]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """The lines of a body are the records of a batch; an answer that never ends can't be checked."""
    raw_schema["paths"].pop("/stats/live", None)
    for path in [path for path in raw_schema["paths"] if LIKE_OTHERS.search(path)]:
        del raw_schema["paths"][path]
    for path in raw_schema["paths"].values():
        content = path.get("post", {}).get("requestBody", {}).get("content", {})
        if NDJSON in content:
            batch = content["application/json"]["schema"]["oneOf"][1]
            content[NDJSON] = {"schema": batch}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """A refusal by one of these rules is no fault of the service."""
    if isinstance(failure, (AllowHeaderMismatch, UnsupportedMethodResponse)):
        return case.operation.path not in OF_THAT_NAME
    if isinstance(failure, ServerError):
        # Kafka may pause on a busy machine. The test sees to it that the service is ready again afterwards.
        return not says_not_ready(response)
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in (400, 429):
        return True
    problem = response.json()
    if case.operation.path == "/v1/events/search":
        # Its refusals have an envelope of their own: `cursor is not a cursor of this list; ...`.
        said = {fault.split(" ", 1)[-1] for fault in problem["error"]["message"].split("; ")}
        return not said <= BEYOND_OPENAPI
    if problem.get("error") in OAUTH_REFUSALS:
        return False
    if response.status_code != 400:
        return True
    if case.operation.path == "/stats":
        names = {error["pointer"].removeprefix("/query/") for error in problem["errors"]}
        return bool(names & ALIKE_FOR_ALL_STREAMS)
    if re.match(r"(/v1)?/(rules|deliveries)", case.operation.path):
        return not all(
            OF_ITS_OWN.match(error["pointer"]) or error["message"] in BEYOND_OPENAPI
            for error in problem.get("errors", [])
        )
    said = {error["message"] for error in problem.get("errors", [])} or {problem["detail"]}
    return not said <= BEYOND_OPENAPI


def says_not_ready(response):
    """Whether an answer is the documented one of a service that waits for what it depends on."""
    body = response.json() if response.status_code == 503 else {}
    return body.get("status") == "not ready" or body.get("code") == "not-ready"
