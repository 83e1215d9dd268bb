package org.muniment.archive.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `openssl` command opens what we have sealed, with the lines that a stranger would type.
class OpensslJudgeIT {

  private static final byte[] TEXT = "octets of a frame\r\n".repeat(5_000).getBytes(US_ASCII);

  @TempDir Path folder;
  private final SoftwareRootKey rootKey = SoftwareRootKey.generate(new SecureRandom());

  @Test
  void opensslUnwrapsTheKeyOfAFile() throws Exception {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    Files.write(folder.resolve("wrapped"), new WrappedKey(rootKey.id(), rootKey.wrap(key)).write());
    String unwrapped =
        shell(
            """
            sed -n 's/^key //p' wrapped | tr a-f A-F | basenc -d --base16 |
              openssl enc -d -id-aes256-wrap -K %s -iv A6A6A6A6A6A6A6A6 |
              od -An -v -tx1 | tr -d ' \\n'
            """
                .formatted(hex(rootKey.octets())));
    assertThat(unwrapped).isEqualTo(hex(key));
  }

  /// `openssl enc` knows no GCM, but GCM encrypts as CTR does, beginning with counter 2 after the
  /// nonce.
  @Test
  void opensslDecryptsAFrame() throws Exception {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    long frame = 0x0123_4567_89ab_cdefL;
    byte[] sealed = FrameCipher.of(key).seal(frame, new byte[] {1}, TEXT, 0, TEXT.length);
    Files.write(folder.resolve("frame"), Arrays.copyOf(sealed, TEXT.length));
    shell(
        "openssl enc -d -aes-256-ctr -K %s -iv 00000000%016x00000002 -in frame -out text"
            .formatted(hex(key), frame));
    assertThat(folder.resolve("text")).hasBinaryContent(TEXT);
  }

  @Test
  void sha256sumNamesTheRootKey() throws Exception {
    Files.write(folder.resolve("key"), rootKey.octets());
    assertThat(shell("printf 'muniment root key 1' | cat - key | sha256sum | cut -c 1-16").strip())
        .isEqualTo(rootKey.id());
  }

  private static String hex(byte[] octets) {
    return HexFormat.of().formatHex(octets);
  }

  private String shell(String lines) throws Exception {
    Process process =
        new ProcessBuilder("bash", "-e", "-o", "pipefail", "-c", lines)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }
}
