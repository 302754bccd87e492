# Sourced by ./run test: the whole suite on SQLite and on PostgreSQL, then the journeys in a browser.
# With arguments: pytest on SQLite with just these, for the developer's own round.
export DJANGO_SETTINGS_MODULE=tanzhao.config.settings.test
if [ $# -gt 0 ]; then
    "$VENV/bin/python" -m pytest "$@"
    exit
fi
cores=$(nproc 2>/dev/null || echo 2)
missing=""
debian "soffice --version" libreoffice-writer-nogui || missing="$missing; measured papers (LibreOffice is not on this machine)"
debian "fc-list :lang=zh | grep -q ." fontconfig fonts-noto-cjk || missing="$missing; Chinese fonts (no CJK font on this machine)"
# A browser for the journeys, and a font it can write Chinese with.
browser=yes
debian "chromium --version" chromium || { browser=no; missing="$missing; the journeys in a browser (no chromium on this machine)"; }
debian "java -version" openjdk-17-jre-headless || missing="$missing; rules on a Spark cluster (no Java on this machine)"
. tools/postgresql.sh
postgresql=yes
start_postgresql || { postgresql=no; missing="$missing; PostgreSQL (no installed binaries, and they could not be installed)"; }

status=0
half() {
    log "$1"
    shift
    "$@" || { status=1; log "FAILED: $*"; }
}
half "the suite on SQLite" env TANZHAO_DATABASE=sqlite "$VENV/bin/python" -m pytest -q -n "$cores" --create-db -p no:cacheprovider
if [ "$postgresql" = yes ]; then
    # What touches no database has run already; who may read what is asked of the same queries.
    half "the suite on PostgreSQL" env TANZHAO_DATABASE="$POSTGRESQL_URL" "$VENV/bin/python" -m pytest -q -n "$cores" --create-db -p no:cacheprovider --ignore=tests/engines --ignore=tests/architecture/test_visibility_everywhere.py -m "(django_db or database) and not journey"
fi
if [ "$browser" = yes ]; then
    half "the journeys, on SQLite" env TANZHAO_DATABASE=sqlite "$VENV/bin/python" -m pytest -q -n "$cores" -m journey --create-db -p no:cacheprovider
fi
[ "$postgresql" = no ] || stop_postgresql
if [ -n "$missing" ]; then
    log "NOT RUN$missing"
    status=1
fi
exit $status
