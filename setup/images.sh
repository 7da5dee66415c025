# Build the camp's images. Sourced by setup/camp and setup/develop.

needed_megabytes=5000

# The authorities that this machine trusts beside Debian's own: a TLS-intercepting proxy's,
# as a rule. Builds trust them too; finished images do not hold them.
collect_authorities() {
    fresh=.build/authorities.$$
    rm -rf "$fresh"
    mkdir -p "$fresh"
    # There is always a file, since COPY wants one.
    : > "$fresh/none.crt"
    for authority in /usr/local/share/ca-certificates/*.crt; do
        [ -e "$authority" ] || continue
        { cat "$authority"; echo; } > "$fresh/${authority##*/}"
    done
    # Left alone if nothing changed: another build may be reading the folder.
    if diff -rq "$fresh" .build/authorities >/dev/null 2>&1; then
        rm -rf "$fresh"
    else
        rm -rf .build/authorities
        mv "$fresh" .build/authorities
    fi
}

enough_disk() {
    root=$(docker info --format '{{.DockerRootDir}}')
    [ -d "$root" ] || return 0
    free=$(df -Pm "$root" | awk 'NR==2 {print $4}')
    if docker image inspect puppetcamp/hub puppetcamp/attendee >/dev/null 2>&1; then
        needed_megabytes=500
    fi
    [ "$free" -ge "$needed_megabytes" ] || fail \
        "Only $free MB are free in $root; the camp needs $needed_megabytes MB." \
        "Free some space (df -h $root; docker system df), then run the same command again."
}

# Debian itself: from a registry where one answers, else made from Debian's packages.
ensure_debian() {
    if docker image inspect puppetcamp/debian:trixie >/dev/null 2>&1; then return; fi
    step "Getting Debian trixie" debian_image
}

debian_image() {
    if timeout 120 docker pull -q debian:trixie-slim; then
        docker tag debian:trixie-slim puppetcamp/debian:trixie
        return
    fi
    echo "  … no registry answers; making it from Debian's packages"
    if ! command -v mmdebstrap >/dev/null 2>&1; then
        if [ "$(distribution)" != debian ] || [ "$(id -u)" != 0 ]; then
            echo "Neither a registry nor mmdebstrap is at hand. Run: sudo apt-get install -y mmdebstrap"
            return 1
        fi
        install_packages mmdebstrap || return 1
    fi
    # The same paths stay out that Debian's own slim image leaves out.
    set --
    for path in doc man info locale lintian; do
        set -- "$@" --dpkgopt="path-exclude=/usr/share/$path/*"
    done
    mmdebstrap --quiet --variant=minbase "$@" trixie .build/debian.tar || return 1
    docker import .build/debian.tar puppetcamp/debian:trixie || return 1
    rm -f .build/debian.tar
}

# build NAME [ARGUMENT...]: build images/NAME/Dockerfile as puppetcamp/NAME.
build() {
    name=$1
    shift
    for variable in http_proxy https_proxy no_proxy PIP_INDEX_URL; do
        if [ -n "$(printenv "$variable")" ]; then set -- --build-arg "$variable" "$@"; fi
    done
    docker build -t "puppetcamp/$name" -f "images/$name/Dockerfile" "$@" .
}

build_images() {
    enough_disk
    collect_authorities
    ensure_debian
    step "Building the base image" build base --build-arg DEBIAN=puppetcamp/debian:trixie
    step "Building the hub's image" build hub
    step "Building the attendees' image" build attendee
}
