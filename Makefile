# Everything a person does with a clone. Settings go in the environment or in .env, e.g. KAFKA_PORT=9192 make up.
# What names something is handed on as the shell's own variable ("$$NAME"), so that odd characters in it stay text.
.DEFAULT_GOAL := help
.PHONY: blackbaud-login backup restore client rotate-keys faults help up down status logs demo tail skip sql stream schema-check test check bench clean build
.SILENT:
export SERVICE MONTH FROM LIMIT STREAM NAME DOMAIN DIR TOPIC PARTITION TO MINUTES SEED SCOPES SUBJECT
MAKEFLAGS += --no-print-directory

prepare = node scripts/prepare.mjs
stack = node --enable-source-maps stack/dist/cli/main.js

help: ## what can be done
	awk -F ':.*## ' '/^[a-z%-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

up: ## start everything; returns when it is ready
	$(prepare)
	$(stack) up

down: stack/dist ## stop everything, in order; data stays
	$(stack) down

status: stack/dist ## what runs, on which port, since when
	$(stack) status

logs: stack/dist ## follow the logs of all parts, or SERVICE=receiver
	$(stack) logs $(if $(SERVICE),"$$SERVICE")

demo: stack/dist ## post a week of runs and songs, or MONTH=2025-03 (ARGS="--help" for more)
	$(stack) demo $(if $(MONTH),--month "$$MONTH") $(ARGS)

tail: stack/dist ## a topic as JSON lines: STREAM=running FROM=start|end|<time> FOLLOW=1 LIMIT=10
	$(stack) tail $(if $(FROM),--from "$$FROM") $(if $(LIMIT),--limit "$$LIMIT") $(if $(FOLLOW),--follow) -- $(if $(STREAM),"$$STREAM")

skip: stack/dist ## pass over a batch that can't be read: TOPIC=running PARTITION=0 TO=42 (ARGS="--help" for more)
	$(stack) skip $(if $(TOPIC),--topic "$$TOPIC") $(if $(PARTITION),--partition "$$PARTITION") $(if $(TO),--to "$$TO") $(ARGS)

stream: ## write the schema file of a new stream: NAME=cycling DOMAIN=fitness
	node scripts/prepare.mjs --no-build
	npm run -s new-stream -- "$$NAME" $(if $(DOMAIN),"$$DOMAIN")

schema-check: ## can every record already written still be read under the schema files?
	node scripts/prepare.mjs --no-build
	npm run -s schema-check

kafka-%: stack/dist ## Kafka's own tools, e.g. make kafka-topics ARGS="--list"
	$(stack) kafka $* $(ARGS)

sql: stack/dist ## the database's own client, e.g. make sql ARGS="-e 'SELECT COUNT(*) FROM running'"; ROOT=1 as root
	$(stack) sql $(if $(ROOT),--as-root) $(ARGS)

build: ## install the npm packages and build
	$(prepare)

test: ## install, build, and run every check and test
	node scripts/prepare.mjs
	node scripts/test.mjs

check: ## formatting, types, rules, dead code, unit tests
	node scripts/prepare.mjs --no-build
	node scripts/check.mjs

bench: ## each row beside its raw part, on a stack of its own
	$(prepare)
	npm run -s bench -- $(ARGS)

backup: stack/dist ## write every stream's history to a folder, as Parquet with a manifest: DIR=backup
	@node analyzer/dist/backup/main.js backup "$$DIR"

restore: stack/dist ## write a backup's events into an empty Kafka: DIR=backup
	@node analyzer/dist/backup/main.js restore "$$DIR"

client: stack/dist ## make a client of auth, and print it as JSON: NAME=watch SCOPES="ingest:running" (SUBJECT=… ROTATE=1)
	@node --enable-source-maps auth/dist/commands/main.js client $(if $(NAME),--name="$$NAME") $(if $(SCOPES),--scopes="$$SCOPES") $(if $(SUBJECT),--subject="$$SUBJECT") $(if $(ROTATE),--rotate) $(ARGS)

rotate-keys: stack/dist ## have tokens signed with a new key, and print its id (FORCE=1 where SECRETS_KEY was lost)
	@node --enable-source-maps auth/dist/commands/main.js rotate-keys $(if $(FORCE),--force) $(ARGS)

blackbaud-login: stack/dist ## log in at Blackbaud SKY by the browser, once for all replicas; ARGS=--help says more
	@node --enable-source-maps sync-connectors/dist/blackbaud/login/main.js $(ARGS)

clean: stack/dist ## stop everything and remove its data
	$(stack) clean

stack/dist:
	$(prepare)

faults: ## strike storage, Kafka and the database at random (MINUTES=2 SEED=1), then count
	@node --conditions=source --import tsx storage/test/run-faults.ts
