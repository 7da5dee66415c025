# frozen_string_literal: true

module WarmPuppet
  # What Ruby has compiled Puppet's files to, so that a start need not compile them again:
  # a third of its time. `compile.rb` fills the folder, where an image is made; without
  # the folder, and for a file that is another one than it was then, Ruby compiles as ever.
  module CodeCache
    FOLDER = File.expand_path('../compiled', __dir__)

    # Part of Ruby's loader, which asks here for each file before it compiles it.
    module Reading
      def load_iseq(path)
        CodeCache.read(path)
      end
    end

    # The same while the cache is filled.
    module Writing
      def load_iseq(path)
        compile_file(path).tap { |code| File.binwrite(CodeCache.place(path), code.to_binary) }
      rescue SyntaxError, SystemCallError
        nil # the loader says what is wrong
      end
    end

    @open = false

    class << self
      def use
        return unless File.directory?(FOLDER) && loader

        @open = true
        loader.singleton_class.prepend(Reading)
      end

      # From here on Ruby compiles what is still loaded.
      def leave
        @open = false
      end

      def fill
        Dir.mkdir(FOLDER) unless File.directory?(FOLDER)
        loader.singleton_class.prepend(Writing)
      end

      # Where the code of a file lies, as it is now: by its size and the time of its last change.
      def place(path)
        stat = File.stat(path)
        "#{FOLDER}/#{path.delete_prefix('/').tr('/', '+')}@#{stat.size}.#{stat.mtime.to_i}"
      end

      def read(path)
        loader.load_from_binary(File.binread(place(path))) if @open
      rescue SystemCallError, RuntimeError
        nil # not there, or another Ruby's
      end

      private

      # Only the Ruby that most people have keeps compiled code.
      def loader
        RubyVM::InstructionSequence if defined?(RubyVM::InstructionSequence)
      end
    end
  end
end
