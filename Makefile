# The verbs of a Puppet camp. A host needs Docker (Debian: installed for you) and make.

CAMP ?= camp.toml
INSTANCE ?= puppetcamp
export CAMP INSTANCE

.PHONY: help camp rehearse stop clean status test exercises course faults fuzz pictures check bench format

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

camp: ## Set up and open the camp that camp.toml describes
	@setup/camp open

rehearse: ## Fill a camp with SEATS=25 real seats at once, measure, say go or no go
	@SEATS="$(SEATS)" LESSONS="$(LESSONS)" setup/camp rehearse

stop: ## Stop the camp and keep everybody's work
	@setup/camp stop

clean: ## Remove the camp and everybody's work, after asking
	@setup/camp clean

status: ## Say what is running
	@setup/camp status

test: ## Set up and run every test
	@setup/develop python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(TESTS)

exercises: ## Prove every exercise (COURSE=folder of your own, ONLY=name)
	@COURSE="$(COURSE)" setup/develop env PYTHONPATH=kernel \
	    python -m puppetcamp exercises "$(or $(COURSE),exercises)" $(ONLY)

faults: ## Kill the Docker Engine under a camp, on a machine within this one
	@IMAGES=engine setup/develop env FAULTS=yes python -m pytest -s tests/docker/test_daemon.py

course: ## Run every lesson, say what it takes (COURSE=, ONLY=), or write one (NEW=name)
	@COURSE="$(COURSE)" NEW="$(NEW)" setup/develop env PYTHONPATH=kernel \
	    python -m puppetcamp course "$(if $(COURSE),$(COURSE)/lessons,notebooks)" \
	    "$(or $(COURSE),exercises)" $(if $(NEW),--new "$(NEW)") $(ONLY)

fuzz: ## Give the kernel spoilt manifests for five minutes
	@FUZZ_SECONDS=$${FUZZ_SECONDS:-300} setup/develop python -m pytest -s tests/kernel/fuzz

pictures: ## Tell the story in a browser and keep its screenshots in docs/images
	@PICTURES=docs/images setup/develop python -m pytest tests/e2e

check: ## Format, lint, types and import rules
	@setup/develop sh -c 'ruff format --check . && ruff check . && mypy && python -m pytest -q tests/test_house.py'

bench: ## Measure what is promised, as ratios
	@IMAGES=plain setup/develop env PYTHONPATH=.:kernel:lab python -m bench

format: ## Let ruff mend what it can
	@setup/develop sh -c 'ruff format . && ruff check --fix .'
