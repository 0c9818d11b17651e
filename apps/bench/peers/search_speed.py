"""One query of a search in Python: `search_speed.py MODEL QUERIES VECTORS OUT ROUNDS`.

MODEL is the folder of all-MiniLM-L6-v2 (tokenizer.json, onnx/model.onnx), QUERIES a JSON list of texts, VECTORS float32 of 384
components each, which a flat index of faiss holds. OUT receives one JSON object: microseconds of each query for the encoder
alone (tokenizers and onnxruntime, mean of the tokens at a length of 1, as sentence-transformers has it), the index alone (200
products), and both. One thread each.
"""

import json
import pathlib
import sys
import time

import faiss
import numpy
import onnxruntime
import tokenizers

COMPONENTS = 384


def main(model, queries, vectors, out, rounds):
    faiss.omp_set_num_threads(1)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    folder = pathlib.Path(model)
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    session = onnxruntime.InferenceSession(str(folder / "onnx" / "model.onnx"), options)
    index = faiss.IndexFlatIP(COMPONENTS)
    started = time.perf_counter()
    index.add(numpy.fromfile(vectors, dtype="<f4").reshape(-1, COMPONENTS))
    built = time.perf_counter() - started

    def encode(text):
        ids = numpy.array([tokenizer.encode(text).ids], dtype=numpy.int64)
        asked = {"input_ids": ids, "attention_mask": numpy.ones_like(ids), "token_type_ids": numpy.zeros_like(ids)}
        named = {one.name for one in session.get_inputs()}
        tokens = session.run(None, {name: asked[name] for name in named})[0]
        vector = tokens.mean(axis=1)
        return (vector / numpy.linalg.norm(vector)).astype(numpy.float32)

    texts = json.loads(pathlib.Path(queries).read_text(encoding="utf-8"))
    known = [encode(text) for text in texts]
    ways = {
        "encoder (onnxruntime)": lambda at: encode(texts[at]),
        "index (faiss flat)": lambda at: index.search(known[at], 200),
        "both": lambda at: index.search(encode(texts[at]), 200),
    }
    times = {name: [] for name in ways}
    for turn in range(int(rounds) + 1):
        for at in range(len(texts)):
            for name, way in ways.items():
                started = time.perf_counter()
                way(at)
                if turn > 0:  # the first round warms up
                    times[name].append(1e6 * (time.perf_counter() - started))
    versions = f"onnxruntime {onnxruntime.__version__}, faiss {faiss.__version__}, tokenizers {tokenizers.__version__}"
    pathlib.Path(out).write_text(json.dumps({"times": times, "built": built, "versions": versions}))


main(*sys.argv[1:6])
