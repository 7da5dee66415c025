# A terminal's login shell finds the tools of the seat, nbgrader's among them.
export PATH="/opt/puppetcamp/bin:$PATH"

# Its prompt shows how much time is left; `camp` says it in words.
if [ -n "${BASH_VERSION-}" ] && [ -n "${PS1-}" ]; then
    . /usr/share/puppetcamp/remaining.sh
    camp_prompt() {
        local camp_state camp_left
        camp_remaining
        CAMP_PROMPT=${camp_left:+[$camp_left${camp_state#running}] }
        CAMP_PROMPT=${CAMP_PROMPT/paused/ paused}
        # Not at the start: the shell's own files set the prompt after this one.
        case $PS1 in
            *'${CAMP_PROMPT}'*) ;;
            *) PS1='${CAMP_PROMPT}'$PS1 ;;
        esac
    }
    PROMPT_COMMAND=camp_prompt${PROMPT_COMMAND:+;$PROMPT_COMMAND}
fi
