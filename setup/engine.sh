# Make sure that a Docker Engine answers. Sourced by setup/camp and setup/develop.

socket=/var/run/docker.sock
engine_settings=/etc/docker/daemon.json
# What was asked for, for messages; who sources this may say it.
goal=${goal:-make camp}

distribution() { (. /etc/os-release 2>/dev/null && printf '%s' "${ID:-unknown}") || printf unknown; }

ensure_engine() {
    case ${DOCKER_HOST:-} in
        ''|unix://$socket) ;;
        *) fail "DOCKER_HOST is $DOCKER_HOST; a camp runs on this machine's own Docker Engine." \
            "Unset DOCKER_HOST and run the same command again." ;;
    esac
    if command -v docker >/dev/null 2>&1; then
        if answer=$(docker version --format '{{.Server.Version}}' 2>&1); then
            enough_engine "$answer"
            return
        fi
        case $answer in
            *[Pp]'ermission denied'*)
                fail "This account may not use Docker ($socket)." "Run: sudo $goal" ;;
        esac
    fi
    [ "$(id -u)" = 0 ] || fail "No Docker Engine answers on this machine." "Run: sudo $goal"
    if ! command -v dockerd >/dev/null 2>&1 || ! command -v docker >/dev/null 2>&1; then
        install_engine
    fi
    step "Starting Docker Engine" start_engine
    enough_engine "$(docker version --format '{{.Server.Version}}')"
}

enough_engine() {
    [ "${1%%.*}" -ge 20 ] 2>/dev/null || fail "Docker Engine $1 is too old; 20.10 or newer is needed." \
        "Upgrade it and run the same command again."
}

install_engine() {
    case $(distribution) in
        debian) ;;
        ubuntu) fail "No Docker Engine on this machine." "Run: sudo apt-get install -y docker.io" ;;
        fedora) fail "No Docker Engine on this machine." "Run: sudo dnf install -y moby-engine && sudo systemctl start docker" ;;
        *) fail "No Docker Engine on this machine, and only on Debian can it be installed for you." \
            "Install one (https://docs.docker.com/engine/install/), then run the same command again." ;;
    esac
    outlive_engine
    step "Installing Docker Engine (Debian's docker.io)" install_packages docker.io iptables docker-cli
}

# An Engine that is only now installed is told to let containers run on while it is
# restarted, as by its own updates. What somebody has decided already stays.
outlive_engine() {
    [ ! -e "$engine_settings" ] || return 0
    mkdir -p "${engine_settings%/*}"
    printf '{\n  "live-restore": true\n}\n' > "$engine_settings"
}

# Install those of the named packages that this Debian release has.
install_packages() {
    apt-get update || return 1
    wanted=
    for package in "$@"; do
        if apt-cache show "$package" >/dev/null 2>&1; then wanted="$wanted $package"; fi
    done
    # A mirror out of reach is a mere warning of apt-get update.
    if [ -z "$wanted" ]; then
        echo "No source of packages offers: $*"
        return 1
    fi
    # shellcheck disable=SC2086  # a list of words
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $wanted
}

start_engine() {
    if [ -d /run/systemd/system ]; then
        systemctl enable --now docker || return 1
    else
        # Without systemd nobody else starts it; it must outlive this command.
        rm -f /var/run/docker.pid
        setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &
    fi
    waited=0
    until docker version >/dev/null 2>&1; do
        waited=$((waited + 1))
        if [ "$waited" -gt 60 ]; then
            tail -n 20 /var/log/dockerd.log 2>/dev/null
            echo "Docker Engine did not answer within 60 s."
            return 1
        fi
        sleep 1
    done
}
