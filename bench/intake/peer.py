"""Flowcept's own DocumentInserter, storing to LMDB: prints `ready`, then a JSON line whenever what it received or stored has changed.

Settings come from the file that FLOWCEPT_SETTINGS_PATH names. It ends with its standard input.
"""

import json
import os
import sys
import time
from threading import Thread

from flowcept.flowceptor.consumers.document_inserter import DocumentInserter


class Counted(DocumentInserter):
    """Counts what is handed to the handler; changes nothing else."""

    received = 0

    def message_handler(self, msg_obj):
        Counted.received += 1
        return super().message_handler(msg_obj)


inserter = Counted(check_safe_stops=False)
inserter.start(threaded=True, daemon=True)
lmdb_dao = inserter._doc_daos[0]


def stored():
    with lmdb_dao._env.begin() as txn:
        return txn.stat(lmdb_dao._tasks_db)["entries"]


def report():
    last = None
    while True:
        now = {"received": Counted.received, "stored": stored()}
        if now != last:
            print(json.dumps({**now, "atMs": time.time() * 1000}), flush=True)
            last = now
        time.sleep(0.05)


print("ready", flush=True)
Thread(target=report, daemon=True).start()
sys.stdin.read()
os._exit(0)
