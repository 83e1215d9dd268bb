package org.muniment.server.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.evidence.EvidenceBundle;
import org.muniment.indexer.catalog.Message;
import org.muniment.indexer.catalog.Place;
import org.muniment.server.config.Settings;
import org.muniment.server.runtime.CannotStartException;
import org.muniment.server.runtime.Installation;

/// Writes the evidence of a message into a folder.
final class ProofCommand implements Command {

  @Override
  public String name() {
    return "proof";
  }

  @Override
  public String summary() {
    return "evidence of one message, that checks without this software";
  }

  @Override
  public List<String> options() {
    return List.of("--to DIR");
  }

  @Override
  public String help() {
    return """
        usage: scripts/muniment proof MESSAGE --to DIR

        Writes the message, the event of its first capture, the event's place in the log and the signed
        checkpoint into DIR, with a README.txt whose shell lines check all of it with sha256sum and
        openssl.

        MESSAGE   the message's id: the SHA-256 of its octets, as search --json shows it
        --to DIR  a new or empty folder
        """;
  }

  @Override
  public ExitCode run(Arguments arguments, Settings settings, Console console) throws Exception {
    ContentId id = id(arguments.exactly("MESSAGE").getFirst());
    Path folder =
        Path.of(arguments.value("--to").orElseThrow(() -> new UsageException("--to is missing")));
    try (Installation installation = Installation.openExisting(settings, console.err()::println)) {
      Message message =
          installation
              .catalogue()
              .messages()
              .find(id)
              .orElseThrow(() -> new CannotStartException("the archive has no message " + id));
      write(installation, message, emptyFolder(folder));
    }
    console.out().println("evidence in " + folder + "; README.txt says how to check it");
    return ExitCode.DONE;
  }

  private static ContentId id(String hex) throws UsageException {
    try {
      return ContentId.parse(hex);
    } catch (IllegalArgumentException e) {
      throw new UsageException("MESSAGE \"" + hex + "\": " + e.getMessage());
    }
  }

  private static Path emptyFolder(Path folder) throws IOException, UsageException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      if (files.findAny().isPresent()) {
        throw new UsageException("--to " + folder + ": the folder is not empty");
      }
    }
    return folder;
  }

  private static void write(Installation installation, Message message, Path folder)
      throws IOException {
    long leaf =
        installation
            .catalogue()
            .messages()
            .places(List.of(message.number()))
            .getOrDefault(message.number(), List.of())
            .stream()
            .mapToLong(Place::leaf)
            .min()
            .orElse(message.leaf());
    try (InputStream octets =
        installation.archive().open(message.content(), message.location(), 0)) {
      EvidenceBundle.write(
          installation.archive().evidence(leaf),
          octets,
          name -> Files.newOutputStream(folder.resolve(name)));
    }
  }
}
