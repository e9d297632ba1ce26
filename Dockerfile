# Tags, and Debian's packages of today, so that each build has the newest fixes. A release pins them: the Operations article, "The image".
ARG BUILD_BASE=swift:6.3-bookworm
ARG RUNTIME_BASE=debian:bookworm-slim

FROM ${BUILD_BASE} AS build
# The moment as of which packages are taken from snapshot.debian.org, YYYYMMDDTHHMMSSZ; empty for those of today.
ARG SNAPSHOT=
WORKDIR /source
COPY .ci/packages .ci/packages
RUN test -z "$SNAPSHOT" \
  || sed -i "s#deb.debian.org/\(.*\)#snapshot.debian.org/archive/\1/$SNAPSHOT#w /dev/stdout" \
    /etc/apt/sources.list.d/debian.sources | grep URIs
RUN apt-get update ${SNAPSHOT:+-o Acquire::Check-Valid-Until=false} \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(cat .ci/packages) \
  && rm -rf /var/lib/apt/lists/*
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY components components
# The hashes of modules and of the build tell in which folder it was made, and nobody reads them in the image.
RUN build='swift build -c release --static-swift-stdlib --product mastery-engine -Xlinker --build-id=none' \
  && $build \
  && mkdir /out \
  && strip --remove-section=.swift_modhash -o /out/mastery-engine "$($build --show-bin-path)/mastery-engine"

FROM ${RUNTIME_BASE}
ARG SNAPSHOT=
# When the user was made, for one.
ARG SOURCE_DATE_EPOCH=0
RUN test -z "$SNAPSHOT" \
  || sed -i "s#deb.debian.org/\(.*\)#snapshot.debian.org/archive/\1/$SNAPSHOT#w /dev/stdout" \
    /etc/apt/sources.list.d/debian.sources | grep URIs
RUN apt-get update ${SNAPSHOT:+-o Acquire::Check-Valid-Until=false} \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    ca-certificates libavro23 libcjose0 libcurl4 libdate-tz3 libjemalloc2 libsimdjson14 libsqlite3-0 libssl3 libyaml-0-2 tzdata zlib1g \
  && groupadd --system --gid 10001 mastery \
  && useradd --system --uid 10001 --gid mastery --home-dir /nonexistent --shell /usr/sbin/nologin mastery \
  # Logs and the loader's memory of files hold times, so they are never the same twice.
  && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache
COPY --from=build /out/mastery-engine /usr/local/bin/mastery-engine
# Whoever runs a container says by its ports who reaches it, in development too.
ENV APP_HOST=::
USER 10001:10001
EXPOSE 8005
# The process lives, whatever its sidecar does; as patient as the Deployment's probes.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["mastery-engine", "health"]
ENTRYPOINT ["mastery-engine"]
CMD ["serve"]
