# One image per service: docker build --target dhcp . Builds with BuildKit and with the legacy builder.

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The image has its own Node: the packaged ones are for machines whose Node is older.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
 && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM debian:bookworm-slim AS ipxe
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends ipxe \
 && mkdir /ipxe \
 && cp /usr/lib/ipxe/undionly.kpxe /usr/lib/ipxe/ipxe.efi /usr/lib/ipxe/snponly.efi /ipxe/

FROM node:24-bookworm-slim AS base
ENV NODE_ENV=production
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY package.json LICENSE ./
COPY proto proto
COPY shared shared
COPY services services
COPY cli cli
# Named volumes take their first owner from here.
RUN mkdir -p data/snapshots assets/artifacts && chown -R node:node data
USER node
ENTRYPOINT ["node"]

FROM base AS hardware
EXPOSE 50051
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["node", "cli/healthcheck.ts", "9101"]
CMD ["services/hardware/main.ts"]

# On the host's network only root may have port 67; without other capabilities it needs a folder that is root's.
FROM base AS dhcp
USER root
RUN chown -R root:root data
COPY --from=ipxe /ipxe assets/ipxe
EXPOSE 67/udp
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["node", "cli/healthcheck.ts", "9102"]
CMD ["services/dhcp/main.ts"]

FROM base AS tftp
COPY --from=ipxe /ipxe assets/ipxe
EXPOSE 69/udp
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["node", "cli/healthcheck.ts", "9103"]
CMD ["services/tftp/main.ts"]

FROM base AS http
COPY --from=ipxe /ipxe assets/ipxe
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["node", "cli/healthcheck.ts", "8080"]
CMD ["services/http/main.ts"]

FROM base AS syslog
EXPOSE 514/udp
HEALTHCHECK --interval=5s --timeout=3s --retries=3 CMD ["node", "cli/healthcheck.ts", "9105"]
CMD ["services/syslog/main.ts"]

# The command line: docker compose run --rm smee hardware list
FROM base AS smee
ENTRYPOINT ["node", "cli/smee.ts"]
