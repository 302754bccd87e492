# Sourced by ./run check: every rule about the code that is not a test.
failed=""
step() {
    name=$1
    shift
    if "$@" >"$TOOLS/check.log" 2>&1; then
        log "ok    $name"
    else
        log "WRONG $name"
        cat "$TOOLS/check.log" >&2
        failed="$failed $name"
    fi
}
export DJANGO_SETTINGS_MODULE=tanzhao.config.settings.test
no_hosts() { ! grep -nE 'https?://' ./*.lock; }
step "format" "$VENV/bin/ruff" format --check tanzhao tests tools benchmarks
step "lint" "$VENV/bin/ruff" check tanzhao tests tools benchmarks
step "layers" "$VENV/bin/lint-imports"
step "types" "$VENV/bin/mypy"
step "templates" "$VENV/bin/python" tools/lint_templates.py
step "migrations" "$VENV/bin/python" manage.py makemigrations --check --dry-run
step "deployment" "$VENV/bin/python" manage.py check
step "catalogues" "$VENV/bin/python" tools/catalogues.py check
step "locks" no_hosts
[ -z "$failed" ] || { log "failed:$failed"; exit 1; }
