package org.muniment.indexer.extract;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The program that finds text in pictures.
public final class Tesseract {

  /// Where it is looked for, as `PATH` has it.
  static final String FOLDERS = "/usr/local/bin:/usr/bin:/bin";

  private Tesseract() {}

  /// Whether it is installed.
  public static boolean isInstalled() {
    return Arrays.stream(FOLDERS.split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "tesseract")));
  }

  /// Where it has to be, for people.
  public static String folders() {
    return FOLDERS;
  }
}
