package org.muniment.archive.bench;

import static org.muniment.archive.bench.Mime.latin;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A corpus of generated mail: the same octets for the same seed, mix and number. People of three
/// languages write, answer, quote, forward, invite, and send each other documents, many of which
/// have been sent before; servers add what they add; some of it comes back, and some is broken. Of
/// all files three in ten have the very octets of another one, in another mailbox or account.
///
/// Messages come in order of arrival, in memory that does not grow with their number.
final class Corpus implements Iterator<Delivery> {

  private static final Instant FIRST = Instant.parse("2016-01-04T07:00:00Z");
  private static final Duration SPAN = Duration.ofDays(3_650);

  private static final int MESSAGES_PER_ACCOUNT = 1_000;
  private static final int FEWEST_ACCOUNTS = 4;
  private static final int OUTSIDERS_PER_ACCOUNT = 12;
  private static final int THREADS = 400;
  private static final int LONGEST_TEXT = 40_000;
  private static final int LONGEST_QUOTE = 12_000;
  private static final int LARGEST_EMBEDDED = 64 << 10;

  private final Mix mix;
  private final int count;
  private final RandomGenerator random;
  private final Map<Language, Words> words = new EnumMap<>(Language.class);
  private final List<Person> accounts = new ArrayList<>();
  private final List<Person> outsiders = new ArrayList<>();
  private final List<Letter> threads = new ArrayList<>();
  private final Documents documents;
  private final Bodies bodies;
  private final Queue<Delivery> pending = new ArrayDeque<>();
  private int given;
  private long written;

  /// @param count number of messages, copies counted
  Corpus(Mix mix, int count, long seed) {
    this.mix = mix;
    this.count = count;
    this.random = new SplittableRandom(seed);
    for (Language language : Language.values()) {
      words.put(language, new Words(language));
    }
    this.documents = new Documents(mix, words(Language.ENGLISH), random);
    this.bodies = new Bodies(random);
    int own = Math.max(FEWEST_ACCOUNTS, count / MESSAGES_PER_ACCOUNT);
    for (int i = 0; i < own; i++) {
      accounts.add(person(i, "office%d.example".formatted(i % 3), true));
    }
    for (int i = 0; i < own * OUTSIDERS_PER_ACCOUNT; i++) {
      outsiders.add(person(own + i, "mail%d.example".formatted(i % 17), false));
    }
  }

  private Person person(int number, String domain, boolean account) {
    double chance = random.nextDouble();
    Language language =
        chance < 0.72 ? Language.ENGLISH : chance < 0.88 ? Language.GERMAN : Language.RUSSIAN;
    Words names = words(language);
    return new Person(
        names.name(random) + " " + names.name(random),
        words(Language.ENGLISH).name(random).toLowerCase(Locale.ROOT) + number + "@" + domain,
        language,
        account);
  }

  private Words words(Language language) {
    return Objects.requireNonNull(words.get(language));
  }

  @Override
  public boolean hasNext() {
    return given < count;
  }

  @Override
  public Delivery next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    while (pending.isEmpty()) {
      write();
    }
    given++;
    return pending.remove();
  }

  private void write() {
    written++;
    double chance = random.nextDouble();
    if (chance < mix.newsletters()) {
      writeNewsletter();
    } else if (chance < mix.newsletters() + 0.01 && !threads.isEmpty()) {
      writeBounce(pick(threads));
    } else if (chance < 0.5 && !threads.isEmpty()) {
      // Most answers come soon.
      double age = random.nextDouble();
      writeLetter(threads.get((int) ((1 - age * age * age) * (threads.size() - 1))), false);
    } else if (chance < 0.57 && !threads.isEmpty()) {
      writeLetter(pick(threads), true);
    } else {
      writeLetter(null, false);
    }
  }

  private void writeLetter(@Nullable Letter parent, boolean forward) {
    Person author = author(parent);
    List<Person> recipients = recipients(parent, author, forward);
    Language language = parent == null ? author.language() : parent.author().language();
    Instant date = date(parent);
    String own = words(language).text(random, length(parent == null ? mix.text() : mix.text() / 2));
    String text = lines(own, random.nextInt(5) == 0 ? 900 : 72) + signature(author);
    String subject;
    if (parent == null) {
      subject = words(language).title(random, 2 + random.nextInt(5));
    } else {
      subject = (forward ? language.forward : language.reply) + bareSubject(parent.subject());
      text += "\n" + quotation(parent, language, forward);
    }
    text = text.substring(0, Math.min(text.length(), LONGEST_TEXT));
    List<Attachment> attached = documents.of(parent, forward);
    String charset = charset(language, text);
    byte[] body = bodies.of(text, subject, charset, author, attached, forward ? parent : null);
    Letter letter =
        letter(author, recipients, subject, text, date, attached, body, charset, parent);
    remember(letter);
    deliver(letter);
  }

  private Person author(@Nullable Letter parent) {
    if (parent != null && random.nextInt(10) > 0) {
      return pick(parent.recipients());
    }
    return random.nextInt(3) == 0 ? pick(accounts) : pick(outsiders);
  }

  /// Somebody of them has an account, or the author has.
  private List<Person> recipients(@Nullable Letter parent, Person author, boolean forward) {
    List<Person> recipients = new ArrayList<>();
    if (parent != null && !forward) {
      recipients.add(parent.author());
    }
    int more = random.nextInt(10) < 7 ? 0 : 1 + random.nextInt(random.nextInt(8) + 1);
    for (int i = recipients.isEmpty() ? -1 : 0; i < more; i++) {
      recipients.add(random.nextInt(3) == 0 ? pick(outsiders) : pick(accounts));
    }
    if (!author.account() && recipients.stream().noneMatch(Person::account)) {
      recipients.add(pick(accounts));
    }
    return recipients;
  }

  private Instant date(@Nullable Letter parent) {
    Instant date = FIRST.plusSeconds(SPAN.toSeconds() * given / count + random.nextInt(40_000));
    return parent == null || date.isAfter(parent.date())
        ? date
        : parent.date().plusSeconds(60 + random.nextInt(90_000));
  }

  /// Lengths are spread as lengths of letters are: half of them shorter than the median.
  private int length(int median) {
    return (int) Math.min(LONGEST_TEXT, Documents.logNormal(random, median, 1.0));
  }

  private static String lines(String text, int width) {
    StringBuilder lines = new StringBuilder(text.length() + 16);
    int column = 0;
    for (String word : text.split(" ", -1)) {
      if (column > 0) {
        boolean full = column + word.length() >= width;
        lines.append(full ? '\n' : ' ');
        column = full ? 0 : column + 1;
      }
      lines.append(word);
      int feed = word.lastIndexOf('\n');
      column = feed < 0 ? column + word.length() : word.length() - feed - 1;
    }
    return lines.toString();
  }

  private String signature(Person author) {
    String phone = "+49 %d %d".formatted(30 + author.name().length(), author.address().hashCode());
    String disclaimer =
        author.address().hashCode() % 3 == 0 ? "\n" + author.language().disclaimer + "\n" : "";
    return "\n-- \n%s\n%s\n%s\n%s".formatted(author.name(), author.address(), phone, disclaimer);
  }

  private static String bareSubject(String subject) {
    int colon = subject.lastIndexOf(": ");
    return colon < 0 ? subject : subject.substring(colon + 2);
  }

  private String quotation(Letter parent, Language language, boolean forward) {
    String quoted = parent.text().substring(0, Math.min(parent.text().length(), LONGEST_QUOTE));
    if (forward) {
      return "-------- %s --------\nSubject: %s\nDate: %s\nFrom: %s\n\n%s"
          .formatted(
              language.forward, parent.subject(), parent.date(), parent.author().address(), quoted);
    }
    return language.attribution.formatted(parent.date(), parent.author().name())
        + "\n> "
        + quoted.strip().replace("\n", "\n> ")
        + "\n";
  }

  private String charset(Language language, String text) {
    String charset = pick(language.charsets());
    return Charset.forName(charset).newEncoder().canEncode(text) ? charset : "utf-8";
  }

  private void writeNewsletter() {
    Person author = pick(outsiders);
    Words theirs = words(author.language());
    String charset = charset(author.language(), author.name());
    charset = author.language() == Language.RUSSIAN ? charset : "utf-8";
    String subject = theirs.title(random, 4);
    String html = Html.newsletter(theirs, "links." + author.domain(), random);
    String text = lines(theirs.text(random, length(900)), 72);
    byte[] body =
        Mime.multipart(
            "alternative",
            List.of(
                Mime.text("plain", text, charset, random),
                Mime.body(
                    "text/html; charset=" + charset,
                    Mime.Encoding.QUOTED_PRINTABLE,
                    html.getBytes(Charset.forName(charset)))),
            random);
    body =
        Mime.join(
            latin(
                "List-Id: <news.%s>\nList-Unsubscribe: <https://%s/u/%s>\nPrecedence: bulk\n"
                    .formatted(author.domain(), author.domain(), Html.token(random, 48))),
            body);
    deliver(
        letter(
            author,
            List.of(pick(accounts)),
            subject,
            text,
            date(null),
            List.of(),
            body,
            charset,
            null));
  }

  private void writeBounce(Letter lost) {
    Person daemon =
        new Person(
            "Mail Delivery System",
            "MAILER-DAEMON@" + lost.author().domain(),
            Language.ENGLISH,
            false);
    String address = lost.recipients().getFirst().address();
    String notice =
        """
        This is the mail system at host mx.%s.

        Your message could not be delivered to one or more recipients. It is
        attached below.

        <%s>: host mx.%s said: 550 5.1.1
            <%s>: Recipient address rejected: no such user
        """
            .formatted(lost.author().domain(), address, daemon.domain(), address);
    String status =
        """
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.%s
        X-Queue-ID: %010X

        Final-Recipient: rfc822; %s
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 no such user
        """
            .formatted(lost.author().domain(), random.nextLong() >>> 24, address);
    byte[] returned =
        lost.octets().length == 0 ? latin("Subject: " + written + "\n") : lost.octets();
    byte[] body =
        Mime.multipart(
            "report; report-type=delivery-status",
            List.of(
                Mime.text("plain", notice, "us-ascii", random),
                latin(status),
                Mime.join(latin("Content-Type: message/rfc822\n\n"), returned)),
            random);
    Person to = lost.author().account() ? lost.author() : pick(accounts);
    deliver(
        letter(
            daemon,
            List.of(to),
            "Undelivered Mail Returned to Sender",
            notice,
            date(lost),
            List.of(),
            body,
            "us-ascii",
            null));
  }

  private Letter letter(
      Person author,
      List<Person> recipients,
      String subject,
      String text,
      Instant date,
      List<Attachment> attached,
      byte[] body,
      String charset,
      @Nullable Letter parent) {
    String id =
        "<%s.%d@%s>"
            .formatted(HexFormat.of().toHexDigits(random.nextLong()), written, author.domain());
    StringBuilder head = new StringBuilder(1_024);
    head.append("From: ").append(Mime.mailbox(author)).append('\n');
    head.append("To: ")
        .append(String.join(",\n ", recipients.stream().map(Mime::mailbox).toList()));
    head.append('\n').append(Mime.field("Subject", subject, charset));
    head.append("Date: ").append(Mime.date(date)).append('\n');
    head.append("Message-ID: ").append(id).append('\n');
    List<String> references = new ArrayList<>();
    if (parent != null) {
      references.addAll(parent.references());
      references.add(parent.id());
      head.append("In-Reply-To: ").append(parent.id()).append('\n');
      head.append("References: ").append(String.join("\n ", references)).append('\n');
    }
    head.append(program(author));
    head.append("MIME-Version: 1.0\n");
    byte[] octets = broken(Mime.join(head.toString().getBytes(StandardCharsets.UTF_8), body));
    return new Letter(author, recipients, subject, text, date, id, references, attached, octets);
  }

  private String program(Person author) {
    return switch (Math.floorMod(author.address().hashCode(), 4)) {
      case 0 ->
          "X-Mailer: Example Outpost 16.0\nThread-Index: %s\nContent-Language: %s\n"
              .formatted(Html.token(random, 22), author.language().name().substring(0, 2));
      case 1 -> "User-Agent: Example Bird 102.%d\n".formatted(author.name().length());
      case 2 -> "X-Mailer: Example Mail (2.3774.%d)\n".formatted(author.name().length());
      default -> "";
    };
  }

  /// One in a hundred and fifty is not as the RFCs want it.
  private byte[] broken(byte[] octets) {
    if (random.nextInt(150) > 0) {
      return octets;
    }
    String text = new String(octets, StandardCharsets.ISO_8859_1);
    return latin(
        switch (random.nextInt(6)) {
          case 0 -> text.substring(0, text.length() - Math.min(200, text.length() / 3));
          case 1 -> text.replaceFirst("\nMIME-Version: 1.0\n", "\nthis line is no header\n");
          case 2 -> text.replaceFirst("\n\n", "\n\n\0before\rand after\0\n");
          case 3 -> text.replaceFirst("\nSubject: ", "\nSubject: \u00e4\u00f6\u00fc ");
          case 4 -> text.replaceFirst("charset=[a-z0-9-]+", "charset=x-unheard-of");
          default ->
              text.replaceFirst(
                  "Content-Transfer-Encoding: [a-z0-9-]+", "Content-Transfer-Encoding: base64");
        });
  }

  private void remember(Letter letter) {
    if (threads.size() == THREADS) {
      threads.removeFirst();
    }
    boolean small = letter.octets().length <= LARGEST_EMBEDDED;
    threads.add(small ? letter : letter.withoutOctets());
  }

  /// To the author's sent mail, to whom it was sent, and wherever people filed it again.
  private void deliver(Letter letter) {
    byte[] sent = letter.octets();
    if (letter.author().account()) {
      place(letter.author(), letter.author().language().mailboxes().getFirst(), letter, sent);
    }
    boolean first = !letter.author().account();
    for (Person to : letter.recipients()) {
      if (to.account() && (first || random.nextBoolean())) {
        place(to, mailbox(to), letter, Mime.join(latin(Trace.of(letter, to, random)), sent));
        first = false;
      }
    }
  }

  private void place(Person owner, String mailbox, Letter letter, byte[] octets) {
    pending.add(delivery(owner, mailbox, letter, octets));
    int chance = random.nextInt(100);
    int copies = chance < 75 ? 0 : chance < 90 ? 1 : chance < 96 ? 2 : 4;
    for (int i = 0; i < copies; i++) {
      Person keeper = random.nextBoolean() ? owner : pick(accounts);
      pending.add(delivery(keeper, mailbox(keeper), letter, octets));
    }
  }

  private Delivery delivery(Person owner, String mailbox, Letter letter, byte[] octets) {
    String flags =
        (random.nextInt(25) == 0 ? "F" : "")
            + (random.nextInt(5) == 0 ? "R" : "")
            + (random.nextInt(100) < 85 ? "S" : "");
    return new Delivery(
        owner.address(), mailbox, flags, letter.date().plusSeconds(random.nextInt(30)), octets);
  }

  private String mailbox(Person owner) {
    List<String> names = owner.language().mailboxes();
    return random.nextInt(100) < 55
        ? Delivery.INBOX
        : names.get(1 + random.nextInt(names.size() - 1));
  }

  private <T> T pick(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
