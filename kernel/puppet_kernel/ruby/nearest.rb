# frozen_string_literal: true

require 'did_you_mean'

module WarmPuppet
  # Finds the names that somebody may have meant.
  module Nearest
    module_function

    # Returns at most `count` names, the likeliest first.
    def names(word, known, count = 3)
      begun = known.select { |name| word.length > 2 && name.start_with?(word) }.sort_by(&:length)
      close = DidYouMean::SpellChecker.new(dictionary: known).correct(word)
      (close + begun).uniq.first(count)
    end

    # Returns what to say after "there is no …".
    def advice(word, known)
      close = names(word, known)
      return "there are #{known.sort.join(', ')}" if close.empty? && known.size <= 40
      return 'none has a name like it' if close.empty?

      *first, last = close
      "did you mean #{first.empty? ? last : "#{first.join(', ')} or #{last}"}?"
    end
  end
end
