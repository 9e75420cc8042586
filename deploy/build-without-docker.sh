#!/bin/sh
# The image where there is no docker engine: buildah, as root or in a user namespace.
#
#   deploy/build-without-docker.sh regulars:0.1.0 --build-arg VERSION=0.1.0
set -eu
cd "$(dirname "$0")/.."
epoch=$(git log -1 --format=%ct)
# Its own format has no health check.
exec buildah bud --format docker --isolation chroot --timestamp "$epoch" \
  --build-arg SOURCE_DATE_EPOCH="$epoch" --build-arg REVISION="$(git rev-parse HEAD)" \
  --file deploy/Dockerfile --tag "$@" .
