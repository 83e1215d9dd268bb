package org.muniment.server.publication;

import java.io.IOException;
import java.nio.file.Path;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.SignedCheckpoint;
import org.muniment.server.config.TargetConfig;

/// A place that takes checkpoints.
sealed interface Target permits FolderTarget, PostTarget, MailTarget, UnusableTarget {

  /// @param archive its folder
  static Target of(TargetConfig config, Path archive) {
    return switch (config) {
      case TargetConfig.Folder folder -> new FolderTarget(folder, archive);
      case TargetConfig.Post post -> new PostTarget(post, PostTarget.PATIENCE);
      case TargetConfig.Mail mail -> new MailTarget(mail, MailTarget.PATIENCE);
      case TargetConfig.Unusable unusable -> new UnusableTarget(unusable);
    };
  }

  /// As in the configuration.
  String name();

  /// Hands the checkpoint over. The same one may be handed over again.
  ///
  /// @throws IOException when the target did not confirm that it has it; the message says why
  void send(SignedCheckpoint checkpoint) throws IOException;

  /// Whether it lies outside: what befalls the archive's file system does not befall it.
  boolean outside() throws IOException;

  /// The name of a file that holds the checkpoint: `ORIGIN-SIZE`, whatever is not of `A-Za-z0-9.-`
  /// as `_`.
  static String fileName(Checkpoint checkpoint) {
    StringBuilder name = new StringBuilder();
    checkpoint
        .origin()
        .chars()
        .forEach(c -> name.append(c < 0x80 && isPlain((char) c) ? (char) c : '_'));
    return name.append('-').append(checkpoint.size()).toString();
  }

  private static boolean isPlain(char c) {
    return Character.isLetterOrDigit(c) || c == '.' || c == '-';
  }
}
