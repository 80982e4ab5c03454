# Home Assistant's base image (Alpine), or a Debian one: --build-arg BUILD_FROM=ghcr.io/home-assistant/base-debian:trixie
ARG BUILD_FROM=ghcr.io/home-assistant/base:3.24

# hadolint ignore=DL3006
FROM ${BUILD_FROM} AS build
SHELL ["/bin/sh", "-eu", "-c"]
WORKDIR /build
# hadolint ignore=DL3008,DL3018
RUN if command -v npm >/dev/null; then exit 0; fi; \
    if command -v apk >/dev/null; then \
      apk add --no-cache nodejs npm; \
    else \
      apt-get update; \
      apt-get install -y --no-install-recommends ca-certificates nodejs npm; \
      rm -rf /var/lib/apt/lists/*; \
    fi
COPY package.json package-lock.json ./
# The package "node" brings a Node of its own, for glibc alone: Debian's is too old, Alpine has one.
RUN npm ci --include=dev --ignore-scripts --no-audit --no-fund; \
    mkdir -p /out/app /out/usr/local/bin; \
    if ! command -v apk >/dev/null; then \
      npm rebuild node; \
      cp -L node_modules/node/bin/node /out/usr/local/bin/node; \
      ln -sf /out/usr/local/bin/node /usr/local/bin/node; \
    fi
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY tools/vendors.mjs tools/vendors.mjs
RUN node node_modules/typescript/bin/tsc -p tsconfig.build.json; \
    node node_modules/vite/bin/vite.js build --logLevel warn src/web/ui; \
    node tools/vendors.mjs; \
    rm -rf node_modules
RUN npm ci --omit=dev --prefer-offline --ignore-scripts --no-audit --no-fund; \
    find node_modules \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' \) -delete; \
    find node_modules -type d -empty -delete; \
    mv dist node_modules package.json /out/app/

# hadolint ignore=DL3006
FROM ${BUILD_FROM}
SHELL ["/bin/sh", "-eu", "-c"]
# hadolint ignore=DL3008,DL3018
RUN if command -v apk >/dev/null; then \
      apk add --no-cache ca-certificates curl fping iputils-ping mtr nodejs tzdata; \
    else \
      apt-get update; \
      apt-get install -y --no-install-recommends ca-certificates curl fping iputils-ping mtr-tiny tzdata; \
      rm -rf /var/lib/apt/lists/*; \
    fi
COPY --from=build /out /
COPY --chmod=755 ha-addon/rootfs /
ENV NODE_ENV=production
WORKDIR /data
VOLUME /data
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["netwarden-health"]
# Not the base image's own start: there is one process to look after, and it needs nothing of the Supervisor's shell library.
ENTRYPOINT ["netwarden"]
CMD ["run"]

ARG BUILD_VERSION=0.1.0
ARG BUILD_ARCH="aarch64|amd64"
LABEL io.hass.type="app" \
      io.hass.version="${BUILD_VERSION}" \
      io.hass.arch="${BUILD_ARCH}" \
      org.opencontainers.image.title="Netwarden" \
      org.opencontainers.image.description="Tells whether the Internet works, and if not, whose fault it is" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${BUILD_VERSION}"
