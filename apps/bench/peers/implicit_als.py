"""Fits `implicit`'s ALS with its CG defaults: `implicit_als.py FOLDER FACTORS REGULARIZATION ITERATIONS THREADS SEED`.

FOLDER holds a matrix of confidences: indptr.i32, indices.i32, values.f32 (little-endian) and the number of columns in
cols.txt. Writes users.f32 and items.f32 beside them. Prints one JSON object: seconds of each iteration, as implicit
itself takes them, processor seconds of them all, and peak memory in MB.
"""

import json
import os
import resource
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # implicit asks for it: its own threads do the work

import numpy as np
import scipy.sparse
from implicit.cpu.als import AlternatingLeastSquares


def main(folder, factors, regularization, iterations, threads, seed):
    def read(name, dtype):
        return np.fromfile(os.path.join(folder, name), dtype)

    indptr = read("indptr.i32", np.int32)
    with open(os.path.join(folder, "cols.txt")) as file:
        cols = int(file.read())
    matrix = scipy.sparse.csr_matrix(
        (read("values.f32", np.float32), read("indices.i32", np.int32), indptr), shape=(len(indptr) - 1, cols)
    )
    model = AlternatingLeastSquares(
        factors=int(factors),
        regularization=float(regularization),
        alpha=1.0,
        iterations=int(iterations),
        num_threads=int(threads),
        use_native=True,
        use_cg=True,
        random_state=int(seed),
    )
    seconds = []
    start = time.process_time()
    model.fit(matrix, show_progress=False, callback=lambda _, elapsed, __: seconds.append(elapsed))
    processor = time.process_time() - start
    model.user_factors.tofile(os.path.join(folder, "users.f32"))
    model.item_factors.tofile(os.path.join(folder, "items.f32"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "processor": processor, "megabytes": peak}))


main(*sys.argv[1:7])
