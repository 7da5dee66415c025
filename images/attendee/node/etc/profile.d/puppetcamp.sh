# A terminal's login shell finds the tools of the seat, nbgrader's among them.
export PATH="/opt/puppetcamp/bin:$PATH"
