package org.muniment.server.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.MailboxId;

/// What an export will hold, decided once, so that one that goes on later makes the same: kept in
/// `plan.json`, and in `numbers` which messages the query found.
///
/// @param key of the request
/// @param position of the log, as of which
/// @param checkpoint that the proofs lead to, signed
/// @param numbers of the messages that the query found, null without one
/// @param messages how many there are, each once for each mailbox
record Plan(
    String key,
    Instant begun,
    long position,
    String checkpoint,
    List<Box> mailboxes,
    @Nullable BitSet numbers,
    long messages,
    long octets) {

  private static final String FILE = "plan.json";
  private static final String NUMBERS = "numbers";

  /// A mailbox and its folder in the export, levels separated by `/`.
  record Box(MailboxId id, String folder) {}

  Plan {
    mailboxes = List.copyOf(mailboxes);
  }

  /// Null where there is none.
  static @Nullable Plan read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.notExists(file)) {
      return null;
    }
    JsonNode json = new ObjectMapper().readTree(file.toFile());
    List<Box> mailboxes = new ArrayList<>();
    for (JsonNode box : json.path("mailboxes")) {
      mailboxes.add(new Box(new MailboxId(box.path("id").asText()), box.path("folder").asText()));
    }
    Path numbers = folder.resolve(NUMBERS);
    return new Plan(
        json.path("key").asText(),
        Instant.parse(json.path("begun").asText()),
        json.path("position").asLong(),
        json.path("checkpoint").asText(),
        mailboxes,
        Files.exists(numbers) ? BitSet.valueOf(Files.readAllBytes(numbers)) : null,
        json.path("messages").asLong(),
        json.path("octets").asLong());
  }

  /// It is there as a whole or not at all.
  void write(Path folder) throws IOException {
    if (numbers != null) {
      OwnFiles.write(folder.resolve(NUMBERS), numbers.toByteArray());
    }
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json =
        mapper
            .createObjectNode()
            .put("key", key)
            .put("begun", begun.toString())
            .put("position", position)
            .put("checkpoint", checkpoint)
            .put("messages", messages)
            .put("octets", octets);
    ArrayNode boxes = json.putArray("mailboxes");
    mailboxes.forEach(
        box -> boxes.addObject().put("id", box.id().value()).put("folder", box.folder()));
    Path file = folder.resolve(FILE + ".new");
    OwnFiles.write(file, mapper.writeValueAsBytes(json));
    Files.move(file, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
  }
}
