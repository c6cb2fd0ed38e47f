# One image for every service; docker-compose.yml says which of them a container runs.
FROM node:20-slim AS build
WORKDIR /millrace
ENV TURBO_TELEMETRY_DISABLED=1
COPY package.json package-lock.json .npmrc ./
COPY core/package.json core/
COPY schemas/package.json schemas/
COPY stack/package.json stack/
COPY receiver/package.json receiver/
COPY storage/package.json storage/
COPY analyzer/package.json analyzer/
COPY test/package.json test/
COPY bench/package.json bench/
COPY scripts/prepare.mjs scripts/
RUN node scripts/prepare.mjs --no-build
COPY turbo.json tsconfig.base.json ./
COPY core core
COPY schemas schemas
COPY receiver receiver
COPY storage storage
COPY analyzer analyzer
RUN npm run build --workspace=schemas --workspace=core --workspace=receiver --workspace=storage --workspace=analyzer
# What is left is what the services run on.
RUN rm -r stack test bench && npm pkg delete devDependencies && npm prune --omit=dev --ignore-scripts --no-save

FROM node:20-slim
ENV NODE_ENV=production NODE_OPTIONS=--enable-source-maps DATA_DIR=/var/lib/millrace
WORKDIR /millrace
COPY --from=build /millrace .
RUN mkdir -p /var/lib/millrace && chown node:node /var/lib/millrace
USER node
CMD ["node", "receiver/dist/main.js"]
