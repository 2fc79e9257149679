"""pandas: `csv|parquet FROM.parquet TO`. The frame is in memory already; prints seconds, bytes and peak memory as JSON."""

import json
import os
import sys
import time

import pandas

FORMAT, FROM, TO = sys.argv[1:]
frame = pandas.read_parquet(FROM)
if sys.platform == "linux":
    with open("/proc/self/clear_refs", "w") as mark:
        mark.write("5")
start = time.time()
processor = time.process_time()
if FORMAT == "csv":
    frame.to_csv(TO, index=False)
else:
    frame.to_parquet(TO, compression="zstd")
seconds = time.time() - start
with open("/proc/self/status") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(json.dumps({"seconds": seconds, "cpuSeconds": time.process_time() - processor, "bytes": os.path.getsize(TO), "peakBytes": peak * 1024}))
os.remove(TO)
