FROM swift:6.3-bookworm AS build
WORKDIR /source
COPY .ci/packages .ci/packages
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $(cat .ci/packages) \
  && rm -rf /var/lib/apt/lists/*
COPY Package.swift ./
COPY Sources Sources
COPY Tests Tests
COPY components components
RUN swift build -c release --static-swift-stdlib --product mastery-engine \
  && install -D --strip "$(swift build -c release --static-swift-stdlib --show-bin-path)/mastery-engine" /out/mastery-engine

FROM debian:bookworm-slim
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    ca-certificates libcjose0 libcurl4 libdate-tz3 libjemalloc2 libsimdjson14 libsqlite3-0 libssl3 libyaml-0-2 tzdata zlib1g \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin mastery
COPY --from=build /out/mastery-engine /usr/local/bin/mastery-engine
# Whoever runs a container says by its ports who reaches it, in development too.
ENV APP_HOST=::
USER 10001:10001
EXPOSE 8005
ENTRYPOINT ["mastery-engine"]
CMD ["serve"]
