# Sourced: a private PostgreSQL on a free port, thrown away afterwards. Sets POSTGRESQL_URL.
# Works as root (through the user postgres) and as anybody else.
find_postgresql() {
    for folder in /usr/lib/postgresql/*/bin /usr/local/pgsql/bin /usr/local/bin /usr/bin; do
        # A pg_ctl that is only a client's, or a stub, has no server beside it.
        [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/pg_ctl" ] &&
            "$folder/postgres" --version >/dev/null 2>&1 && PG_BIN=$folder
    done
    [ -n "${PG_BIN:-}" ]
}

as_postgres() {
    if [ "$(id -u)" = 0 ]; then su postgres -s /bin/sh -c "$1"; else sh -c "$1"; fi
}

start_postgresql() {
    find_postgresql || { debian "ls /usr/lib/postgresql/*/bin/initdb" postgresql && find_postgresql; } || return 1
    PG_DATA=$(mktemp -d /tmp/tanzhao-pg.XXXXXX)
    if [ "$(id -u)" = 0 ]; then
        id postgres >/dev/null 2>&1 || return 1
        chown postgres "$PG_DATA"
    fi
    PG_PORT=$("$VENV/bin/python" -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])')
    as_postgres "$PG_BIN/initdb -D $PG_DATA/data -A trust -U tanzhao -E UTF8 --locale=C.UTF-8 >$PG_DATA/log 2>&1" &&
        as_postgres "$PG_BIN/pg_ctl -D $PG_DATA/data -w -l $PG_DATA/log -o '-p $PG_PORT -c listen_addresses=127.0.0.1 -c unix_socket_directories=$PG_DATA -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=120' start >/dev/null 2>&1" || {
        cat "$PG_DATA/log" >&2
        return 1
    }
    POSTGRESQL_URL="postgresql://tanzhao@127.0.0.1:$PG_PORT/postgres"
    trap stop_postgresql EXIT INT TERM
}

stop_postgresql() {
    [ -n "${PG_DATA:-}" ] || return 0
    as_postgres "$PG_BIN/pg_ctl -D $PG_DATA/data -m immediate stop >/dev/null 2>&1" || true
    rm -rf "$PG_DATA"
    PG_DATA=""
}
