package org.muniment.archive.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class NoteTest {

  private final Note.Signer signer = Note.Signer.generate("log.example/mail");
  private final Checkpoint checkpoint =
      Checkpoint.of("log.example/mail", 42, TreeHash.leaf(new byte[] {1}));

  @Test
  void aSignedCheckpointComesBack() {
    Note.Verifier verifier = Note.Verifier.parse(signer.verifier().text());
    assertThat(Checkpoint.open(checkpoint.sign(signer), verifier)).isEqualTo(checkpoint);
  }

  @Test
  void theSecretHalfComesBackFromItsSeed() {
    Note.Signer again = Note.Signer.of(signer.verifier(), signer.seed());
    assertThat(checkpoint.sign(again)).isEqualTo(checkpoint.sign(signer));
  }

  @Test
  void theFormIsThatOfTheStandard() {
    String[] lines = new String(checkpoint.sign(signer), UTF_8).split("\n", -1);
    assertThat(lines).hasSize(6);
    assertThat(lines[0]).isEqualTo("log.example/mail");
    assertThat(lines[1]).isEqualTo("42");
    assertThat(lines[2]).hasSize(44);
    assertThat(lines[3]).isEmpty();
    assertThat(lines[4]).startsWith("— log.example/mail ");
    assertThat(lines[5]).isEmpty();
  }

  @Test
  void anyChangedOctetIsFound() {
    byte[] note = checkpoint.sign(signer);
    for (int i = 0; i < note.length; i++) {
      byte[] changed = note.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> Checkpoint.open(changed, signer.verifier()))
          .as("octet %d", i)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aSizeHasOneForm() {
    String[] lines = new String(checkpoint.sign(signer), UTF_8).split("\n", -1);
    for (String size : new String[] {"042", "+42", "-0", "", "42 ", "9223372036854775808"}) {
      String text = lines[0] + "\n" + size + "\n" + lines[2] + "\n";
      byte[] note = signer.sign(text).getBytes(UTF_8);
      assertThatThrownBy(() -> Checkpoint.open(note, signer.verifier()))
          .as(size)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void theSignatureOfAnotherKeyDoesNotCount() {
    Note.Signer stranger = Note.Signer.generate("log.example/mail");
    assertThatThrownBy(() -> Checkpoint.open(checkpoint.sign(stranger), signer.verifier()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no right signature");
  }
}
