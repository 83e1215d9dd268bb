package org.muniment.archive.evidence;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.muniment.archive.Evidence;
import org.muniment.archive.log.TreeProofs;

/// Writes the evidence of a message as files:
///
/// | file | holds |
/// |---|---|
/// | `README.txt` | what each file is, and the shell lines that check them |
/// | `message.eml` | the octets |
/// | `event.json`, `blind` | where and when it was captured, and the 32 octets that blind it |
/// | `leaf.json` | what the log holds of it |
/// | `inclusion-proof` | a line `left HASH` or `right HASH` per node on the way to the root |
/// | `checkpoint` | size and root of the log, signed |
/// | `checkpoint.text`, `checkpoint.signature` | what is signed, and the bare signature |
/// | `log-key`, `log-key.pem` | the log's public key, as a verifier key of C2SP signed-note and for `openssl` |
public final class EvidenceBundle {

  private EvidenceBundle() {}

  /// Takes files by name.
  public interface Files {
    /// Opens a new file; the caller closes it.
    OutputStream create(String name) throws IOException;
  }

  /// Writes all files.
  ///
  /// @param message the octets that the event of `evidence` placed, read to their end
  public static void write(Evidence evidence, InputStream message, Files files) throws IOException {
    try (OutputStream out = files.create("message.eml")) {
      message.transferTo(out);
    }
    put(files, "event.json", evidence.event());
    put(files, "blind", evidence.blind());
    put(files, "leaf.json", evidence.leaf());
    put(files, "inclusion-proof", path(evidence).getBytes(US_ASCII));
    put(files, "checkpoint", evidence.checkpoint());
    String note = new String(evidence.checkpoint(), UTF_8);
    put(files, "checkpoint.text", evidence.logKey().open(note).getBytes(UTF_8));
    put(files, "checkpoint.signature", evidence.logKey().signature(note));
    put(files, "log-key", (evidence.logKey().text() + "\n").getBytes(US_ASCII));
    put(files, "log-key.pem", pem(evidence).getBytes(US_ASCII));
    put(files, "README.txt", readme(evidence).getBytes(UTF_8));
  }

  private static void put(Files files, String name, byte[] octets) throws IOException {
    try (OutputStream out = files.create(name)) {
      out.write(octets);
    }
  }

  private static String path(Evidence evidence) {
    StringBuilder path = new StringBuilder();
    for (TreeProofs.Step step : evidence.path()) {
      path.append(step.side().name().toLowerCase(Locale.ROOT))
          .append(' ')
          .append(HexFormat.of().formatHex(step.node()))
          .append('\n');
    }
    return path.toString();
  }

  private static String pem(Evidence evidence) {
    byte[] key = evidence.logKey().key().getEncoded();
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
        + "\n-----END PUBLIC KEY-----\n";
  }

  private static String readme(Evidence evidence) {
    return """
        EVIDENCE OF ONE MESSAGE

        This folder shows that message.eml was captured as event.json says, and that the log of the
        archive it lies in has held that since. It is entry %d of the log "%s".
        Each step below is checked with tools that everybody has (bash, sha256sum, base64,
        openssl 3); the software of the archive is not needed.

        1. The message is the one that the event names. Both lines show the same hash.

             sha256sum < message.eml
             grep -o '"content":"[0-9a-f]*"' event.json | cut -d'"' -f4

        2. The log holds a commitment to this very event. Both lines show the same hash. (The 32
           octets of the file blind keep the commitment from being guessed.)

             cat blind event.json | sha256sum
             grep -o '"commitment":"[0-9a-f]*"' leaf.json | cut -d'"' -f4

        3. The leaf is in the log (RFC 6962 section 2.1). Both last lines show the same hash.

             octets() { printf "$(sed 's/../\\\\x&/g')"; }
             hash=$( (printf '\\0'; cat leaf.json) | sha256sum | cut -c1-64)
             while read -r side node; do
               if [ $side = left ]; then pair=$node$hash; else pair=$hash$node; fi
               hash=$( (printf '\\1'; printf '%%s' $pair | octets) | sha256sum | cut -c1-64)
             done < inclusion-proof
             printf '%%s' $hash | octets | base64
             sed -n 3p checkpoint

        4. The checkpoint is signed with the key of the log.

             openssl pkeyutl -verify -pubin -inkey log-key.pem -rawin \\
               -in checkpoint.text -sigfile checkpoint.signature

        5. The key and the checkpoint are not just this folder's word: compare log-key with the one
           that the archive's owner made known, and ask whoever was sent a later checkpoint whether
           the log that they know begins with this one (C2SP tlog-checkpoint, RFC 6962 section 2.1.2).
        """
        .formatted(evidence.index(), evidence.logKey().name());
  }
}
