package org.muniment.server.credential;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A secret as the first line of a text; spaces belong to it.
final class SecretLine {

  private SecretLine() {}

  static String first(byte[] text) {
    String whole = new String(text, UTF_8);
    int end = whole.indexOf('\n');
    String line = end < 0 ? whole : whole.substring(0, end);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  /// @param key of config.yml, for the messages
  static String in(String key, Path file) throws CredentialException {
    try (InputStream in = Files.newInputStream(file)) {
      String line = first(in.readNBytes(CommandOutput.LONGEST_LINE));
      if (line.isEmpty()) {
        throw new CredentialException(key + ": the first line of " + file + " is empty", null);
      }
      return line;
    } catch (NoSuchFileException e) {
      throw new CredentialException(key + ": there is no file " + file, e);
    } catch (IOException e) {
      throw new CredentialException(key + ": " + file + " cannot be read: " + e, e);
    }
  }
}
