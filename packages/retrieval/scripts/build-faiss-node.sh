#!/usr/bin/env bash
# Compiles faiss-node 0.5.1 against the FAISS that the system has, so that nothing is downloaded but npm packages:
#
#   apt-get install libfaiss-dev libopenblas0-pthread     # Debian 12, with g++
#   scripts/build-faiss-node.sh FOLDER
#   export TOWERKIT_FAISS=FOLDER                          # where the driver looks first
#
# Its own install script fetches a binary, or the sources of FAISS, from another host. One compiler call does: the addon
# is a single file that needs the headers of Node-API, which npm has, and a name that FAISS 1.7.3 spells differently.
set -euo pipefail

[ $# -eq 1 ] || { echo 'usage: build-faiss-node.sh FOLDER' >&2; exit 2; }
for tool in npm g++; do
  command -v "$tool" >/dev/null || { echo "$tool is needed to build faiss-node" >&2; exit 1; }
done
echo '#include <faiss/index_factory.h>' | g++ -x c++ -std=c++17 -fopenmp -fsyntax-only - 2>/dev/null ||
  { echo 'the headers of FAISS are missing: apt-get install libfaiss-dev libopenblas0-pthread' >&2; exit 1; }

mkdir -p "$1"
cd "$1"
[ -f package.json ] || echo '{ "private": true }' >package.json
npm install --ignore-scripts --no-audit --no-fund --loglevel=error \
  faiss-node@0.5.1 node-api-headers@1.9.0

cd node_modules/faiss-node
mkdir -p build/Release
echo '#include <faiss/Index.h>
namespace faiss { using idx_t = Index::idx_t; }' >build/compat.h
newer='#include <faiss/Index.h>
faiss::idx_t id;' # from 1.7.4 the name is there
echo "$newer" | g++ -x c++ -std=c++17 -fsyntax-only - 2>/dev/null && : >build/compat.h
g++ -std=c++17 -O2 -fPIC -shared -fopenmp -fvisibility=hidden -w \
  -DNODE_GYP_MODULE_NAME=faiss_node -DNAPI_VERSION=8 -DNAPI_CPP_EXCEPTIONS \
  -I../node-addon-api -I../node-api-headers/include -include build/compat.h \
  src/faiss.cc -o build/Release/faiss-node.node -lfaiss -lblas -llapack -lgomp

node -e '
  const { Index } = require(process.cwd());
  const index = Index.fromFactory(2, "HNSW8", 0);
  index.add([1, 0, 0, 1]);
  if (index.search([0, 1], 1).labels[0] !== 1) throw new Error("faiss-node gives wrong answers");
'
echo "faiss-node 0.5.1 is built: export TOWERKIT_FAISS=$(cd ../.. && pwd)"
