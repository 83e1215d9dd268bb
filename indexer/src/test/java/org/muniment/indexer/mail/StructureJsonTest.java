package org.muniment.indexer.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StructureJsonTest {

  private static final int ROUNDS = 2000;

  @Test
  void whatIsWrittenIsRead() {
    long seed = System.nanoTime();
    System.out.println("StructureJsonTest seed " + seed);
    Any any = new Any(new Random(seed));
    for (int round = 0; round < ROUNDS; round++) {
      Structure structure = any.structure();
      byte[] json = StructureJson.write(structure);
      assertThat(StructureJson.read(json)).isEqualTo(structure);
      assertThat(StructureJson.readRoot(json)).isEqualTo(structure.root());
    }
  }

  @Test
  void aPlainMessageIsShort() {
    Structure structure = Mails.read("Subject: s\nFrom: a@b\n\nx\n");
    assertThat(new String(StructureJson.write(structure), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"v":1,"p":{"o":[0,25,28,1]},"e":{"s":"s","f":[[null,null,"a","b"]]},"n":28}""");
  }

  @Test
  void unknownFieldsAreSkipped() {
    String json =
        "{\"v\":1,\"new\":[{}],\"e\":{\"new\":{}},\"p\":{\"o\":[0,1,2,3],\"q\":1},\"n\":2}";
    byte[] octets = json.getBytes(StandardCharsets.UTF_8);
    assertThat(StructureJson.read(octets).root().lines()).isEqualTo(3);
    assertThat(StructureJson.readRoot(octets).lines()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"v\":2,\"e\":{},\"p\":{}}",
        "{\"v\":1,\"e\":[],\"p\":{}}",
        "{\"v\":1,\"e\":{},\"p\":{\"o\":[1,2,3,4,5]}}",
        "{\"v\":1,\"e\":{},\"p\":{\"a\":[\"x\"]}}",
        "{\"v\":1,\"e\":{},\"p\":{},\"x\":[[\"NONE\",1]]}",
        "{\"v\":1,\"e\":{},\"p\":"
      })
  void whatWasNotWrittenIsRefused(String json) {
    byte[] octets = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> StructureJson.read(octets))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "null",
        "{\"v\":2,\"p\":{}}",
        "{\"v\":1,\"e\":{}}",
        "{\"v\":1,\"p\":["
      })
  void noRootIsReadFromWhatWasNotWritten(String json) {
    byte[] octets = json.getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> StructureJson.readRoot(octets))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Any structure, whether or not there is mail that has it.
  private record Any(Random random) {

    Structure structure() {
      return new Structure(
          envelope(), part(4), list(this::text), list(this::defect), random.nextLong(1L << 40));
    }

    private Defect defect() {
      Defect.Kind[] kinds = Defect.Kind.values();
      return new Defect(kinds[random.nextInt(kinds.length)], random.nextLong(1L << 40));
    }

    private <T> List<T> list(Supplier<T> one) {
      List<T> list = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        list.add(one.get());
      }
      return list;
    }

    private String text() {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append((char) random.nextInt(256));
      }
      return text.toString();
    }

    private @Nullable String maybe() {
      return random.nextBoolean() ? text() : null;
    }

    private Address.Mailbox mailbox() {
      return new Address.Mailbox(maybe(), maybe(), maybe(), maybe());
    }

    private Address address() {
      return random.nextBoolean() ? mailbox() : new Address.Group(text(), list(this::mailbox));
    }

    private Envelope envelope() {
      return new Envelope(
          maybe(),
          maybe(),
          list(this::address),
          list(this::address),
          list(this::address),
          list(this::address),
          list(this::address),
          list(this::address),
          maybe(),
          maybe());
    }

    private Part.Parameter parameter() {
      return new Part.Parameter(text(), text());
    }

    private Part part(int depth) {
      return new Part(
          random.nextBoolean() ? "text" : text(),
          random.nextBoolean() ? "plain" : text(),
          list(this::parameter),
          maybe(),
          maybe(),
          random.nextBoolean() ? "7bit" : text(),
          maybe(),
          random.nextBoolean() ? new Part.Disposition(text(), list(this::parameter)) : null,
          list(this::text),
          maybe(),
          random.nextLong(1L << 40),
          random.nextLong(1L << 40),
          random.nextLong(1L << 40),
          random.nextLong(1L << 40),
          depth == 0 ? List.of() : list(() -> part(depth - 1)),
          depth == 0 || random.nextBoolean()
              ? null
              : new Part.Embedded(envelope(), part(depth - 1)));
    }
  }
}
