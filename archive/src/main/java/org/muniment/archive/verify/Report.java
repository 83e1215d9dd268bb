package org.muniment.archive.verify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.AccountName;
import org.muniment.archive.event.CanonicalJson;
import org.muniment.archive.event.ContentId;
import org.muniment.archive.event.Event;
import org.muniment.archive.event.MailboxId;
import org.muniment.archive.event.Uid;
import org.muniment.archive.log.Checkpoint;
import org.muniment.archive.log.Note;

/// What a verification found.
///
/// @param checkpoint that was verified, null when there is no right one
/// @param counts what was read
/// @param findings what is wrong, by file; empty for a sound archive
/// @param notes what is worth knowing and not wrong
public record Report(
    @Nullable Checkpoint checkpoint, Counts counts, List<Finding> findings, List<String> notes) {

  public Report {
    findings = List.copyOf(findings);
    notes = List.copyOf(notes);
  }

  /// What was read.
  ///
  /// @param leaves whose events were hashed
  /// @param messages that were joined and hashed and are right. Those of a journal are checked and
  ///   not counted once a segment holds them, too
  /// @param parts that were hashed, counted likewise
  /// @param octets sum of the lengths of the messages
  /// @param files journals and segments that were read
  public record Counts(long leaves, long messages, long parts, long octets, long files) {}

  /// Whether nothing is wrong.
  public boolean sound() {
    return findings.isEmpty();
  }

  /// Number of leaves that were checked.
  public long leaves() {
    return counts.leaves;
  }

  /// Number of messages that were hashed.
  public long messages() {
    return counts.messages;
  }

  /// Sum of the lengths of the messages.
  public long octets() {
    return counts.octets;
  }

  /// Code points of a text in a report, at most.
  private static final int LONGEST = 1_000;

  /// A text in which names and octets of damaged files may stand: cut, and without what a terminal
  /// obeys or JSON has no octets for.
  static String printable(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .map(
            c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '?' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  /// One thing that is wrong. The texts are cut to 1,000 characters, and hold no control
  /// characters.
  ///
  /// @param file relative to the archive
  /// @param offset in the file, -1 for the file as a whole
  /// @param message that is concerned, null when none is or it is not known
  /// @param placement of the message that is concerned, null when none is or it is not known
  public record Finding(
      String file,
      long offset,
      @Nullable ContentId message,
      @Nullable Place placement,
      String expected,
      String found) {

    public Finding {
      file = printable(file);
      expected = printable(expected);
      found = printable(found);
    }

    /// One line that names all of it.
    public String text() {
      return file
          + (offset < 0 ? "" : " at offset " + offset)
          + ": expected "
          + expected
          + ", found "
          + found
          + (message == null ? "" : " (message " + message + ")")
          + (placement == null ? "" : " (" + placement.text() + ")");
    }

    /// The fields of its JSON object.
    Map<String, Object> fields() {
      Map<String, Object> fields = new TreeMap<>();
      fields.put("file", file);
      fields.put("expected", expected);
      fields.put("found", found);
      if (offset >= 0) {
        fields.put("offset", offset);
      }
      if (message != null) {
        fields.put("message", message.toString());
      }
      if (placement != null) {
        fields.put("account", placement.account.value());
        fields.put("mailbox", placement.mailbox.value());
        fields.put("uid", placement.uid.value());
      }
      return fields;
    }

    /// Reads what [#fields] gives, without the placement.
    ///
    /// @throws IllegalArgumentException when it is anything else
    static Finding of(Map<?, ?> fields) {
      if (fields.get("file") instanceof String file
          && fields.get("expected") instanceof String expected
          && fields.get("found") instanceof String found) {
        return new Finding(
            file,
            fields.get("offset") instanceof Long offset ? offset : -1,
            fields.get("message") instanceof String id ? ContentId.parse(id) : null,
            null,
            expected,
            found);
      }
      throw new IllegalArgumentException("file, expected and found are expected of a finding");
    }
  }

  /// Where a message stands in the view.
  public record Place(AccountName account, MailboxId mailbox, Uid uid) {

    static Place of(Event.Placement placement) {
      return new Place(placement.account(), placement.mailbox(), placement.uid());
    }

    String text() {
      return "account " + account + ", mailbox " + mailbox + ", UID " + uid;
    }
  }

  /// The report as canonical JSON (RFC 8785).
  ///
  /// ```
  /// {"checkpoint": {"origin": , "root": 64hex, "size": }, "files": , "findings": [{"account"?: ,
  ///  "expected": , "file": , "found": , "mailbox"?: , "message"?: 64hex, "offset"?: , "uid"?: }],
  ///  "leaves": , "messages": , "notes": [], "octets": , "parts": , "sound": }
  /// ```
  public byte[] json() {
    return CanonicalJson.write(fields());
  }

  private Map<String, Object> fields() {
    Map<String, Object> fields = new TreeMap<>();
    if (checkpoint != null) {
      fields.put(
          "checkpoint",
          Map.of(
              "origin", checkpoint.origin(),
              "root", checkpoint.root(),
              "size", checkpoint.size()));
    }
    fields.put("files", counts.files);
    fields.put("findings", findings.stream().map(Finding::fields).toList());
    fields.put("leaves", counts.leaves);
    fields.put("messages", counts.messages);
    fields.put("notes", notes);
    fields.put("octets", counts.octets);
    fields.put("parts", counts.parts);
    fields.put("sound", sound());
    return fields;
  }

  /// The report with a signature, as canonical JSON.
  ///
  /// ```
  /// {"key": verifier-key, "report": report, "signature": base64(Ed25519 over report)}
  /// ```
  ///
  /// @param signer whose verifier key is given as [Note.Verifier#text()]
  public byte[] signed(Note.Signer signer) {
    try {
      Signature ed25519 = Signature.getInstance("Ed25519");
      ed25519.initSign(signer.key());
      ed25519.update(json());
      return CanonicalJson.write(
          Map.of(
              "key",
              signer.verifier().text(),
              "report",
              fields(),
              "signature",
              new String(Base64.getEncoder().encode(ed25519.sign()), StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an Ed25519 key signs", e);
    }
  }
}
