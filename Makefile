# Two commands do everything: `make run` and `make test`.
PYTHON ?= python3
PORT ?= 8000
DATA ?= data
BIN := .venv/bin

.PHONY: run test test-spark spark lint bench lock messages clean help

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: ## set up, load the demo county, serve on http://localhost:8000 (PORT, DATA)
	@$(PYTHON) tools/set_up.py
	@PORT=$(PORT) DATA=$(DATA) exec $(BIN)/zhangfa run --demo

test: ## set up and run every test; what lacks a browser or PostgreSQL is skipped loudly
	@$(PYTHON) tools/set_up.py --dev
	@$(BIN)/python tools/run_tests.py

test-spark: ## the same expressions and scores on Spark with two executors; skipped loudly without Java
	@$(PYTHON) tools/set_up.py --dev --spark
	@$(BIN)/python tools/run_tests.py --spark

spark: ## set up with Spark as a second engine (430 MB), for `zhangfa score compute --engine spark`
	@$(PYTHON) tools/set_up.py --spark

lint: ## style, types and the direction of imports
	@$(PYTHON) tools/set_up.py --dev
	$(BIN)/ruff check src tests tools bench
	$(BIN)/ruff format --check src tests tools bench
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: ## every benchmark at its full size (minutes); figures go to bench/results
	@$(PYTHON) tools/set_up.py --dev
	$(BIN)/zhangfa bench

lock: ## renew the locked dependencies
	$(BIN)/python tools/lock.py

messages: ## collect and compile the translations
	$(BIN)/python tools/messages.py

clean: ## remove everything that was built, but no data
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .hypothesis assets/node_modules src/zhangfa/desk/static/vendor
