# frozen_string_literal: true

require 'etc'

module WarmPuppet
  # Saves a child from applying Puppet's own catalog of folders when one look at each
  # of them says that it has nothing to do. That catalog is two fifths of a short run.
  # Whatever this cannot judge is left to Puppet.
  module SettledFolders
    # Part of the files that Puppet writes: its state survives a crash of Puppet as
    # before, and need not survive a power cut. Waiting for a disk takes longer than
    # compiling a cell.
    module StateUnsynced
      def fsync
        path.start_with?(Puppet[:statedir], Puppet[:publicdir]) ? 0 : super
      end
    end

    # Runs the block when no other worker makes folders: of two that make the same one
    # at once, one fails. A lock that is held for too long is no reason to wait.
    def self.alone
      File.open(__FILE__) do |file|
        50.times { file.flock(File::LOCK_EX | File::LOCK_NB) ? break : sleep(0.1) }
        yield
      end
    end

    # Makes what is missing, in the parent. What cannot be made is a child's to tell.
    def self.make
      alone { Puppet.settings.use(:main, :agent, :ssl) }
    rescue StandardError => e
      warn("Puppet's folders: #{e.message}")
    end

    def use(*sections)
      sections = sections.map(&:to_sym)
      # Puppet remembers the answer for as long as it runs, and a worker runs for hours.
      @service_user_available = account?(:getpwnam, self[:user])
      @service_group_available = account?(:getgrnam, self[:group])
      return SettledFolders.alone { super } unless Puppet[:settings_catalog] && settled?(sections)

      @used |= sections
    end

    private

    def settled?(sections)
      return false if self[:mkusers] || (sections & %i[master server]).any?
      return false if wants_environment?

      @config.each_value.all? do |setting|
        !setting.is_a?(Puppet::Settings::FileSetting) || !sections.include?(setting.section) || as_wanted?(setting)
      end
    end

    # Puppet makes a folder for the environment where there is one for environments.
    def wants_environment?
      self[:environment] == 'production' && !production_environment_exists? &&
        File.exist?(self[:environmentpath].split(File::PATH_SEPARATOR).first)
    end

    def as_wanted?(setting)
      path = setting.value
      return true unless path.is_a?(String) && setting.type

      stat = File.stat(path)
      stat.ftype == setting.type.to_s && permissions?(setting, stat)
    rescue Errno::ENOENT
      # Puppet makes folders only, and not those that its settings rule out.
      setting.type == :file || setting.to_resource.nil?
    rescue SystemCallError
      false
    end

    def permissions?(setting, stat)
      return true unless self[:manage_internal_file_permissions]

      (!Process.uid.zero? || owners?(setting, stat)) && mode?(setting, stat)
    end

    def mode?(setting, stat)
      return true unless setting.mode

      wanted = setting.mode.is_a?(String) ? setting.mode.to_i(8) : setting.mode
      # Puppet writes its state file with another mode than it wants it to have.
      File.chmod(wanted, setting.value) if setting.name == :statefile && !File.symlink?(setting.value)
      setting.name == :statefile || (stat.mode & 0o7777) == wanted
    end

    def owners?(setting, stat)
      owner = setting.owner
      group = setting.group
      (owner.nil? || Etc.getpwnam(owner).uid == stat.uid) && (group.nil? || Etc.getgrnam(group).gid == stat.gid)
    rescue ArgumentError
      false
    end

    def account?(finder, name)
      name ? !Etc.public_send(finder, name).nil? : false
    rescue ArgumentError
      false
    end
  end
end
