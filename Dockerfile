# One image for every service; docker-compose.yml says which of them a container runs.
FROM node:20-slim AS manifests
COPY . /clone
WORKDIR /manifests
RUN cd /clone && cp --parents package.json package-lock.json .npmrc */package.json scripts/prepare.mjs scripts/packages.mjs /manifests

FROM node:20-slim AS build
WORKDIR /millrace
ENV TURBO_TELEMETRY_DISABLED=1
# Alone at first: packages are installed again only when one of these has changed.
COPY --from=manifests /manifests .
RUN node scripts/prepare.mjs --no-build
COPY . .
RUN npm run build --workspace=schemas --workspace=core $(for declaration in */service.ts; do echo --workspace=$(dirname $declaration); done)
# What is left is what the services run on.
RUN rm -r stack testing test bench && npm pkg delete devDependencies && npm prune --omit=dev --ignore-scripts --no-save

FROM node:20-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps DATA_DIR=/var/lib/millrace
WORKDIR /millrace
COPY --from=build /millrace .
RUN mkdir -p /var/lib/millrace && chown node:node /var/lib/millrace
USER node
CMD ["node", "receiver/dist/main.js"]
