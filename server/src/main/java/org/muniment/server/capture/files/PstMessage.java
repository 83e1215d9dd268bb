package org.muniment.server.capture.files;

import com.pff.PSTAttachment;
import com.pff.PSTException;
import com.pff.PSTMessage;
import com.pff.PSTRecipient;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MailDateFormat;
import jakarta.mail.internet.MimeUtility;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;
import org.muniment.archive.event.SourceText;

/// Puts a message of a PST file together as RFC 5322 and MIME have it: the header that came with it
/// where the file has one, else one of the properties; all bodies; all attachments. The same
/// message always gives the same octets.
///
/// ```
/// message     = header (body / multipart/mixed)
/// mixed       = body *attachment
/// body        = part / multipart/alternative with plain text, RTF, HTML
/// attachment  = base64 / message/rfc822
/// ```
final class PstMessage {

  /// Messages in messages.
  private static final int MAX_DEPTH = 16;

  private static final int MAX_ATTACHMENTS = 10_000;

  private static final String LINE = "\r\n";

  private static final int LINE_LENGTH = 76;

  private static final int CHUNK = 1 << 16;

  private static final String OCTETS = "application/octet-stream";

  private final PSTMessage message;
  private final MessageSpool out;
  private final MessageSpool attachment;
  private final List<String> missing = new ArrayList<>();

  /// @param out takes the message
  /// @param attachment takes one attachment after the other
  PstMessage(PSTMessage message, MessageSpool out, MessageSpool attachment) {
    this.message = message;
    this.out = out;
    this.attachment = attachment;
  }

  /// What could not be taken over, in words for people.
  List<String> missing() {
    return missing;
  }

  /// The message; null when it is too large.
  @Nullable FileMessage make(FileMessage.Mailbox mailbox, FilePlace place)
      throws PSTException, IOException {
    out.begin();
    write(message, "", 0);
    if (out.tooLarge()) {
      return null;
    }
    return new FileMessage(mailbox, "pst", place, date(), flags(), out.octets(), true);
  }

  private Instant date() {
    for (Date date :
        new Date[] {
          message.getMessageDeliveryTime(),
          message.getClientSubmitTime(),
          message.getLastModificationTime()
        }) {
      if (date != null) {
        return date.toInstant();
      }
    }
    return Instant.EPOCH;
  }

  private Set<SourceText> flags() throws PSTException {
    Set<SourceText> flags = new HashSet<>();
    add(flags, message.isRead(), "\\Seen");
    add(flags, message.hasReplied(), "\\Answered");
    add(flags, message.hasForwarded(), "$Forwarded");
    add(flags, message.isFlagged(), "\\Flagged");
    add(flags, message.isUnsent(), "\\Draft");
    for (String category : message.getColorCategories()) {
      add(flags, Keywords.isKeyword(category), category);
    }
    return flags;
  }

  private static void add(Set<SourceText> flags, boolean has, String flag) {
    if (has) {
      flags.add(SourceText.of(flag));
    }
  }

  /// @param path of the message in the messages around it, for boundaries of its own
  private void write(PSTMessage of, String path, int depth) throws PSTException, IOException {
    header(of);
    line("MIME-Version: 1.0");
    int attachments = Math.min(MAX_ATTACHMENTS, of.getNumberOfAttachments());
    if (attachments == 0) {
      bodies(of, path);
      return;
    }
    String boundary = "=_mixed" + path;
    line("Content-Type: multipart/mixed; boundary=\"" + boundary + "\"");
    line("");
    line("--" + boundary);
    bodies(of, path);
    for (int i = 0; i < attachments; i++) {
      line("");
      line("--" + boundary);
      attachment(of, i, path + "." + i, depth);
    }
    line("");
    line("--" + boundary + "--");
  }

  private void header(PSTMessage of) throws PSTException, IOException {
    String transported = of.getTransportMessageHeaders();
    if (transported == null || transported.isBlank()) {
      properties(of);
    } else {
      transported(transported);
    }
  }

  /// Copies the fields that came with the message, but for those that say how it was built.
  private void transported(String header) throws IOException {
    boolean keep = false;
    for (String line : header.lines().toList()) {
      if (line.isBlank()) {
        continue;
      }
      if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
        int colon = line.indexOf(':');
        String name = colon < 0 ? "" : line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        keep =
            !name.isEmpty()
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F)
                && !name.startsWith("content-")
                && !name.equals("mime-version");
      }
      if (keep) {
        line(line);
      }
    }
  }

  private void properties(PSTMessage of) throws PSTException, IOException {
    Date sent = of.getClientSubmitTime();
    if (sent != null) {
      MailDateFormat format = new MailDateFormat();
      format.setTimeZone(TimeZone.getTimeZone("UTC"));
      line("Date: " + format.format(sent));
    }
    line("From: " + address(of.getSenderName(), of.getSenderEmailAddress()));
    recipients(of, "To", PSTRecipient.MAPI_TO, of.getDisplayTo());
    recipients(of, "Cc", PSTRecipient.MAPI_CC, of.getDisplayCC());
    recipients(of, "Bcc", PSTRecipient.MAPI_BCC, of.getDisplayBCC());
    field("Subject", encoded(of.getSubject()));
    field("Message-ID", plain(of.getInternetMessageId()));
    field("In-Reply-To", plain(of.getInReplyToId()));
  }

  private void recipients(PSTMessage of, String name, int kind, String display)
      throws PSTException, IOException {
    List<String> addresses = new ArrayList<>();
    int count = of.getNumberOfRecipients();
    for (int i = 0; i < count; i++) {
      PSTRecipient recipient = of.getRecipient(i);
      if (recipient.getRecipientType() == kind) {
        String smtp = recipient.getSmtpAddress();
        addresses.add(
            address(
                recipient.getDisplayName(),
                smtp == null || smtp.isBlank() ? recipient.getEmailAddress() : smtp));
      }
    }
    field(name, addresses.isEmpty() ? encoded(display) : String.join("," + LINE + " ", addresses));
  }

  /// An address without an `@`, of an Exchange server, stands as a name.
  private static String address(@Nullable String name, @Nullable String address)
      throws UnsupportedEncodingException {
    String mail = plain(address);
    String person = name == null ? "" : oneLine(name);
    if (!mail.contains("@")) {
      return group(person.isEmpty() ? mail : person);
    }
    return new InternetAddress(mail, person.equals(mail) ? null : person, "UTF-8").toString();
  }

  // group = display-name ":" [group-list] ";"
  private static String group(String name) throws UnsupportedEncodingException {
    boolean ascii = name.chars().allMatch(c -> c < 0x7F);
    return ascii
        ? "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\":;"
        : MimeUtility.encodeWord(name, "UTF-8", null) + ":;";
  }

  private static String encoded(@Nullable String text) throws UnsupportedEncodingException {
    return text == null ? "" : MimeUtility.encodeText(oneLine(text), "UTF-8", null);
  }

  private static String oneLine(String text) {
    StringBuilder line = new StringBuilder();
    text.chars().map(c -> c < ' ' || c == 0x7F ? ' ' : c).forEach(c -> line.append((char) c));
    return line.toString().strip();
  }

  private static String plain(@Nullable String text) {
    StringBuilder plain = new StringBuilder();
    if (text != null) {
      text.chars().filter(c -> c > ' ' && c < 0x7F).forEach(c -> plain.append((char) c));
    }
    return plain.toString();
  }

  private void field(String name, String value) throws IOException {
    if (!value.isEmpty()) {
      line(name + ": " + value);
    }
  }

  private void line(String text) throws IOException {
    out.write((text + LINE).getBytes(StandardCharsets.UTF_8));
  }

  private record Body(String type, String text) {}

  private void bodies(PSTMessage of, String path) throws PSTException, IOException {
    List<Body> bodies = new ArrayList<>();
    add(bodies, "plain", of.getBody());
    String html = of.getBodyHTML();
    add(bodies, "rtf", html == null || html.isEmpty() ? of.getRTFBody() : "");
    add(bodies, "html", html);
    if (bodies.size() < 2) {
      text(bodies.isEmpty() ? new Body("plain", "") : bodies.getFirst());
      return;
    }
    String boundary = "=_alternative" + path;
    line("Content-Type: multipart/alternative; boundary=\"" + boundary + "\"");
    line("");
    for (Body body : bodies) {
      line("--" + boundary);
      text(body);
      line("");
    }
    line("--" + boundary + "--");
  }

  private static void add(List<Body> bodies, String type, @Nullable String text) {
    if (text != null && !text.isEmpty()) {
      bodies.add(new Body(type, text));
    }
  }

  private void text(Body body) throws IOException {
    line("Content-Type: text/" + body.type() + "; charset=utf-8");
    line("Content-Transfer-Encoding: quoted-printable");
    line("");
    try (OutputStream quoted = MimeUtility.encode(new Open(out), "quoted-printable")) {
      int begin = 0;
      while (begin < body.text().length()) {
        int end = Math.min(body.text().length(), begin + CHUNK);
        // Half a character of two would become a question mark.
        end -= Character.isHighSurrogate(body.text().charAt(end - 1)) && end - begin > 1 ? 1 : 0;
        quoted.write(body.text().substring(begin, end).getBytes(StandardCharsets.UTF_8));
        begin = end;
      }
    } catch (MessagingException e) {
      throw new IOException(e);
    }
  }

  /// A stream that stays open when what writes to it is closed.
  private static final class Open extends FilterOutputStream {
    Open(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      out.write(from, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  private void attachment(PSTMessage of, int number, String path, int depth) throws IOException {
    try {
      PSTAttachment part = of.getAttachment(number);
      if (part.getAttachMethod() == PSTAttachment.ATTACHMENT_METHOD_EMBEDDED) {
        embedded(part, path, depth);
      } else {
        octets(part);
      }
    } catch (TemporaryFileException e) {
      throw e;
    } catch (PSTException | IOException | RuntimeException e) {
      missing("attachment " + (number + 1) + " cannot be read: " + e.getMessage());
    }
  }

  private void missing(String what) throws IOException {
    missing.add(what);
    line("Content-Type: text/plain; charset=utf-8");
    line("");
    line("(" + oneLine(what) + ")");
  }

  private void embedded(PSTAttachment part, String path, int depth)
      throws PSTException, IOException {
    PSTMessage inner = depth < MAX_DEPTH ? part.getEmbeddedPSTMessage() : null;
    if (inner == null) {
      missing("a message in it cannot be read");
      return;
    }
    line("Content-Type: message/rfc822");
    line("Content-Disposition: attachment");
    line("");
    write(inner, path, depth + 1);
  }

  private void octets(PSTAttachment part) throws PSTException, IOException {
    attachment.begin();
    try (InputStream in = part.getFileInputStream()) {
      attachment.copy(in);
    }
    if (attachment.tooLarge()) {
      missing("an attachment " + Faults.tooLarge());
      return;
    }
    line("Content-Type: " + type(part.getMimeTag()));
    String name = part.getLongFilename().isEmpty() ? part.getFilename() : part.getLongFilename();
    String parameter = name.isEmpty() ? "" : ";" + LINE + " filename*=utf-8''" + percent(name);
    line("Content-Disposition: attachment" + parameter);
    String id = plain(part.getContentId());
    field("Content-ID", id.isEmpty() ? "" : "<" + id + ">");
    line("Content-Transfer-Encoding: base64");
    line("");
    try (InputStream in = attachment.octets().open();
        OutputStream base64 =
            Base64.getMimeEncoder(LINE_LENGTH, LINE.getBytes(StandardCharsets.US_ASCII))
                .wrap(new Open(out))) {
      in.transferTo(base64);
    }
    line("");
  }

  // type "/" subtype
  private static String type(@Nullable String tag) {
    String type = tag == null ? "" : tag.toLowerCase(Locale.ROOT);
    int slash = type.indexOf('/');
    boolean known =
        slash > 0
            && slash < type.length() - 1
            && type.length() < LINE_LENGTH
            && type.chars()
                .allMatch(
                    c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "/.+-".indexOf(c) >= 0)
            && type.indexOf('/', slash + 1) < 0
            && !type.startsWith("multipart/")
            && !type.startsWith("message/");
    return known ? type : OCTETS;
  }

  /// The characters of RFC 8187 section 3.2.1 as they are, all others in per cent.
  private static String percent(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A");
  }
}
