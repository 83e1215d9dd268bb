package org.muniment.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Where a secret is kept. It is read when it is needed, so that a new one needs no restart.
public sealed interface SecretSource {

  /// The source with relative paths below `folder`.
  SecretSource in(Path folder);

  /// In config.yml itself, or in the environment variable that it names.
  record Written(Secret value) implements SecretSource {
    @Override
    public Written in(Path folder) {
      return this;
    }
  }

  /// The first line of a file.
  record InFile(Path path) implements SecretSource {
    @Override
    public InFile in(Path folder) {
      return new InFile(folder.resolve(path).normalize());
    }
  }

  /// The first line that a program writes to its standard output.
  ///
  /// @param words the program and its arguments, at least one; there is no shell
  record Command(List<String> words) implements SecretSource {
    public Command {
      words = List.copyOf(words);
    }

    /// A program without `/` is looked up in the PATH.
    @Override
    public Command in(Path folder) {
      String program = words.getFirst();
      if (!program.contains("/")) {
        return this;
      }
      List<String> resolved = new ArrayList<>(words);
      resolved.set(0, folder.resolve(program).normalize().toString());
      return new Command(resolved);
    }
  }
}
