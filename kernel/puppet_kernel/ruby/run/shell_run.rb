# frozen_string_literal: true

require_relative 'account'

module WarmPuppet
  # Runs one shell script as a given user. Runs in a child only; exits with its status.
  class ShellRun
    # Ends like a shell that was ended by a signal: 128 and the signal's number.
    SIGNALLED = 128

    # request: "code"; "user" (a name; nil: whoever the worker is); "cwd".
    def initialize(request, emitter)
      @request = request
      @emitter = emitter
    end

    def run
      account = Account.find(@request['user'])
      script = fork do
        trap('TERM', 'DEFAULT')
        trap('INT', 'DEFAULT')
        Account.become(account)
        enter(@request['cwd'] || account.dir)
        exec(environment(account), '/bin/bash', '-c', @request['code'], unsetenv_others: true)
      rescue SystemCallError => e
        @emitter.emit(ev: 'problem', message: "the shell could not be started: #{e.message}")
        exit!(126)
      end
      forward_interrupts
      _, status = Process.wait2(script)
      status.exitstatus || (SIGNALLED + status.termsig)
    end

    private

    def enter(folder)
      Dir.chdir(folder)
    rescue SystemCallError => e
      Dir.chdir('/')
      @emitter.emit(ev: 'log', level: 'warning', source: 'shell',
                    message: "cannot work in #{folder} (#{e.message}); working in / instead")
    end

    def environment(account)
      {
        'HOME' => account.dir, 'USER' => account.name, 'LOGNAME' => account.name, 'SHELL' => '/bin/bash',
        'PATH' => ENV.fetch('PATH'), 'LANG' => ENV.fetch('LANG', 'C.UTF-8'), 'TERM' => 'dumb', 'PAGER' => 'cat'
      }
    end

    # The first interrupt means what Ctrl-C means in a terminal.
    def forward_interrupts
      trap('INT', 'IGNORE')
      trap('TERM') { Process.kill('INT', 0) }
    end
  end
end
