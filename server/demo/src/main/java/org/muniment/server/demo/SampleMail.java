package org.muniment.server.demo;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The mail of a small firm that restores organs, and of one of its customers: some hundred
/// messages over several years, the same at every call.
final class SampleMail {

  private static final long SEED = 20_190_401L;
  private static final Instant BEGIN = Instant.parse("2019-04-01T07:30:00Z");
  private static final int ORDINARY = 260;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM uuuu HH:mm:ss Z", Locale.ENGLISH);

  private final Random random = new Random(SEED);
  private final Map<String, List<Mail>> mailboxes = new LinkedHashMap<>();
  private Instant clock = BEGIN;
  private int number;

  /// A message and how the server has it.
  static final class Mail {
    private final byte[] octets;
    private final Instant internalDate;
    private final boolean seen;
    private final boolean flagged;

    Mail(byte[] octets, Instant internalDate, boolean seen, boolean flagged) {
      this.octets = octets;
      this.internalDate = internalDate;
      this.seen = seen;
      this.flagged = flagged;
    }

    /// Not a copy; nobody changes it.
    byte[] octets() {
      return octets;
    }

    Instant internalDate() {
      return internalDate;
    }

    boolean seen() {
      return seen;
    }

    boolean flagged() {
      return flagged;
    }
  }

  /// A person of the story.
  private record Person(String name, String address) {
    String first() {
      return name.substring(0, name.indexOf(' '));
    }
  }

  /// What a round of mail is about.
  ///
  /// @param file base name of its attachment, `""` for none
  private record Topic(String mailbox, String subject, List<String> opening, String file) {}

  private static final Person CLARA = new Person("Clara Wendt", "clara@wendt-orgelbau.example");
  private static final Person JONAS = new Person("Jonas Wendt", "jonas@wendt-orgelbau.example");
  private static final List<Person> OTHERS =
      List.of(
          new Person("Agnes Moreau", "agnes.moreau@saint-cyr.example"),
          new Person("Peter Lindqvist", "peter@lindqvist-timber.example"),
          new Person("Ruth Abernathy", "r.abernathy@northgate-insurance.example"),
          new Person("Tomas Novak", "novak@pipeworks.example"),
          new Person("Ingrid Halvorsen", "ingrid@halvorsen-audit.example"),
          new Person("Samuel Okafor", "samuel.okafor@grandhall.example"));

  private static final List<Topic> TOPICS =
      List.of(
          new Topic(
              "INBOX",
              "Site visit at %s",
              List.of(
                  "I can be at %s on %s. Could someone unlock the loft before nine?",
                  "the scaffold at %s is up until %s, so a visit before then would suit us best."),
              ""),
          new Topic(
              "Projekte/Übersicht 2024",
              "Offer for the restoration at %s",
              List.of(
                  "attached is our offer for %s. It holds until %s.",
                  "we have revised the offer for %s as discussed; prices are fixed until %s."),
              "offer.docx"),
          new Topic(
              "Rechnungen",
              "Invoice for work at %s",
              List.of(
                  "please find attached the invoice for %s, payable by %s.",
                  "the second instalment for %s is due on %s; the invoice is attached."),
              "invoice.pdf"),
          new Topic(
              "Projekte/Pfeifen & Holz",
              "Timber and pipes for %s",
              List.of(
                  "the oak for the wind chest of %s leaves our yard on %s.",
                  "we have cast the new principal pipes for %s and can deliver after %s."),
              "delivery.zip"),
          new Topic(
              "INBOX",
              "Insurance during the work at %s",
              List.of(
                  "the policy for %s covers transport and storage until %s.",
                  "for %s we still need the fire certificate, at the latest by %s."),
              ""),
          new Topic(
              "INBOX/Archiv",
              "Minutes: %s",
              List.of(
                  "here are the minutes of our meeting about %s. Remarks are welcome until %s.",
                  "the committee of %s has agreed to the plan and meets again on %s."),
              "minutes.pdf"));

  private static final List<String> PLACES =
      List.of(
          "St Cyr",
          "the Grand Hall",
          "Northgate Chapel",
          "the Abbey of Altmark",
          "Lund Cathedral",
          "the school at Brookfield",
          "St Nicholas",
          "the town hall of Eberswalde");

  private static final List<String> SENTENCES =
      List.of(
          "The bellows leak more than we thought, and the leather has to be replaced throughout.",
          "Humidity in the loft was above seventy per cent for most of the summer.",
          "The keyboard action is in good order and needs only to be regulated.",
          "Two of the reed stops speak late; we suspect dust in the boots.",
          "Nobody has found the drawings of 1887 yet, but the parish archive keeps looking.",
          "We would like to keep the old pitch of 435 hertz if the choir agrees.",
          "The crane can only stand in the courtyard before the market opens.",
          "Please count the boxes on arrival and tell us of any damage within a week.",
          "The price of tin has risen again, so I would order soon.",
          "A second opinion on the woodworm would calm everyone, including me.",
          "We shall tune on three evenings, when the heating is off and the street is quiet.",
          "The blower is too loud; a lined box under the stairs should help.",
          "I have put the photographs of the case work on the shared drive.",
          "If the grant comes through, the carved angels can be cleaned as well.");

  /// All mail: account, then mailbox by name with `/` between the levels, then messages in order.
  static Map<String, Map<String, List<Mail>>> accounts() {
    Map<String, Map<String, List<Mail>>> accounts = new LinkedHashMap<>();
    accounts.put("clara", new SampleMail().clara());
    accounts.put("jonas", new SampleMail().jonas());
    return accounts;
  }

  private SampleMail() {}

  private Map<String, List<Mail>> clara() {
    for (int i = 0; i < ORDINARY; i++) {
      exchange(CLARA);
    }
    languages();
    curiosities();
    return mailboxes;
  }

  private Map<String, List<Mail>> jonas() {
    random.setSeed(SEED + 1);
    for (int i = 0; i < ORDINARY / 8; i++) {
      exchange(JONAS);
    }
    for (int i = 1; i <= 24; i++) {
      listMail(i);
    }
    return mailboxes;
  }

  /// A mail from outside and, often, the answer.
  private void exchange(Person owner) {
    Topic topic = pick(TOPICS);
    Person other = pick(OTHERS);
    String place = pick(PLACES);
    String subject = topic.subject().formatted(place);
    later();
    String text =
        "Dear %s,\r\n\r\n%s %s\r\n\r\n%s\r\n\r\nKind regards,\r\n%s\r\n"
            .formatted(
                owner.first(),
                pick(topic.opening()).formatted(place, day()),
                pick(SENTENCES),
                pick(SENTENCES),
                other.name());
    String id = id(other);
    Part body = random.nextInt(3) == 0 ? alternative(text) : plain(text);
    Part whole = topic.file().isEmpty() ? body : mixed(body, attachment(topic.file(), place, text));
    add(topic.mailbox(), header(other, owner, subject, id, null), whole);
    if (random.nextInt(10) < 4) {
      answer(owner, other, subject, id, text);
    }
  }

  private void answer(Person owner, Person other, String subject, String id, String question) {
    later();
    String text =
        "Dear %s,\r\n\r\nthank you. %s\r\n\r\nBest wishes,\r\n%s\r\n\r\n%s wrote:\r\n%s"
            .formatted(
                other.first(),
                pick(SENTENCES),
                owner.first(),
                other.name(),
                "> " + question.strip().replace("\r\n", "\r\n> ") + "\r\n");
    add("Gesendet", header(owner, other, "Re: " + subject, id(owner), id), plain(text));
  }

  private void listMail(int issue) {
    later();
    Person list = new Person("Pipe Organ Forum", "forum@pipe-organ-forum.example");
    String fields =
        header(
                pick(OTHERS),
                list,
                "[forum] Digest %d: %s".formatted(issue, pick(PLACES)),
                id(list),
                null)
            + "List-Id: Pipe Organ Forum <forum.pipe-organ-forum.example>\r\n"
            + "List-Unsubscribe: <mailto:leave@pipe-organ-forum.example>\r\n"
            + "Precedence: list\r\n";
    add("Listen/Forum", fields, plain(pick(SENTENCES) + "\r\n\r\n" + pick(SENTENCES) + "\r\n"));
  }

  /// The same small talk in other scripts.
  private void languages() {
    Person world = new Person("Übersetzungsbüro Čapek", "buero@capek.example");
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("关于管风琴修复的报价", "您好：\r\n\r\n附件是修复管风琴的报价单，有效期到月底。请在星期五以前回复。\r\n");
    texts.put("パイプオルガンの調律について", "お世話になっております。\r\n\r\n来週の火曜日に調律を行います。鍵を準備してください。\r\n");
    texts.put(
        "تقرير عن حالة الأرغن",
        "تحية طيبة،\r\n\r\nنرسل إليكم التقرير عن حالة الأرغن بعد الفحص الأخير.\r\n");
    texts.put(
        "Договор на поставку древесины",
        "Здравствуйте!\r\n\r\nНаправляем договор на поставку дуба. Ждём подписи.\r\n");
    texts.put(
        "Angebot für die große Orgel",
        "Guten Tag,\r\n\r\nanbei das Angebot für die große Orgel samt Gehäuse.\r\n");
    texts.put(
        "Πρόσκληση στη συναυλία",
        "Καλημέρα,\r\n\r\nσας προσκαλούμε στη συναυλία της Κυριακής.\r\n");
    texts.put("오르간 수리 일정", "안녕하세요,\r\n\r\n수리 일정은 다음 달로 정해졌습니다.\r\n");
    for (Map.Entry<String, String> text : texts.entrySet()) {
      later();
      add(
          "Sprachen/日本語 и русский",
          header(world, CLARA, text.getKey(), id(world), null),
          plain(text.getValue()));
    }
  }

  /// What a mail program meets sooner or later.
  private void curiosities() {
    Person other = OTHERS.getFirst();
    later();
    String inner =
        header(other, OTHERS.get(1), "Key to the tower", id(other), null)
            + plain("The key hangs behind the third bellows.\r\n").text();
    add(
        "INBOX",
        header(OTHERS.get(1), CLARA, "Fwd: Key to the tower", id(OTHERS.get(1)), null),
        mixed(
            plain("Dear Clara, this may help.\r\n"),
            new Part("Content-Type: message/rfc822\r\nContent-Disposition: inline\r\n", inner)));
    String twin = "<twin.1@saint-cyr.example>";
    later();
    add(
        "INBOX",
        header(other, CLARA, "Rehearsal", twin, null),
        plain("The rehearsal is on Monday.\r\n"));
    add(
        "INBOX",
        header(other, CLARA, "Rehearsal", twin, null),
        plain("The rehearsal is on Tuesday.\r\n"));
    later();
    add(
        "INBOX",
        header(other, CLARA, "Broken parcel", id(other), null),
        new Part(
            "Content-Type: multipart/mixed; boundary=\"never-closed\"\r\n",
            """
            --never-closed\r
            Content-Type: text/plain; charset=utf-9\r
            Content-Transfer-Encoding: base64\r
            \r
            VGhlIGxpZCBpcyBjcmFja2Vk=!=\r
            --never-closed\r
            Content-Type: image/png; name="lid\r
            \r
            not a picture"""));
    mailboxes
        .computeIfAbsent("INBOX", name -> new ArrayList<>())
        .add(new Mail(octets("a note without any header\r\n"), clock, false, true));
  }

  /// A MIME part: its own header fields, then its body.
  private record Part(String fields, String body) {
    String text() {
      return fields + "\r\n" + body;
    }
  }

  private static Part plain(String text) {
    return new Part(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n",
        base64(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Part alternative(String text) {
    String html =
        "<html><body><p>"
            + text.strip().replace("\r\n\r\n", "</p>\r\n<p>")
            + "</p></body></html>\r\n";
    return multipart(
        "alternative",
        plain(text),
        new Part(
            "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n", html));
  }

  private static Part mixed(Part first, Part second) {
    return multipart("mixed", first, second);
  }

  private static Part multipart(String kind, Part first, Part second) {
    String boundary = "----=_" + kind + "_" + first.body().length() + "_" + second.body().length();
    return new Part(
        "Content-Type: multipart/" + kind + "; boundary=\"" + boundary + "\"\r\n",
        "--%1$s\r\n%2$s\r\n--%1$s\r\n%3$s\r\n--%1$s--\r\n"
            .formatted(boundary, first.text(), second.text()));
  }

  private Part attachment(String file, String place, String text) {
    List<String> lines = List.of(file + " for " + place, "Number " + number, pick(SENTENCES));
    String name = number + "-" + file;
    return switch (file.substring(file.indexOf('.') + 1)) {
      case "pdf" -> attached(name, "application/pdf", Attachments.pdf(lines));
      case "docx" ->
          attached(
              name,
              "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
              Attachments.docx(lines));
      default ->
          attached(
              name,
              "application/zip",
              Attachments.zip(Map.of("delivery.txt", String.join("\n", lines) + "\n" + text)));
    };
  }

  private static Part attached(String name, String type, byte[] octets) {
    return new Part(
        """
        Content-Type: %s; name="%s"\r
        Content-Disposition: attachment; filename="%s"\r
        Content-Transfer-Encoding: base64\r
        """
            .formatted(type, name, name),
        base64(octets));
  }

  private String header(
      Person from, Person to, String subject, String id, @Nullable String parent) {
    String thread =
        parent == null ? "" : "In-Reply-To: %1$s\r\nReferences: %1$s\r\n".formatted(parent);
    return """
        From: %s\r
        To: %s\r
        Subject: %s\r
        Date: %s\r
        Message-ID: %s\r
        %sMIME-Version: 1.0\r
        """
        .formatted(
            person(from),
            person(to),
            encoded(subject),
            DATE.format(ZonedDateTime.ofInstant(clock, ZoneId.of("Europe/Berlin"))),
            id,
            thread);
  }

  private static String person(Person person) {
    return encoded(person.name()) + " <" + person.address() + ">";
  }

  /// RFC 2047 section 4.1; one encoded-word, which the lines here are short enough for.
  private static String encoded(String text) {
    return text.chars().allMatch(c -> c < 0x7F)
        ? text
        : "=?UTF-8?B?"
            + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }

  private static String base64(byte[] octets) {
    return Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(octets) + "\r\n";
  }

  private void add(String mailbox, String fields, Part body) {
    int chance = random.nextInt(10);
    mailboxes
        .computeIfAbsent(mailbox, name -> new ArrayList<>())
        .add(new Mail(octets(fields + body.text()), clock, chance > 2, chance == 9));
  }

  private static byte[] octets(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void later() {
    clock = clock.plusSeconds(3_600 + random.nextInt(12 * 86_400));
    number++;
  }

  private String day() {
    return DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH)
        .format(clock.plusSeconds(14 * 86_400).atZone(ZoneOffset.UTC));
  }

  private String id(Person from) {
    return "<%d.%d@%s>"
        .formatted(
            number,
            random.nextInt(1_000_000),
            from.address().substring(from.address().indexOf('@') + 1));
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
