package org.muniment.archive.bench;

import static org.muniment.archive.bench.Mime.latin;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Makes bodies as the authors' programs do: text, hypertext beside it, an emblem, an invitation,
/// attachments, a signature around all.
///
/// @param random decides what the program does not
record Bodies(RandomGenerator random) {

  /// Text and attachments, and with some mail the one that is forwarded, whole.
  byte[] of(
      String text,
      String subject,
      String charset,
      Person author,
      List<Attachment> attached,
      @Nullable Letter forwarded) {
    byte[] body = alternatives(text, subject, charset, author);
    List<byte[]> parts = new ArrayList<>(List.of(body));
    if (forwarded != null && forwarded.octets().length > 0 && random.nextInt(4) == 0) {
      parts.add(Mime.join(latin("Content-Type: message/rfc822\n\n"), forwarded.octets()));
    }
    for (Attachment each : attached) {
      parts.add(Mime.file(each.kind().type, "attachment", each.name(), each.octets()));
    }
    if (parts.size() > 1) {
      body = Mime.multipart("mixed", parts, random);
    }
    if (random.nextInt(120) == 0) {
      byte[] signature =
          Mime.file(
              "application/pkcs7-signature",
              "attachment",
              "smime.p7s",
              Attachment.signature(random));
      body =
          Mime.multipart(
              "signed; micalg=\"sha-256\";\n protocol=\"application/pkcs7-signature\"",
              List.of(body, signature),
              random);
    }
    return body;
  }

  private byte[] alternatives(String text, String subject, String charset, Person author) {
    byte[] plain = Mime.text("plain", text, charset, random);
    // A person's program stays the same.
    int program = Math.floorMod(author.address().hashCode(), 100);
    boolean invitation = random.nextInt(80) == 0;
    if (program < 50 && !invitation) {
      return plain;
    }
    byte[] html = html(text, charset, author, program);
    if (program >= 92 && !invitation) {
      return html;
    }
    List<byte[]> alternatives = new ArrayList<>(List.of(plain, html));
    if (invitation) {
      alternatives.add(invitation(subject, text, author));
    }
    return Mime.multipart("alternative", alternatives, random);
  }

  private byte[] html(String text, String charset, Person author, int program) {
    if (program % 6 != 0) {
      return Mime.text("html", Html.of(text, random), charset, random);
    }
    // The emblem of the house, below every letter.
    Attachment emblem =
        new Attachment(
            Attachment.Kind.PNG,
            "image001.png",
            3_000 + 97 * program,
            author.domain().hashCode(),
            0);
    String html = Html.of(text, random) + "<img src=\"cid:emblem@" + author.domain() + "\">\n";
    byte[] image =
        Mime.join(
            latin("Content-ID: <emblem@" + author.domain() + ">\n"),
            Mime.file(emblem.kind().type, "inline", emblem.name(), emblem.octets()));
    return Mime.multipart(
        "related; type=\"text/html\"",
        List.of(Mime.text("html", html, charset, random), image),
        random);
  }

  private byte[] invitation(String subject, String text, Person author) {
    String calendar =
        """
        BEGIN:VCALENDAR\r
        PRODID:-//Example//Calendar//EN\r
        VERSION:2.0\r
        METHOD:REQUEST\r
        BEGIN:VEVENT\r
        UID:%016x%016x@%s\r
        DTSTAMP:20240%d0%dT090000Z\r
        DTSTART:20240%d1%dT%02d0000Z\r
        DURATION:PT1H\r
        SUMMARY:%s\r
        DESCRIPTION:%s\r
        ORGANIZER:mailto:%s\r
        BEGIN:VALARM\r
        ACTION:DISPLAY\r
        TRIGGER:-PT15M\r
        END:VALARM\r
        END:VEVENT\r
        END:VCALENDAR\r
        """
            .formatted(
                random.nextLong(),
                random.nextLong(),
                author.domain(),
                1 + random.nextInt(9),
                1 + random.nextInt(9),
                1 + random.nextInt(9),
                random.nextInt(10),
                8 + random.nextInt(10),
                subject,
                text.substring(0, Math.min(text.length(), 300)).strip().replace("\n", "\\n"),
                author.address());
    return Mime.body(
        "text/calendar; charset=utf-8; method=REQUEST",
        random.nextBoolean() ? Mime.Encoding.BASE64 : Mime.Encoding.EIGHT_BIT,
        calendar.getBytes(StandardCharsets.UTF_8));
  }
}
