package org.muniment.indexer.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.muniment.indexer.mail.Mails;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.Structure;
import org.muniment.indexer.mail.StructureJson;

class MutatedMailTest {

  private static final int ROUNDS = 3000;

  private static final List<String> PIECES =
      List.of(
          "--b\r\n",
          "--b--\r\n",
          "--bb\r\n",
          "--bb--\n",
          "\r\n",
          "\n",
          "\r",
          "\0",
          " ",
          "--",
          "Content-Type: multipart/mixed; boundary=b\r\n",
          "Content-Type: multipart/alternative; boundary=\"bb\"\n",
          "Content-Type: multipart/digest; boundary=b\n\n",
          "Content-Type: message/rfc822\r\n\r\n",
          "Content-Type: text/html; charset=iso-2022-jp\r\n",
          "Content-Transfer-Encoding: base64\r\n",
          "Content-Transfer-Encoding: quoted-printable\r\n",
          "Subject: =?utf-8?B?4p2k?= =?iso-8859-1?Q?=FC?=\r\n",
          "From: \"a <b@c>, d:e@f;\r\n",
          "Date: Fri, 21 Nov 97 09:55 -0600\r\n",
          "<p hidden>x<!-- </p>&amp;&#0;",
          "=3D=\r\n=0",
          "YWJj\r\nYQ==",
          "\u00FC\u00DF\u001B$B");

  @Test
  void nothingThrowsAndPartsLieInsideEachOther() throws IOException {
    long seed = System.nanoTime();
    System.out.println("MutatedMailTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] octets = mail(random);
      Structure structure = Mails.read(octets);
      assertThat(structure.length()).isEqualTo(octets.length);
      assertPlaces(structure.root(), 0, octets.length);
      assertThat(StructureJson.read(StructureJson.write(structure))).isEqualTo(structure);
      new MessageText(
              structure,
              offset ->
                  new ByteArrayInputStream(octets, (int) offset, octets.length - (int) offset))
          .forEach(section -> true);
    }
  }

  private static byte[] mail(Random random) {
    StringBuilder text = new StringBuilder("Content-Type: multipart/mixed; boundary=b\r\n\r\n");
    for (int i = random.nextInt(40); i > 0; i--) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
    }
    byte[] octets = Mails.lf(text.toString());
    for (int i = random.nextInt(4); i > 0; i--) {
      octets[random.nextInt(octets.length)] = (byte) random.nextInt();
    }
    return octets;
  }

  private static void assertPlaces(Part part, long from, long to) {
    assertThat(part.start()).isBetween(from, to);
    assertThat(part.body()).isBetween(part.start(), to);
    assertThat(part.end()).isBetween(part.body(), to);
    assertThat(part.lines()).isBetween(0L, part.size());
    long last = part.body();
    for (Part child : part.children()) {
      assertPlaces(child, last, part.end());
      last = child.end();
    }
    if (part.message() != null) {
      assertThat(part.message().root().start()).isEqualTo(part.body());
      assertPlaces(part.message().root(), part.body(), part.end());
    }
  }
}
