# How setup speaks: steps with seconds, and failures with a remedy. Sourced, not run.

log_folder=.build/log

say() { printf '%s\n' "$*"; }

# fail WHAT HAPPENED / WHAT TO DO (each argument a line); the only way out with an error.
fail() {
    printf '\n\033[31m✗\033[0m %s\n' "$1" >&2
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# step NAME COMMAND...: run it, show how far it is, keep its words in a log.
step() {
    step_name=$1
    shift
    mkdir -p "$log_folder"
    step_log=$log_folder/$(printf '%s' "$step_name" | tr -cs 'A-Za-z0-9\n' '-').log
    step_began=$(date +%s)
    # Of this process alone: two camps may be opened at the same moment.
    step_failed=$step_log.$$.failed
    printf '\033[34m▸\033[0m %s\n' "$step_name"
    : > "$step_failed"
    { "$@" 2>&1 && rm -f "$step_failed"; } | tee "$step_log" | follow
    if [ -e "$step_failed" ]; then
        rm -f "$step_failed"
        explain "$step_name" "$step_log"
    fi
    took=$(($(date +%s) - step_began))
    [ "$took" -lt 3 ] || printf '  done in %s s\n' "$took"
}

# Show the steps of a build that are really run, as the classic builder and BuildKit name
# them, and lines that a step marked with `…`. On a terminal one line is written over.
follow() {
    pending=
    while IFS= read -r line; do
        case $line in
            'Step '*': RUN '*|'Step '*': COPY '*) pending=${line#Step } ;;
            'Step '*) pending= ;;
            *'---> Using cache'*) pending= ;;
            '#'*' ['*/*'] '*) progress "${line#* }" ;;
            '  … '*) progress "${line#  }" ;;
            *) [ -z "$pending" ] || { progress "$pending"; pending=; } ;;
        esac
    done
    if [ -t 1 ]; then printf '\r\033[K'; fi
}

progress() {
    shown=$(printf '%.76s' "$1")
    if [ -t 1 ]; then printf '\r\033[K  %s' "$shown"; else printf '  %s\n' "$shown"; fi
}

explain() {
    tail -n 15 "$2" >&2
    remedy="Read the whole log in $2, mend the cause, and run the same command again."
    if grep -qi 'no space left on device' "$2"; then
        remedy="The disk is full. Free some space (df -h; docker system df), then run the same command again."
    elif grep -qi 'CERTIFICATE_VERIFY_FAILED\|certificate verify failed\|invalid peer certificate\|SELF_SIGNED_CERT\|UNABLE_TO_GET_ISSUER' "$2"; then
        remedy="A proxy intercepts TLS here. Put its authority as a .crt file into /usr/local/share/ca-certificates/ and run the same command again."
    elif grep -qi 'Temporary failure resolving\|Could not resolve\|Name or service not known' "$2"; then
        remedy="A package mirror could not be found by name. Check this machine's network and DNS, then run the same command again."
    elif grep -qi 'permission denied.*docker' "$2"; then
        remedy="This account may not use Docker. Run: sudo ${goal:-make camp}"
    fi
    fail "$1 did not work." "$remedy"
}
