"""Asks a notmuch database, in one process, the queries on the standard input, one a line, each
twice: first all of them once, for the caches. Prints for each, by a line, the nanoseconds that it
took the second time and the number of messages that it found.

The first page is 20 messages with their id, date and subject, the newest first.
"""

import itertools
import sys
import time

import notmuch2

PAGE = 20


def ask(database, query):
    page = [
        (message.messageid, message.date, message.header("Subject"))
        for message in itertools.islice(database.messages(query), PAGE)
    ]
    total = database.count_messages(query)
    assert len(page) == min(PAGE, total)
    return total


def main(path, config):
    queries = sys.stdin.read().splitlines()
    with notmuch2.Database(path, notmuch2.Database.MODE.READ_ONLY, config=config) as database:
        for query in queries:
            ask(database, query)
        for query in queries:
            begin = time.perf_counter_ns()
            total = ask(database, query)
            print(time.perf_counter_ns() - begin, total)


main(*sys.argv[1:])
