package org.muniment.server.view.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ContentDispositionTest {

  private static final String FALLBACK = "part-1.bin";

  private static String of(String name) {
    return ContentDisposition.attachment(name, FALLBACK);
  }

  @Test
  void anOrdinaryNameStaysAsItIs() {
    assertThat(of("report 2024.pdf"))
        .isEqualTo("attachment; filename=\"report 2024.pdf\"; filename*=UTF-8''report%202024.pdf");
  }

  @Test
  void otherScriptsAreInTheExtendedForm() {
    assertThat(of("Über 报告.pdf"))
        .isEqualTo(
            "attachment; filename=\"_ber __.pdf\";"
                + " filename*=UTF-8''%C3%9Cber%20%E6%8A%A5%E5%91%8A.pdf");
  }

  @Test
  void aPathKeepsItsLastStepOnly() {
    assertThat(of("../../etc/passwd")).contains("filename=\"passwd\"");
    assertThat(of("C:\\Windows\\System32\\evil.exe")).contains("filename=\"evil.exe\"");
    assertThat(of("..")).contains("filename=\"part-1.bin\"");
    assertThat(of("a/")).contains("filename=\"part-1.bin\"");
  }

  @Test
  void noNameIsTheFallback() {
    assertThat(of("")).contains("filename=\"part-1.bin\"");
    assertThat(of(" . .. ")).contains("filename=\"part-1.bin\"");
    assertThat(of("\u0000\u0007")).contains("filename=\"part-1.bin\"");
  }

  @Test
  void aNameCannotEndItsHeader() {
    assertThat(of("a\"; x=\"b\r\nSet-Cookie: c=d"))
        .isEqualTo(
            "attachment; filename=\"a_; x=_bSet-Cookie_ c=d\";"
                + " filename*=UTF-8''a_%3B%20x%3D_bSet-Cookie_%20c%3Dd");
  }

  @Test
  void aNameDoesNotTurnItsDirection() {
    assertThat(of("photo\u202Egpj.exe")).contains("filename=\"photogpj.exe\"");
  }

  @Test
  void aHiddenFileIsNotHidden() {
    assertThat(of(".bashrc")).contains("filename=\"bashrc\"");
  }

  @Test
  void aLongNameIsCutAndKeepsItsExtension() {
    assertThat(of("x".repeat(100_000) + ".pdf"))
        .contains("filename=\"" + "x".repeat(116) + ".pdf\"");
  }

  @Test
  void whateverTheNameTheHeaderIsOneLineOfAscii() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder name = new StringBuilder();
      random.ints(random.nextInt(40), 0, 0x3000).forEach(c -> name.append((char) c));
      random.ints(random.nextInt(5), 0xD700, 0xE100).forEach(c -> name.append((char) c));
      String header = of(name.toString());
      assertThat(header.chars().allMatch(c -> c >= 0x20 && c <= 0x7E))
          .as("seed %d: %s", seed, header)
          .isTrue();
      assertThat(header.chars().filter(c -> c == '"').count()).as("seed %d", seed).isEqualTo(2);
    }
  }
}
