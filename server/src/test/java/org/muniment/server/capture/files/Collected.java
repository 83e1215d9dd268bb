package org.muniment.server.capture.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.muniment.archive.event.SourceText;

/// Everything that was found in files.
final class Collected implements FileReceiver {

  /// A message, with its octets one character each.
  record Found(
      String mailbox,
      String delimiter,
      String format,
      String path,
      Instant date,
      Set<String> flags,
      String octets,
      boolean synthetic) {}

  final List<Found> messages = new ArrayList<>();
  final List<String> failed = new ArrayList<>();
  final List<String> vanished = new ArrayList<>();
  final Set<String> skipped = new TreeSet<>();
  long at;

  static Collected of(ImportFormat format, Path path, Path temporary) throws IOException {
    Collected collected = new Collected();
    MailFiles.at(path, format, temporary).read(collected);
    return collected;
  }

  @Override
  public void message(FileMessage message) throws IOException {
    try (InputStream in = message.octets().open()) {
      messages.add(
          new Found(
              message.mailbox().name().display(),
              message.mailbox().delimiter(),
              message.format(),
              message.place().toString(),
              message.internalDate(),
              message.flags().stream()
                  .map(SourceText::display)
                  .collect(Collectors.toCollection(TreeSet::new)),
              new String(in.readAllBytes(), StandardCharsets.ISO_8859_1),
              message.synthetic()));
    }
  }

  @Override
  public void failed(FilePlace place, String reason) {
    failed.add(place + ": " + reason);
  }

  @Override
  public void vanished(FilePlace place) {
    vanished.add(place.toString());
  }

  @Override
  public void skipped(FilePlace place) {
    skipped.add(place.toString());
  }

  @Override
  public void at(long octets) {
    at = octets;
  }

  List<String> octets() {
    return messages.stream().map(Found::octets).toList();
  }

  /// Octets of the messages by mailbox.
  Map<String, List<String>> byMailbox() {
    return messages.stream()
        .collect(
            Collectors.groupingBy(
                Found::mailbox,
                TreeMap::new,
                Collectors.mapping(Found::octets, Collectors.toList())));
  }

  Found only() {
    if (messages.size() != 1) {
      throw new AssertionError(messages + " " + failed);
    }
    return messages.getFirst();
  }
}
