package org.muniment.server.view.imap;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.muniment.indexer.mail.Defect;
import org.muniment.indexer.mail.Part;
import org.muniment.indexer.mail.PartPath;
import org.muniment.indexer.mail.StructureReader;

/// Mail of every awkward kind: what is allowed and rare, what is wrong and common, what nobody
/// would write, and garbled copies of all that.
///
/// @param name tells what is awkward
/// @param text one character for each octet
record TortureMail(String name, String text) {

  private static final Set<String> ENCODINGS =
      Set.of("7bit", "8bit", "binary", "base64", "quoted-printable");

  /// An address behind the end of a group, without a comma.
  private static final Pattern BEHIND_GROUP = Pattern.compile(";(\\s|\r\n\\s)*[^,;\\s][^\r\n]*@");

  private static final List<String> PIECES =
      List.of(
          "--b",
          "--b--",
          "--bb",
          "--bb--",
          "-- ",
          "",
          " ",
          "\t",
          ":",
          "no colon here",
          " folded",
          "Content-Type: multipart/mixed; boundary=b",
          "Content-Type: multipart/alternative; boundary=\"bb\"",
          "Content-Type: multipart/digest; boundary=b",
          "Content-Type: message/rfc822",
          "Content-Type: text/html; charset=iso-8859-1",
          "Content-Transfer-Encoding: base64",
          "Content-Transfer-Encoding: quoted-printable",
          "Content-Disposition: attachment; filename=\"a b.txt\"",
          "Content-ID: <1@example.org>",
          "Subject: =?utf-8?B?4p2k?= =?iso-8859-1?Q?=FC?=",
          "From: \"a\" <b@example.org>, d: e@example.org, f@example.org;",
          "To: nobody, <x@example.org",
          "Date: Fri, 21 Nov 1997 09:55:06 -0600",
          "=3D=",
          "YWJj",
          "\u00FC\u00DF");

  byte[] octets() {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// The values of all lines anywhere in it that begin as a field, with what is folded behind them.
  ///
  /// @param name in lower case
  Stream<String> fields(String name) {
    return text.replaceAll("\r\n[ \t]+", " ")
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip());
  }

  /// Whether an address list in it is not by its grammar.
  boolean hasWrongAddress() {
    try {
      return defects().anyMatch(kind -> kind == Defect.Kind.MALFORMED_ADDRESS)
          || BEHIND_GROUP.matcher(text).find();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether it is a multipart in which no part begins.
  boolean hasNoParts() throws IOException {
    return defects()
        .anyMatch(
            kind -> kind == Defect.Kind.NO_BOUNDARY || kind == Defect.Kind.BOUNDARY_NOT_FOUND);
  }

  /// Whether it holds a message of which there is the header alone.
  boolean holdsBareHeader() {
    return holdsBare(root());
  }

  private Part root() {
    try {
      return StructureReader.read(new ByteArrayInputStream(octets())).root();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether a part of it is a multipart or a message, and that or something inside is in Base64 or
  /// quoted-printable.
  boolean holdsEncoded(PartPath path) {
    return path.find(root())
        .filter(part -> part.isMultipart() || part.message() != null)
        .filter(TortureMail::isEncoded)
        .isPresent();
  }

  private static boolean isEncoded(Part part) {
    return part.encoding().equals("base64")
        || part.encoding().equals("quoted-printable")
        || part.children().stream().anyMatch(TortureMail::isEncoded)
        || (part.message() != null && isEncoded(part.message().root()));
  }

  private static boolean holdsBare(Part part) {
    Part.@Nullable Embedded message = part.message();
    return (message != null && message.root().body() == message.root().end())
        || (message != null && holdsBare(message.root()))
        || part.children().stream().anyMatch(TortureMail::holdsBare);
  }

  private Stream<Defect.Kind> defects() throws IOException {
    return StructureReader.read(new ByteArrayInputStream(octets())).defects().stream()
        .map(Defect::kind);
  }

  /// Whether its header has none of what servers read in many ways: octets above 0x7F, a field
  /// twice, a lone CR, something behind a date, quotes in an id, an encoding that nobody knows.
  boolean isTidy() {
    int end = text.indexOf("\r\n\r\n");
    String header = end < 0 ? text : text.substring(0, end);
    List<String> names =
        header.lines().filter(line -> line.indexOf(':') > 0).map(TortureMail::name).toList();
    return names.stream().distinct().count() == names.size()
        && header.chars().allMatch(c -> c >= '\t' && c < 0x7F)
        && !header.replace("\r\n", "").contains("\r")
        && Stream.of("message-id", "in-reply-to", "references")
            .flatMap(this::fields)
            .noneMatch(ids -> ids.contains("\"") || ids.contains("\\"))
        && fields("date").allMatch(date -> date.length() < 50)
        && fields("content-transfer-encoding")
            .allMatch(encoding -> ENCODINGS.contains(encoding.toLowerCase(Locale.ROOT)));
  }

  /// Whether a header anywhere in it has two Content-Types: servers take the first or the last.
  boolean hasTwoTypes() {
    return Stream.of(text.split("\r\n\r\n"))
        .anyMatch(
            lines -> lines.lines().filter(line -> name(line).equals("content-type")).count() > 1);
  }

  private static String name(String line) {
    return line.substring(0, Math.max(0, line.indexOf(':'))).strip().toLowerCase(Locale.ROOT);
  }

  /// All that are written here, each once.
  static List<TortureMail> all() {
    List<TortureMail> all = new ArrayList<>();
    headers(all);
    addresses(all);
    structures(all);
    encodings(all);
    conversations(all);
    return all;
  }

  /// Copies of those, garbled line by line.
  static List<TortureMail> garbled(Random random, int count) {
    List<TortureMail> all = all();
    List<TortureMail> garbled = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      TortureMail mail = all.get(random.nextInt(all.size()));
      garbled.add(new TortureMail(mail.name + ", garbled " + i, garble(mail.text, random)));
    }
    return garbled;
  }

  private static String garble(String text, Random random) {
    List<String> lines = new ArrayList<>(List.of(text.split("\r\n", -1)));
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(lines.size());
      switch (random.nextInt(5)) {
        case 0 -> lines.add(at, PIECES.get(random.nextInt(PIECES.size())));
        case 1 -> lines.set(at, PIECES.get(random.nextInt(PIECES.size())));
        case 2 -> lines.add(at, lines.get(random.nextInt(lines.size())));
        case 3 -> lines.subList(at + 1, lines.size()).clear();
        default -> {
          if (lines.size() > 1) {
            lines.remove(at);
          }
        }
      }
    }
    return String.join("\r\n", lines);
  }

  private static TortureMail of(String name, String... pieces) {
    return new TortureMail(name, String.join("", pieces).replace("\n", "\r\n"));
  }

  /// A header with a body behind it.
  private static TortureMail header(String name, String... fields) {
    return of(name, String.join("\n", fields), "\n\nThe body.\n");
  }

  private static void headers(List<TortureMail> all) {
    all.add(of("nothing", ""));
    all.add(of("one empty line", "\n"));
    all.add(of("a body alone", "\nThe body.\n"));
    all.add(of("no body", "Subject: no body\nFrom: a@example.org\n"));
    all.add(of("no body and an empty line", "Subject: no body\nFrom: a@example.org\n\n"));
    all.add(of("no line break at the end", "Subject: no end\n\nThe body"));
    all.add(of("no line break in the header", "Subject: no end"));
    all.add(header("a line that is no field", "Subject: a\nthis is no field\nTo: b@example.org"));
    all.add(header("a first line that is no field", "this is no field\nSubject: a"));
    all.add(
        header("an mbox line first", "From a@example.org Fri Nov 21 09:55:06 1997\nTo: b@c.de"));
    all.add(header("a continuation first", " folded\nSubject: a"));
    all.add(header("a field without a name", ": nameless\nSubject: a"));
    all.add(
        header("space before the colon", "Subject : a\nFrom\t: b@example.org\nTo :c@example.org"));
    all.add(header("no space behind the colon", "Subject:a\nFrom:b@example.org"));
    all.add(header("much space behind the colon", "Subject:   \t a  \nX-Odd: \t\n"));
    all.add(header("empty fields", "Subject:\nFrom:\nTo: \nDate:\nMessage-ID:\nCc:\n"));
    all.add(
        header(
            "folded fields",
            "Subject: one\n two\n\tthree\n  \t four\nTo:\n a@example.org,\n b@example.org"));
    all.add(header("a line of space alone in a fold", "Subject: one\n \n two\nTo: a@example.org"));
    all.add(
        header(
            "fields that stand twice",
            "Subject: first\nFrom: a@example.org\nSubject: second\nFrom: b@example.org\nDate: one",
            "Date: two\nMessage-ID: <1@b>\nMessage-ID: <2@b>\nTo: c@example.org\nTo: d@example.org"));
    all.add(
        header(
            "the type twice",
            "Content-Type: text/html\nContent-Type: text/plain; charset=utf-8\nContent-ID: <a@b>",
            "Content-ID: <c@d>\nContent-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: 7bit"));
    all.add(header("a huge field", "Subject: " + "long ".repeat(4_000) + "\nTo: a@example.org"));
    all.add(
        header(
            "a huge folded field", "References: " + "<a@example.org>\n ".repeat(2_000) + "<b@c>"));
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 1_500; i++) {
      many.append("X-Field-").append(i).append(": value\n");
    }
    all.add(header("very many fields", many + "Subject: last"));
    all.add(
        header(
            "8 bit in the header",
            "Subject: gr\u00FC\u00DFe\nFrom: J\u00FCrgen <j@example.org>\nX: \u00E4"));
    all.add(
        header(
            "UTF-8 in the header",
            "Subject: gr\u00C3\u00BC\u00C3\u009Fe\nTo: \"\u00C3\u00BC\" <u@example.org>"));
    all.add(
        header("control characters", "Subject: a\001b\177c\013d\nFrom: \"x\002\" <a@example.org>"));
    all.add(header("NUL in the header", "Subject: a\000b\nFrom: a@example.org"));
    all.add(of("NUL in the body", "Subject: nul\n\nbefore\000\000after\n"));
    all.add(of("8 bit in the body", "Subject: latin\n\n\u00E4\u00F6\u00FC\u00FF\u0080\n"));
    all.add(of("lone CR in the header", "Subject: a\rb\nTo: c@example.org\r\n\nThe body.\n"));
    all.add(of("lone CR in the body", "Subject: cr\n\none\rtwo\r\rthree\r\n"));
    all.add(
        header(
            "quotes and backslashes",
            "Subject: \"quoted\" and \\back\\\nMessage-ID: \"<a\"@b>\nIn-Reply-To: <\\\"@b>"));
    all.add(
        header(
            "encoded words",
            "Subject: =?utf-8?Q?Z=C3=BCrich?= =?UTF-8?B?w7w=?= =?x-none?Q?a?= =?utf-8?Q?broken",
            "From: =?iso-8859-1?Q?J=FCrgen?= <j@example.org>",
            "To: =?utf-8?Q?=22quoted=22?= <q@example.org>, \"=?utf-8?Q?in=20quotes?=\" <r@example.org>"));
    all.add(
        header(
            "comments",
            "From: a@example.org (Ann (nested) Example)\nTo: (before) b@example.org (after)"));
    all.add(
        header(
            "dates that are none",
            "Date: yesterday\nSubject: date\nFrom: a@example.org\nTo: b@example.org"));
    all.add(header("an old date", "Date: 21 Nov 97 09:55:06 GMT\nSubject: old"));
    all.add(
        header(
            "a date with a comment", "Date: Fri, 21 Nov 1997 09:55:06 -0600 (CST)\nSubject: old"));
    all.add(
        header(
            "a date in a zone far east", "Date: Thu, 20 Jul 2017 23:30:00 +1400\nSubject: east"));
    all.add(header("Fields in odd case", "sUBJECT: case\nFROM: A@Example.ORG\ncc: b@example.org"));
    all.add(
        header(
            "language, location and digest",
            "Content-Type: text/plain; charset=\"utf-8\"\nContent-Language: en, de (German), fr",
            "Content-Location: http://example.org/a b\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==",
            "Content-Description: a =?utf-8?Q?d=C3=A9scription?=\nContent-ID: <id@example.org>"));
  }

  private static void addresses(List<TortureMail> all) {
    List<String> lists =
        List.of(
            "a@example.org",
            "<a@example.org>",
            "Ann Example <a@example.org>",
            "\"Example, Ann\" <a@example.org>, Bob <b@example.org>",
            "\"\" <a@example.org>",
            "Ann \"the\" Example <a@example.org>",
            "A. N. Example <a@example.org>",
            "a@example.org, , b@example.org,",
            "a@example.org; b@example.org",
            "friends: a@example.org, Bob <b@example.org>;",
            "friends: a@example.org;, c@example.org",
            "undisclosed-recipients:;",
            "undisclosed-recipients: ;",
            "\"a group\": x: y@example.org;;",
            "friends: a@example.org",
            "nobody",
            "nobody, a@example.org",
            "Nobody At All",
            "<nobody>",
            "Ann <nobody>",
            "<>",
            "Ann <>",
            "a@",
            "<a@>",
            "@example.org",
            "<@example.org>",
            "<@one.example,@two.example:a@example.org>",
            "<a@example.org",
            "a@example.org>",
            "Ann a@example.org",
            "a@b@example.org",
            "a b@example.org",
            "a @ example . org",
            "<a . b @ example . org>",
            "\"a b\"@example.org",
            "\"a\\\"b\"@example.org",
            "a@[127.0.0.1]",
            "a@[IPv6:::1]",
            "a.@example.org, .b@example.org, c..d@example.org",
            "Ann (comment) <a@example.org> (more)",
            "(only a comment)",
            "(unclosed a@example.org",
            "\"unclosed <a@example.org>",
            "a@example.org (Ann Example)",
            "a@example.org (Ann \\) Example)",
            "Ann <a@example.org> Bob <b@example.org>",
            "Ann <a@example.org> junk, b@example.org",
            "Ann <mailto:a@example.org>",
            "[a@example.org]",
            "Ann=Example <a@example.org>",
            "=?utf-8?Q?Example=2C?= Ann <a@example.org>",
            "Ann, Example <a@example.org>",
            "\\ann@example.org",
            "Ann\\ Example <a@example.org>",
            "'a@example.org'",
            "'Ann' <'a@example.org'>",
            "a@example.org\\",
            "a,b,c",
            ",",
            ";",
            ":",
            "<",
            ">",
            "@",
            "\"",
            "(",
            "<<a@example.org>>",
            "Ann <<a@example.org>>",
            "\u00C4nn <\u00E4@example.org>",
            "a@ex\u00E4mple.org",
            "Ann <a@example.org>;",
            "one: two: a@example.org; b@example.org;",
            "Ann <a b@example.org>",
            "Ann <a@exam ple.org>",
            "(a) (b) c@example.org",
            "(a) <c@example.org> (d)",
            "a@example.org b@example.org",
            "\"Ann\" \"Example\" <a@example.org>",
            "\"Ann\"<a@example.org>",
            "Ann<a@example.org>",
            "  Ann   Example   <a@example.org>  ",
            "Ann\t<a@example.org>",
            "group with <a@example.org>: b@example.org;");
    for (String list : lists) {
      all.add(
          header(
              "To: " + list,
              "From: sender@example.org\nSubject: odd address\nTo: " + list + "\nCc: " + list));
    }
    all.add(header("no From", "Sender: s@example.org\nReply-To: r@example.org\nSubject: a"));
    all.add(header("empty Sender", "From: a@example.org\nSender:\nReply-To: ,\nSubject: a"));
    all.add(
        header(
            "folded addresses",
            "From: Ann\n Example\n\t<a@example.org>\nTo: \"one\n two\" <b@example.org>,\n <c@\n example.org>"));
    StringBuilder many = new StringBuilder("To: x@example.org");
    for (int i = 0; i < 800; i++) {
      many.append(",\n Person ").append(i).append(" <p").append(i).append("@example.org>");
    }
    all.add(header("very many addresses", many.toString()));
  }

  private static void structures(List<TortureMail> all) {
    String two = "--b\n\none\n--b\nContent-Type: text/html\n\n<p>two\n--b--\n";
    String mixed = "Content-Type: multipart/mixed; boundary=b\n\n";
    all.add(of("two parts", mixed + "preamble\n" + two + "epilogue\n"));
    all.add(of("two parts with empty lines", mixed + "\n\n--b\n\n\none\n\n--b\n\n\n--b--\n\n\n"));
    all.add(of("no closing boundary", mixed + "--b\n\none\n--b\n\ntwo\n"));
    all.add(of("no line break behind the boundary", mixed + "--b\n\none\n--b--"));
    all.add(of("no boundary at all", mixed + "The body.\n"));
    all.add(of("no boundary and no body", "Content-Type: multipart/mixed; boundary=b\n"));
    all.add(of("no boundary parameter", "Content-Type: multipart/mixed\n\n" + two));
    all.add(
        of(
            "an empty boundary parameter",
            "Content-Type: multipart/mixed; boundary=\"\"\n\n" + two));
    all.add(of("closed at once", mixed + "--b--\n"));
    all.add(of("opened and closed", mixed + "--b\n--b--\n"));
    all.add(of("opened and ended", mixed + "--b\n"));
    all.add(of("parts without a header", mixed + "--b\n\none\n--b\n\n--b\n\n\n--b--\n"));
    all.add(
        of(
            "parts without a body",
            mixed + "--b\nContent-Type: text/html\n--b\nContent-ID: <a>\n\n--b--\n"));
    all.add(of("a part without empty line", mixed + "--b\nthis is no header\n--b\n\ntwo\n--b--\n"));
    all.add(of("space behind the boundary", mixed + "--b  \n\none\n--b \t\n\ntwo\n--b-- \n"));
    all.add(
        of(
            "text behind the boundary",
            mixed + "--bx\n\none\n--b\n\ntwo\n--b--x\n\nthree\n--b--\n"));
    all.add(of("a part behind the close", mixed + "--b\n\none\n--b--\n--b\n\ntwo\n--b--\n"));
    all.add(of("space before the boundary", mixed + "--b\n\none\n --b\n\ntwo\n--b--\n"));
    all.add(
        of(
            "nested multiparts",
            mixed + "--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\none\n--bb\n",
            "Content-Type: multipart/related; boundary=bbb\n\n--bbb\n\ntwo\n--bbb--\n--bb--\n",
            "--b\n\nthree\n--b--\n"));
    all.add(
        of(
            "an inner multipart that is not closed",
            mixed
                + "--b\nContent-Type: multipart/alternative; boundary=bb\n\n--bb\n\none\n--bb\n\n",
            "two\n--b\n\nthree\n--b--\n"));
    all.add(
        of(
            "the same boundary inside",
            mixed + "--b\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\none\n--b--\n",
            "--b\n\ntwo\n--b--\n"));
    all.add(
        of(
            "boundaries that begin alike",
            "Content-Type: multipart/mixed; boundary=\"b\"\n\n--b\n",
            "Content-Type: multipart/mixed; boundary=\"b1\"\n\n--b1\n\none\n--b1--\n--b\n\ntwo\n--b--\n"));
    all.add(
        of(
            "a quoted boundary",
            "Content-Type: Multipart/Mixed; Boundary=\"=_ b:?(1)\"\n\n--=_ b:?(1)\n\none\n--=_ b:?(1)--\n"));
    all.add(
        of(
            "a long boundary",
            "Content-Type: multipart/mixed; boundary=",
            "b".repeat(70) + "\n\n--",
            "b".repeat(70) + "\n\none\n--",
            "b".repeat(70) + "--\n"));
    String eighty = "b".repeat(80);
    all.add(
        of(
            "boundaries of more than 80 characters",
            "Content-Type: multipart/mixed; boundary=" + eighty + "\n\n--" + eighty,
            "\nContent-Type: multipart/mixed; boundary="
                + eighty
                + "c\n\n--"
                + eighty
                + "c\n\none\n",
            "--" + eighty + "c--\n--" + eighty + "--\n"));
    all.add(
        of(
            "a digest",
            "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\n1\n--b\n",
            "Content-Type: text/plain\n\nplain\n--b--\n"));
    String inner = "Subject: inner\nFrom: in@example.org\nTo: nobody\n\nThe inner body.\n";
    all.add(of("a message", "Content-Type: message/rfc822\nSubject: outer\n\n" + inner));
    all.add(of("a message without a header", "Content-Type: message/rfc822\n\n\nThe body.\n"));
    all.add(of("a message that is empty", "Content-Type: message/rfc822\n\n"));
    all.add(
        of(
            "a message without a body",
            mixed + "--b\nContent-Type: message/rfc822\n\nSubject: x\n--b--\n"));
    all.add(
        of(
            "a message in a part",
            mixed + "--b\n\none\n--b\nContent-Type: message/rfc822\n\n" + inner + "--b--\n"));
    all.add(
        of(
            "a multipart in a message in a part",
            "Subject: outer\n"
                + mixed
                + "--b\nContent-Type: message/rfc822\n\nSubject: inner\nContent-Type: multipart/alternative;",
            " boundary=bb\n\n--bb\n\none\n--bb\nContent-Type: text/html\n\n<p>two\n--bb--\n--b--\n"));
    all.add(
        of(
            "a multipart without parts in a message in a part",
            mixed + "--b\nContent-Type: message/rfc822\n\nSubject: inner\n",
            "Content-Type: multipart/mixed; boundary=bb\n\nThe body.\n--b--\n"));
    all.add(
        of(
            "a message in a message in a message",
            "Subject: 1\nContent-Type: message/rfc822\n\nSubject: 2\nContent-Type: message/rfc822\n\n",
            "Subject: 3\nContent-Type: text/plain\n\nThe body.\n"));
    all.add(
        of(
            "message/global",
            mixed + "--b\nContent-Type: message/global\n\n" + inner + "\n--b--\n"));
    all.add(of("message/partial", "Content-Type: message/partial; id=x; number=1\n\n" + inner));
    all.add(
        of(
            "message/external-body",
            "Content-Type: message/external-body; access-type=x\n\n" + inner));
    all.add(
        of(
            "message/delivery-status",
            mixed + "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: x\n\n",
            "Action: failed\n\n--b--\n"));
    StringBuilder deep = new StringBuilder("Subject: deep\n");
    for (int i = 0; i < 20; i++) {
      deep.append("Content-Type: multipart/mixed; boundary=b").append(i);
      deep.append("\n\n--b").append(i).append('\n');
    }
    all.add(of("deep multiparts", deep + "\nThe body.\n"));
    all.add(
        of(
            "deep messages",
            "Content-Type: message/rfc822\n\n".repeat(20) + "Subject: deep\n\nThe body.\n"));
    all.add(of("many parts", mixed + "--b\n\nx\n".repeat(300) + "--b--\n"));
  }

  private static void encodings(List<TortureMail> all) {
    List<String> types =
        List.of(
            "text",
            "text/",
            "/plain",
            "text plain",
            "TEXT/HTML; Charset=UTF-8",
            "text/plain; charset",
            "text/plain; charset=",
            "text/plain; =utf-8",
            "text/plain;; charset=utf-8;",
            "text/plain; charset = utf-8",
            "text/plain; charset=utf-8 (comment)",
            "text (a) / (b) plain",
            "text/plain charset=utf-8",
            "text/plain; name=a b.txt",
            "text/plain; name=\"a;b\\\"c.txt\"",
            "text/plain; name=\"unclosed",
            "text/plain; name=\u00E4.txt",
            "text/plain; name*=utf-8''%C3%A4.txt",
            "text/plain; name*0=one; name*1=two",
            "text/plain; name*0*=utf-8''%C3%A4; name*1=two",
            "text/plain; charset=utf-8; charset=us-ascii",
            "text/plain; format=flowed; delsp=yes",
            "application/x-very.odd+type; a=1; B=2",
            "application/octet-stream; name=\"=?utf-8?Q?=C3=A4?=\"",
            "multipart",
            "multipart/; boundary=b",
            "message",
            "x",
            "\"text\"/\"plain\"",
            "text/plain/more",
            "",
            ";",
            "image/png;\n name=\"folded\n name.png\"");
    for (String type : types) {
      all.add(header("Content-Type: " + type, "Subject: type\nContent-Type: " + type));
    }
    List<String> dispositions =
        List.of(
            "attachment",
            "ATTACHMENT; FileName=A.TXT",
            "inline; filename=\"a b.txt\"; size=12",
            "attachment; filename",
            "attachment filename=a",
            "filename=a.txt",
            "",
            "attachment; filename*=iso-8859-1'en'%E4.txt",
            "attachment; filename*0=a; filename*1=b; filename*2*=%43");
    for (String disposition : dispositions) {
      all.add(
          header(
              "Content-Disposition: " + disposition,
              "Subject: file\nMIME-Version: 1.0\nContent-Disposition: " + disposition));
    }
    for (String encoding :
        List.of("BASE64", "8Bit", "binary", "x-none", "", "7bit 8bit", "\"base64\"")) {
      all.add(
          header(
              "Content-Transfer-Encoding: " + encoding,
              "Subject: encoding\nMIME-Version: 1.0\nContent-Transfer-Encoding: " + encoding));
    }
    String encoded =
        Base64.getMimeEncoder()
            .encodeToString("decoded \0 octets\r\n".repeat(20).getBytes(StandardCharsets.US_ASCII));
    String base64 = "MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n";
    all.add(of("base64", "Subject: a\n" + base64 + encoded.replace("\r", "") + "\n"));
    all.add(of("base64 without its end", base64 + "QUJDREVGRw"));
    all.add(of("base64 with something between", base64 + "QUJD!RE VG\n\nRw==\n"));
    all.add(of("base64 with a tail", base64 + "QUJD\nRA==\nQUJD\n"));
    String printable = "MIME-Version: 1.0\nContent-Transfer-Encoding: quoted-printable\n\n";
    all.add(of("quoted-printable", printable + "a=3Db=\nc=20\nd \t\n=C3=BC\n"));
    all.add(of("quoted-printable that is wrong", printable + "a=b=3\nc=zz=\n=\n=3"));
    String mixed = "Content-Type: multipart/mixed; boundary=b\n\n--b\n";
    all.add(
        of(
            "a message in base64",
            mixed + "Content-Type: message/rfc822\n" + base64 + "U3ViamVjdDogYQoKYgo=\n--b--\n"));
    all.add(
        of(
            "a multipart in base64",
            "Content-Type: multipart/mixed; boundary=b\n" + base64 + "--b\n\none\n--b--\n"));
    all.add(
        of(
            "encoded parts in a multipart in a multipart",
            mixed + "Content-Type: multipart/alternative; boundary=bb\n\n--bb\n" + base64,
            "QUJD\n--bb\n" + printable + "a=3Db\n--bb--\n--b\n\ntwo\n--b--\n"));
    all.add(
        of(
            "Unix-to-Unix",
            "Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n#86)C\n`\nend\n"));
  }

  /// Answers to answers, to messages that are not there, and to each other.
  private static void conversations(List<TortureMail> all) {
    for (int i = 0; i < 40; i++) {
      String parent = "<" + i / 2 + "@conversation>";
      String date =
          "Date: %d Mar 2020 %02d:30:00 %s"
              .formatted(1 + i * 7 % 28, i % 24, "+0%d00".formatted(i % 9));
      all.add(
          header(
              "conversation " + i,
              "Subject: "
                  + List.of("plan", "Re: plan", "Fwd: Re: plan", "[x] plan (fwd)", "Other " + i % 5)
                      .get(i % 5),
              "From: "
                  + List.of("ann", "\"Bob B\" <bob", "cy").get(i % 3)
                  + (i % 3 == 1 ? "@example.org>" : "@example.org"),
              date,
              "Message-ID: <" + i + "@conversation>",
              switch (i % 4) {
                case 0 -> "In-Reply-To: " + parent;
                case 1 -> "References: <" + i / 4 + "@conversation> " + parent;
                case 2 -> "References: <gone" + i / 8 + "@conversation>";
                default -> "X-Alone: yes";
              }));
    }
    all.add(header("a circle 1", "Subject: circle", "Message-ID: <c1@x>", "References: <c2@x>"));
    all.add(header("a circle 2", "Subject: circle", "Message-ID: <c2@x>", "References: <c1@x>"));
    all.add(header("its own parent", "Subject: self", "Message-ID: <s@x>", "References: <s@x>"));
    all.add(header("an id that stands twice", "Subject: twice", "Message-ID: <c1@x>"));
  }
}
