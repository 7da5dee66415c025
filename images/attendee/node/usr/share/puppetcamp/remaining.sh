# How much time is left, for terminals: the same figure that JupyterLab shows. Needs no
# other program, so that a prompt costs nothing.
#
# The seat's server writes the file: "running ENDS" (a moment of /proc/uptime), "paused
# LEFT", "unlimited" or "unknown". Seconds have two decimals.

# Set `camp_state` to the file's word and `camp_left` to h:mm:ss; both may be empty.
# Seconds are rounded up: nothing is left only when nothing is left.
camp_remaining() {
    local seconds up rest left
    camp_state='' camp_left='' seconds=''
    { read -r camp_state seconds < "${PUPPETCAMP_RUN:-/run/puppetcamp}/time"; } 2>/dev/null \
        || return 0
    case $camp_state in
        running) read -r up rest < /proc/uptime ;;
        paused) up=0.00 ;;
        *) return 0 ;;
    esac
    case $seconds in
        *[!0-9.]* | '') camp_state=unknown; return 0 ;;
    esac
    left=$(( (10#${seconds/./} - 10#${up/./} + 99) / 100 ))
    [ "$left" -ge 0 ] || left=0
    printf -v camp_left '%d:%02d:%02d' \
        $((left / 3600)) $((left / 60 % 60)) $((left % 60))
}
