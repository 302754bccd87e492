# Sourced by ./run bench: every benchmark, or the ones named. Words with a dash go to the benchmarks:
# ./run bench planner --full
export DJANGO_SETTINGS_MODULE=tanzhao.config.settings.test
names="" words=""
for word in "$@"; do
    case $word in -*) words="$words $word" ;; *) names="$names $word" ;; esac
done
for file in benchmarks/*.py; do
    name=$(basename "$file" .py)
    [ -z "$names" ] || case "$names " in *" $name "*) ;; *) continue ;; esac
    log "$name"
    # shellcheck disable=SC2086 # each word is one
    "$VENV/bin/python" "$file" $words
done
