"""Who is one person. Ten reports of one citizen are one person, also when some came with a login, some through the desk by
national number, and whatever e-mail address they gave: the same rule as "my reports" (cases.access.own_reports), closed
under "is the same as"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db import connection

#: Reports of the cases with the account and the numbers of their reporter.
_REPORTERS = """
SELECT r.case_id, p.account_id, p.number_id, a.number_id
FROM cases_report r LEFT JOIN people_reporter p ON p.id = r.reporter_id LEFT JOIN people_account a ON a.id = p.account_id
WHERE r.case_id = ANY(%s)
"""
Node = tuple[str, int]


class _Same:
    """Nodes that are the same person (union by the smallest)."""

    def __init__(self) -> None:
        self.above: dict[Node, Node] = {}

    def find(self, node: Node) -> Node:
        self.above.setdefault(node, node)
        while self.above[node] != node:
            self.above[node] = self.above[self.above[node]]
            node = self.above[node]
        return node

    def join(self, nodes: list[Node]) -> None:
        roots = sorted(self.find(node) for node in nodes)
        for root in roots:
            self.above[root] = roots[0]


def people_of(case_ids: Iterable[int]) -> dict[int, tuple[frozenset[int], int]]:
    """Case → the people behind it (numbers that mean something within this answer only), and how many of its reports have
    a reporter of whom we do not know who it is. A case without reports is not in it."""
    with connection.cursor() as cursor:
        cursor.execute(_REPORTERS, [list(case_ids)])
        rows = cursor.fetchall()
    same = _Same()
    nodes_of: list[tuple[int, list[Node]]] = []
    for case_id, account, *numbers in rows:
        nodes: list[Node] = [("number", number) for number in numbers if number is not None]
        if account is not None:
            nodes.append(("account", account))
        if nodes:
            same.join(nodes)
        nodes_of.append((case_id, nodes))
    names: dict[Node, int] = {}
    people: defaultdict[int, set[int]] = defaultdict(set)
    unknown: defaultdict[int, int] = defaultdict(int)
    for case_id, nodes in nodes_of:
        if nodes:
            people[case_id].add(names.setdefault(same.find(nodes[0]), len(names)))
        else:
            unknown[case_id] += 1
    return {case_id: (frozenset(people[case_id]), unknown[case_id]) for case_id, _ in nodes_of}
