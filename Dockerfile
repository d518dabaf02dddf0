# A gate, or a district, in a container: the program and its runtime out of the Debian package, and what libraries they load; no
# package manager, no other program but sh. Built by scripts/container, for amd64 and arm64. How to run it: docs/appliance.md.
ARG BASE=debian:bookworm-slim

FROM ${BASE} AS unpacked
ARG TARGETARCH
COPY dist/packages/menwei_*_${TARGETARCH}.deb /packages/
COPY device/os/container/gather.sh scripts/lib/healthcheck.ts /packages/
RUN sh /packages/gather.sh /packages /out

FROM scratch
COPY --from=unpacked /out/ /
# The documents name the service by its number: a volume keeps it whatever the host calls it.
USER 10001:10001
ENV PATH=/usr/bin:/bin HOME=/var/lib/menwei CACHE_DIRECTORY=/var/lib/menwei/cache
WORKDIR /var/lib/menwei
VOLUME /var/lib/menwei
EXPOSE 8443
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["/usr/lib/menwei/bin/node", "/usr/lib/menwei/healthcheck.ts"]
ENTRYPOINT ["/usr/lib/menwei/bin/node", "--max-semi-space-size=2", "--disable-warning=ExperimentalWarning", "/usr/lib/menwei/dist/server/cli.js"]
CMD ["gate", "--config", "/etc/menwei/gate.yaml"]
