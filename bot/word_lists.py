"""Words as data, for the rules of the communication standard."""

from collections.abc import Mapping

_EMPTY = """
a able about actively affect affected affecting after again all also an and any apologies apologise apologize
app application applications appreciate are around as at aware be bear bearing been being bring by can cannot
cause caused continue continues continuing could currently customer customers degraded disruption does don't
down due engineer engineers error errors experience experienced experiencing few fix follow following for from
fully further get give given going great hard has have hear here hope how i i'm identified impact impacted in
inconvenience information interruption into investigate investigating investigation is issue issues it it's
its itself keep kindly know known later let look looking made make matter may might minutes moment more new
news next no not nothing noticed now of on online open or our ourselves outage patience people platform please
possible post posted problem problems progress provide quickly reach regarding regret report reported reports
resolution resolve resolving restore say see seeing service services shortly site so solution some something
soon sorry specialists started status stay still support system systems taking team technical
temporarily thank thanks that the their them there these they things this to today touch trouble tuned unable
unavailable understand underway unfortunately until update updated updates us use user users using very was
way we we'll we're we've website well were what when which while will with within working works wrong you
you'll your
"""
EMPTY = frozenset(_EMPTY.split())
"""Words an update can be made of without telling anything."""

_ORDINARY = """
april art august autumn banks bill bond brook brooks chance chase christian cook dale dawn day dean drew faith
field ford frank gale gene glen grace grant green guy hall hill hope iris ivy jack jade jasmine joy june king
lance lane lee lily little long mark max may melody miles north olive page paris park pat penny price ray reed
rice rich rivers rob robin rose ruby sandy sky stone street sue summer violet waters west white will wood
woods young
"""
ORDINARY = frozenset(_ORDINARY.split())
"""Names that are words of their own: such a name counts only with its other half."""

_NO_TICKET = """
COVID DIN DVB EN GMT GPT HTTP IEC IPV ISO LTE MD MP ORA PS RFC SEPA SHA USB UTC UTF WIN
"""
NO_TICKET = frozenset(_NO_TICKET.split())
"""What stands before a hyphen and a number and is no ticket."""

JARGON: Mapping[str, str] = {
    "latency": "delay",
    "throughput": "speed",
    "bandwidth": "capacity",
    "packet loss": "lost connections",
    "time out": "do not answer",
    "timed out": "did not answer",
    "timeout": "no answer in time",
    "failover": "switch to the spare system",
    "failed over": "switched to the spare system",
    "rollback": "undoing the change",
    "rolled back": "undone",
    "roll back": "undo",
    "hotfix": "correction",
    "patch": "correction",
    "deploy": "change",
    "deployed": "put in place",
    "deployment": "change",
    "regression": "new fault",
    "mitigation": "temporary remedy",
    "mitigated": "reduced",
    "mitigate": "reduce",
    "remediation": "repair",
    "root cause": "cause",
    "RCA": "explanation",
    "postmortem": "review",
    "backend": "our systems",
    "back-end": "our systems",
    "frontend": "the pages",
    "upstream": "one of our suppliers",
    "downstream": "other systems",
    "middleware": "our systems",
    "load balancer": "our network",
    "CDN": "our network",
    "DNS": "the name of our site",
    "BGP": "our network",
    "TLS": "the secure connection",
    "Kubernetes": "our systems",
    "k8s": "our systems",
    "pod": "machine",
    "node": "machine",
    "cluster": "group of machines",
    "replica": "copy",
    "replication lag": "delay between copies",
    "shard": "part of the data",
    "queue depth": "how much waits",
    "backlog": "what still waits",
    "memory leak": "fault in a program",
    "garbage collection": "fault in a program",
    "OOM": "lack of memory",
    "CPU": "computing power",
    "heap": "memory",
    "p95": "slowest requests",
    "p99": "slowest requests",
    "5xx": "errors",
    "4xx": "errors",
    "HTTP 500": "errors",
    "HTTP 502": "errors",
    "HTTP 503": "errors",
    "HTTP 504": "errors",
    "config push": "change of settings",
    "config": "settings",
    "misconfiguration": "wrong setting",
    "SRE": "our team",
    "SLA": "what we promised",
    "SLO": "what we promised",
    "MTTR": "time to repair",
    "on-call": "our team",
    "prod": "the live system",
    "canary": "test with a few customers",
    "microservice": "part of our systems",
    "circuit breaker": "safety switch",
    "rate limiting": "limits on requests",
    "rate-limited": "limited",
    "autoscaling": "adding machines",
    "cache invalidation": "refreshing stored pages",
    "race condition": "fault in a program",
    "deadlock": "fault in a program",
}
"""Words of the trade that people outside do not use, each with the plain one. A policy adds to them."""
