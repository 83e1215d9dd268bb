package org.muniment.server.needle;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.muniment.server.needle.Script.ACCENTED;
import static org.muniment.server.needle.Script.ARABIC;
import static org.muniment.server.needle.Script.CYRILLIC;
import static org.muniment.server.needle.Script.GREEK;
import static org.muniment.server.needle.Script.HAN;
import static org.muniment.server.needle.Script.HANGUL;
import static org.muniment.server.needle.Script.HAN_OF_FOUR_OCTETS;
import static org.muniment.server.needle.Script.HEBREW;
import static org.muniment.server.needle.Script.HIRAGANA;
import static org.muniment.server.needle.Script.KANJI;
import static org.muniment.server.needle.Script.KATAKANA;
import static org.muniment.server.needle.Script.LATIN;
import static org.muniment.server.needle.Script.RARE_HAN;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.muniment.archive.content.Octets;
import org.muniment.server.needle.Needle.Lies;

/// Hides needles.
public final class Haystack {

  private static final String SUBJECT = "Minutes of the week";

  /// Before a needle, so that a charset can be told.
  private static final int SENTENCES = 12;

  /// Of a long text.
  private static final int LINES = 20_000;

  /// In each other.
  private static final int MULTIPARTS = 12;

  private static final byte[] ORDINARY =
      Mime.text("plain; charset=us-ascii", "7bit", "See what is enclosed.\r\n".getBytes(US_ASCII));

  private final Random random;
  private final List<Needle> needles = new ArrayList<>();

  private Haystack(long seed) {
    random = new Random(seed);
  }

  /// A needle in each place and coding, each in a message of its own.
  public static List<Needle> needles(long seed) {
    Haystack haystack = new Haystack(seed);
    haystack.bodies();
    haystack.unnamed();
    haystack.deep();
    haystack.markup();
    haystack.flowed();
    haystack.textParts();
    haystack.subjects();
    haystack.senders();
    haystack.documents();
    haystack.archives();
    haystack.messages("7bit");
    haystack.messages("base64");
    haystack.messages("quoted-printable");
    haystack.names();
    return List.copyOf(haystack.needles);
  }

  private void add(String place, Lies lies, String needle, byte[] message) {
    needles.add(new Needle(place, lies, needle, Octets.of(message)));
  }

  private String phrase() {
    return LATIN.coin(random, US_ASCII) + " " + LATIN.coin(random, US_ASCII);
  }

  private static String first(String phrase) {
    return phrase.substring(0, phrase.indexOf(' '));
  }

  private static String second(String phrase) {
    return phrase.substring(phrase.indexOf(' ') + 1);
  }

  private void bodies() {
    body(ACCENTED, "iso-8859-1", "quoted-printable");
    body(ACCENTED, "utf-8", "quoted-printable");
    body(GREEK, "iso-8859-7", "quoted-printable");
    body(CYRILLIC, "koi8-r", "8bit");
    body(CYRILLIC, "windows-1251", "quoted-printable");
    body(CYRILLIC, "utf-8", "base64");
    body(HEBREW, "windows-1255", "base64");
    body(ARABIC, "windows-1256", "8bit");
    body(ARABIC, "windows-1256", "base64");
    body(ARABIC, "utf-8", "8bit");
    body(KANJI, "iso-2022-jp", "7bit");
    body(HIRAGANA, "iso-2022-jp", "base64");
    body(KANJI, "shift_jis", "8bit");
    body(KATAKANA, "shift_jis", "quoted-printable");
    body(KANJI, "euc-jp", "8bit");
    body(HAN, "gb18030", "8bit");
    body(HAN, "gb18030", "base64");
    body(RARE_HAN, "gb18030", "quoted-printable");
    body(HAN, "big5", "8bit");
    body(HAN, "utf-8", "8bit");
    body(HAN_OF_FOUR_OCTETS, "utf-8", "base64");
    body(HANGUL, "euc-kr", "8bit");
    body(HANGUL, "euc-kr", "base64");
    body(HANGUL, "utf-8", "8bit");
  }

  private void body(Script script, String charset, String encoding) {
    String needle = script.coin(random, Charset.forName(charset));
    byte[] octets = script.around(needle).getBytes(Charset.forName(charset));
    add(
        "body in " + charset + ", " + encoding + ", " + script,
        Lies.IN_BODY,
        needle,
        Mime.message(SUBJECT, Mime.text("plain; charset=" + charset, encoding, octets)));
  }

  private void unnamed() {
    unnamed(HAN, "utf-8", 0);
    unnamed(KANJI, "iso-2022-jp", 0);
    unnamed(CYRILLIC, "koi8-r", SENTENCES);
    unnamed(CYRILLIC, "windows-1251", SENTENCES);
    unnamed(KANJI, "shift_jis", SENTENCES);
    unnamed(HIRAGANA, "euc-jp", SENTENCES);
    unnamed(HAN, "gb18030", SENTENCES);
    unnamed(HAN, "big5", SENTENCES);
    unnamed(HANGUL, "euc-kr", SENTENCES);
    unnamedBody(ARABIC, "windows-1256", SENTENCES);
  }

  private void unnamed(Script script, String charset, int sentences) {
    unnamedBody(script, charset, sentences);
    Charset unnamed = Charset.forName(charset);
    String needle = script.coin(random, unnamed);
    byte[] octets = script.around(needle, sentences).getBytes(unnamed);
    attached(
        "text in a zip in " + charset + " that is not named",
        needle,
        Mime.file("paper.zip", inZip("a.txt", octets)));
  }

  private void unnamedBody(Script script, String charset, int sentences) {
    Charset unnamed = Charset.forName(charset);
    String needle = script.coin(random, unnamed);
    byte[] octets = script.around(needle, sentences).getBytes(unnamed);
    add(
        "body in " + charset + " that is not named",
        Lies.IN_BODY,
        needle,
        Mime.message(SUBJECT, Mime.text("plain", "8bit", octets)));
  }

  private void deep() {
    String last = LATIN.coin(random, US_ASCII);
    byte[] text = ("a word and then\r\n".repeat(LINES) + last).getBytes(US_ASCII);
    byte[] entity = Mime.text("plain; charset=us-ascii", "quoted-printable", text);
    add("end of a long text", Lies.IN_BODY, last, Mime.message(SUBJECT, entity));
    String needle = ARABIC.coin(random, UTF_8);
    byte[] part = Mime.text("plain; charset=utf-8", "base64", needle.getBytes(UTF_8));
    for (int i = 0; i < MULTIPARTS; i++) {
      part = Mime.multipart("mixed", ORDINARY, part);
    }
    add("multipart in multipart", Lies.IN_BODY, needle, Mime.message(SUBJECT, part));
  }

  private void markup() {
    html("tags inside a word", LATIN, needle -> needle.replaceAll("(.{4})", "<b>$1</b>"));
    html("a character reference for each letter", ARABIC, Haystack::references);
    html("named entities", ACCENTED, needle -> needle.replace("é", "&eacute;"));
    String phrase = phrase();
    page("a tag and a line break inside a phrase", phrase, phrase.replace(" ", "\r\n <i>"));
  }

  private void html(String place, Script script, UnaryOperator<String> markup) {
    String needle = script.coin(random, UTF_8);
    page(place, needle, script.around(markup.apply(needle)));
  }

  private static String references(String text) {
    return text.codePoints().mapToObj("&#%d;"::formatted).collect(Collectors.joining());
  }

  private void page(String place, String needle, String markup) {
    byte[] page = ("<html><body><p>" + markup + "</p></body></html>").getBytes(UTF_8);
    byte[] html = Mime.text("html; charset=utf-8", "8bit", page);
    add(
        "HTML, " + place,
        Lies.IN_BODY,
        needle,
        Mime.message(SUBJECT, Mime.multipart("alternative", ORDINARY, html)));
  }

  private void flowed() {
    String phrase = phrase();
    flowed("a soft break", "", phrase, "Read " + phrase.replace(" ", " \r\n") + " soon.");
    String quoted = phrase();
    flowed("a soft break in a quote", "", quoted, ">> Read " + quoted.replace(" ", " \r\n>> "));
    String han = HAN.coin(random, UTF_8);
    String broken = han.substring(0, 4) + " \r\n" + han.substring(4);
    flowed("a soft break without space", "; delsp=yes", han, HAN.around(broken));
  }

  private void flowed(String place, String parameters, String needle, String text) {
    String type = "plain; charset=utf-8; format=flowed" + parameters;
    byte[] entity = Mime.text(type, "8bit", text.getBytes(UTF_8));
    add("format=flowed, " + place, Lies.IN_BODY, needle, Mime.message(SUBJECT, entity));
  }

  private void textParts() {
    String cell = ARABIC.coin(random, UTF_8);
    part("text/csv", "csv; charset=utf-8", cell, "day;text\r\nmonday;" + cell + "\r\n");
    String summary = phrase();
    String folded = summary.substring(0, 5) + "\r\n " + summary.substring(5);
    String event =
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Call\\, "
            + folded
            + "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    part("text/calendar, folded inside a word", "calendar; charset=utf-8", summary, event);
  }

  private void part(String place, String type, String needle, String text) {
    byte[] part = Mime.text(type, "base64", text.getBytes(UTF_8));
    add(
        place,
        Lies.IN_BODY,
        needle,
        Mime.message(SUBJECT, Mime.multipart("mixed", ORDINARY, part)));
  }

  private void subjects() {
    String phrase = phrase();
    subject(
        "encoded words split at a space",
        phrase,
        inWords("utf-8", first(phrase) + " ") + "\r\n " + inWords("utf-8", second(phrase)));
    subject(ACCENTED, "iso-8859-1");
    subject(CYRILLIC, "koi8-r");
    subject(ARABIC, "windows-1256");
    subject(KANJI, "iso-2022-jp");
    subject(HAN, "gb18030");
    subject(HANGUL, "euc-kr");
    String mixed = phrase();
    subject(
        "an encoded word beside a plain one",
        mixed,
        first(mixed) + "\r\n " + inWords("utf-8", second(mixed)));
    String folded = phrase();
    subject("folded", folded, folded.replace(" ", "\r\n "));
    String raw = HAN.coin(random, UTF_8);
    subject("raw UTF-8", raw, HAN.around(raw));
  }

  private void subject(Script script, String charset) {
    String needle = script.coin(random, Charset.forName(charset));
    String text = script.around(needle);
    int middle = text.indexOf(needle) + needle.length() / 2;
    subject(
        "encoded words in " + charset + " split inside the needle",
        needle,
        inWords(charset, text.substring(0, middle))
            + "\r\n "
            + inWords(charset, text.substring(middle)));
  }

  private void subject(String place, String needle, String subject) {
    add("subject, " + place, Lies.IN_SUBJECT, needle, Mime.message(subject, ORDINARY));
  }

  /// A text as an encoded word (RFC 2047).
  private static String inWords(String charset, String text) {
    byte[] octets = text.getBytes(Charset.forName(charset));
    return "=?" + charset + "?B?" + Base64.getEncoder().encodeToString(octets) + "?=";
  }

  private void senders() {
    String name = HANGUL.coin(random, UTF_8);
    String from = inWords("utf-8", name) + " <anna@example.com>";
    add("name of the sender", Lies.IN_SENDER, name, Mime.message(from, SUBJECT, ORDINARY));
  }

  private void documents() {
    document("PDF", "paper.pdf", LATIN, Documents::pdf);
    String broken = phrase();
    add(
        "PDF, a line break inside a phrase",
        Lies.ACROSS_LINES,
        broken,
        withFile(
            Mime.file("paper.pdf", Documents.pdf("Please read " + broken.replace(' ', '\n')))));
    document("DOCX", "paper.docx", LATIN, Documents::docx);
    document("DOCX", "paper.docx", HAN, Documents::docx);
    document("XLSX", "paper.xlsx", ARABIC, Documents::xlsx);
    document("XLS", "paper.xls", CYRILLIC, Documents::xls);
    document("PPTX", "paper.pptx", HANGUL, Documents::pptx);
    document("RTF", "paper.rtf", HAN, Documents::rtf);
    document("ODT", "paper.odt", ARABIC, Documents::odt);
    document("text without a type", "paper.txt", KANJI, Documents::txt);
  }

  private void document(String place, String name, Script script, Function<String, byte[]> kind) {
    String needle = script.coin(random, UTF_8);
    byte[] document = kind.apply(script.around(needle));
    attached(place + ", " + script, needle, Mime.file(name, document));
  }

  private void attached(String place, String needle, byte[] part) {
    add(place, Lies.IN_DOCUMENT, needle, withFile(part));
  }

  private static byte[] withFile(byte[] part) {
    return Mime.message(SUBJECT, Mime.multipart("mixed", ORDINARY, part));
  }

  private void archives() {
    document("text in a zip", "paper.zip", HAN, text -> inZip("a.txt", Documents.txt(text)));
    document("text in gzip", "paper.txt.gz", CYRILLIC, text -> Documents.gzip(Documents.txt(text)));
    document(
        "text in a zip in a zip",
        "paper.zip",
        ARABIC,
        text -> inZip("inner.zip", inZip("a.txt", Documents.txt(text))));
    document(
        "DOCX in a zip in a zip",
        "paper.zip",
        KANJI,
        text -> inZip("inner.zip", inZip("a.docx", Documents.docx(text))));
    document("subject of an .eml in a zip", "mail.zip", HAN, text -> mailInZip(inSubject(text)));
    document("body of an .eml in a zip", "mail.zip", ARABIC, text -> mailInZip(inBody(text)));
    document(
        "DOCX of an .eml in a zip", "mail.zip", KANJI, text -> mailInZip(withAttachment(text)));
    document(
        "DOCX in TNEF",
        "winmail.dat",
        CYRILLIC,
        text -> Documents.tnef("a.docx", Documents.docx(text)));
    document(
        "text in TNEF", "winmail.dat", HAN, text -> Documents.tnef("a.txt", text.getBytes(UTF_8)));
    uuencoded("uuencoded text", "a.txt", HANGUL, Documents::txt);
    uuencoded("uuencoded DOCX", "a.docx", ARABIC, Documents::docx);
  }

  private static byte[] inZip(String name, byte[] content) {
    return Documents.zip(name, content);
  }

  private static byte[] mailInZip(byte[] message) {
    return inZip("a.eml", message);
  }

  private static byte[] inSubject(String text) {
    return Mime.message(inWords("utf-8", text), ORDINARY);
  }

  private static byte[] inBody(String text) {
    return Mime.message(
        SUBJECT, Mime.text("plain; charset=utf-8", "quoted-printable", text.getBytes(UTF_8)));
  }

  private static byte[] withAttachment(String text) {
    byte[] file = Mime.file("paper.docx", Documents.docx(text));
    return Mime.message(SUBJECT, Mime.multipart("mixed", ORDINARY, file));
  }

  private void uuencoded(String place, String name, Script script, Function<String, byte[]> kind) {
    String needle = script.coin(random, UTF_8);
    byte[] file = Documents.uuencoded(name, kind.apply(script.around(needle)));
    add(
        place,
        Lies.IN_DOCUMENT,
        needle,
        Mime.message(SUBJECT, Mime.text("plain; charset=us-ascii", "7bit", file)));
  }

  /// What is encoded is read as one text.
  private void messages(String encoding) {
    Lies inSubject = encoding.equals("7bit") ? Lies.IN_INNER_HEADER : Lies.IN_BODY;
    inner("subject", encoding, inSubject, KANJI, Haystack::inSubject);
    inner("body", encoding, Lies.IN_BODY, ARABIC, Haystack::inBody);
    inner("DOCX", encoding, Lies.IN_DOCUMENT, HAN, Haystack::withAttachment);
    inner(
        "subject of the message/rfc822",
        encoding,
        inSubject,
        CYRILLIC,
        text -> Mime.message(SUBJECT, inMessage("7bit", inSubject(text))));
  }

  private void inner(
      String place, String encoding, Lies lies, Script script, Function<String, byte[]> kind) {
    String needle = script.coin(random, UTF_8);
    byte[] part = inMessage(encoding, kind.apply(script.around(needle)));
    add(
        place + " of a message/rfc822 in " + encoding,
        lies,
        needle,
        Mime.message(SUBJECT, Mime.multipart("mixed", ORDINARY, part)));
  }

  private static byte[] inMessage(String encoding, byte[] message) {
    return Mime.entity("Content-Type: message/rfc822", encoding, message);
  }

  private void names() {
    String continued = ARABIC.coin(random, UTF_8);
    String octets = percent(continued);
    int middle = octets.length() / 2;
    named(
        "RFC 2231, in two pieces",
        continued,
        "*0*=utf-8''"
            + octets.substring(0, middle)
            + ";\r\n filename*1*="
            + octets.substring(middle)
            + ".bin");
    String japanese = KANJI.coin(random, Charset.forName("shift_jis"));
    named(
        "RFC 2231, in Shift_JIS",
        japanese,
        "*=shift_jis'ja'" + percent(japanese.getBytes(Charset.forName("shift_jis"))) + ".bin");
    String encoded = HAN.coin(random, UTF_8);
    named("an encoded word", encoded, "=\"" + inWords("gb18030", encoded + ".bin") + "\"");
    String raw = HANGUL.coin(random, UTF_8);
    named("raw UTF-8", raw, "=\"" + raw + ".bin\"");
    String zipped = HAN.coin(random, UTF_8);
    attached(
        "name of a file in a zip",
        zipped,
        Mime.file("paper.zip", inZip(zipped + ".txt", Documents.txt("Nothing"))));
    String uuencoded = LATIN.coin(random, US_ASCII);
    byte[] file = Documents.uuencoded(uuencoded + ".txt", Documents.txt("Nothing"));
    add(
        "name of a uuencoded file",
        Lies.IN_BODY,
        uuencoded,
        Mime.message(SUBJECT, Mime.text("plain; charset=us-ascii", "7bit", file)));
  }

  /// @param parameter what follows `filename`
  private void named(String place, String needle, String parameter) {
    String fields =
        "Content-Type: application/octet-stream\r\n"
            + "Content-Disposition: attachment;\r\n filename"
            + parameter;
    attached(
        "file name, " + place,
        needle,
        Mime.entity(fields, "base64", new byte[] {0, 1, 2, (byte) random.nextInt()}));
  }

  private static String percent(String text) {
    return percent(text.getBytes(UTF_8));
  }

  private static String percent(byte[] octets) {
    StringBuilder text = new StringBuilder();
    for (byte octet : octets) {
      text.append("%%%02X".formatted(octet & 0xFF));
    }
    return text.toString();
  }
}
