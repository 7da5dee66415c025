# frozen_string_literal: true

require 'etc'

module WarmPuppet
  # The user that a session belongs to; Puppet itself may be root.
  module Account
    module_function

    # name: nil for whoever the worker is. Raises ArgumentError if there is no such user.
    def find(name)
      name ? Etc.getpwnam(name) : Etc.getpwuid
    end

    # Makes this process the user's, for good. Runs in a child only. An unprivileged
    # worker can only be itself; the system refuses anything else.
    def become(account)
      return if account.uid == Process.uid

      Process.initgroups(account.name, account.gid)
      Process::GID.change_privilege(account.gid)
      Process::UID.change_privilege(account.uid)
    end
  end
end
