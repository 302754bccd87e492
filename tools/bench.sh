# Sourced by ./run bench: every benchmark, or the ones named.
export DJANGO_SETTINGS_MODULE=tanzhao.config.settings.test
for file in benchmarks/*.py; do
    name=$(basename "$file" .py)
    [ $# -eq 0 ] || case " $* " in *" $name "*) ;; *) continue ;; esac
    log "$name"
    "$VENV/bin/python" "$file"
done
