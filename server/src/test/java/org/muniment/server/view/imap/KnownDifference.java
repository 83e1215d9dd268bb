package org.muniment.server.view.imap;

import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.muniment.indexer.mail.PartPath;
import org.muniment.server.view.imap.ImapValue.Atom;
import org.muniment.server.view.imap.ImapValue.Items;
import org.muniment.server.view.imap.ImapValue.Text;

/// Where this view differs from Dovecot and means to: each is a row of a table in
/// `docs/imap-view.md`, which says how.
enum KnownDifference {
  CASE("media types, encodings, parameter names"),
  HALF_ADDRESS("half an address"),
  WRONG_ADDRESS("an address list that is not by its grammar"),
  FOLD("space where a header line was folded, lone CR"),
  NUL("NUL in a header"),
  NO_EMPTY_LINE("`HEADER.FIELDS` where the header has no empty line behind it"),
  READ_ON("`HEADER.FIELDS.NOT` of such a header in a part"),
  NO_BODY("the empty line of a part that has no body"),
  OUTER_BOUNDARY("the line break before an outer boundary"),
  ENCODED_MESSAGE("a message/rfc822 part in Base64"),
  GLOBAL_MESSAGE("header and text of a message/global part"),
  LONG_BOUNDARY("boundaries of more than 80 characters"),
  WRONG_TYPE("a Content-Type or Content-Disposition that is not by its grammar"),
  NO_VERSION("a message, also within a part, without MIME-Version and Content-Type"),
  SIZE_BELOW_ZERO("`BINARY.SIZE` of some broken parts"),
  ENCODED_MULTIPART("`BINARY` of a multipart or a message"),
  WRONG_BASE64("`BINARY` of wrong Base64, or of an encoding that is none or stands twice");

  private static final Set<String> INVENTED =
      Set.of("MISSING_MAILBOX", "MISSING_DOMAIN", "INVALID_ROUTE", "SYNTAX_ERROR");

  private static final String PARAMETERS = " *(;\\s*[\\w.*+-]+=(\"[^\"]*\"|[^\\s;\"]+)\\s*)*";
  private static final Pattern TYPE = Pattern.compile("[\\w.+-]+/[\\w.+-]+" + PARAMETERS);
  private static final Pattern DISPOSITION = Pattern.compile("[\\w.+-]+" + PARAMETERS);
  private static final Pattern OTHER_FIELDS =
      Pattern.compile("\ncontent-(disposition|id|description|language|location|md5):");
  private static final Pattern LONG = Pattern.compile("boundary=\"?[^\"\\s;]{80}");

  /// How the table names it.
  final String row;

  KnownDifference(String row) {
    this.row = row;
  }

  /// Whether two answers say the same but for what is known.
  ///
  /// @param label the name of the item
  static boolean covers(TortureMail mail, String label, ImapValue here, ImapValue there) {
    if (here.equals(there)) {
      return true;
    }
    return switch (label) {
      case "FLAGS" -> Set.copyOf(values(here)).equals(Set.copyOf(values(there)));
      case "ENVELOPE" -> envelope(mail, values(here), values(there));
      case "BODY", "BODYSTRUCTURE" -> isOfOtherStructure(mail) || structure(mail, here, there);
      default ->
          label.matches("(BODY|BINARY|BINARY.SIZE)\\[.+") && section(mail, label, here, there);
    };
  }

  private static List<ImapValue> values(ImapValue items) {
    return ((Items) items).values();
  }

  private static boolean isOfOtherStructure(TortureMail mail) {
    String text = mail.text().toLowerCase(Locale.ROOT);
    String header = text.substring(0, Math.max(0, text.indexOf("\r\n\r\n") + 1));
    boolean encoded = text.contains("content-transfer-encoding:");
    boolean message = text.contains("message/rfc822") || text.contains("multipart/digest");
    return (message && (encoded || OTHER_FIELDS.matcher(text).find()))
        || (text.contains("message/global") && mail.holdsBareHeader())
        || mail.fields("content-transfer-encoding").count() > 1
        || (!header.contains("mime-version:") && !header.contains("content-type:"))
        || LONG.matcher(text).find()
        || !mail.fields("content-type").allMatch(value -> TYPE.matcher(value).matches())
        || !mail.fields("content-disposition")
            .allMatch(value -> DISPOSITION.matcher(value).matches());
  }

  /// ABNF: `envelope`
  private static boolean envelope(TortureMail mail, List<ImapValue> here, List<ImapValue> there) {
    for (int i = 0; i < here.size(); i++) {
      boolean addresses = i >= 2 && i <= 7;
      if (!texts(here.get(i), there.get(i))
          && !(addresses && isWrong(mail, here.get(i), there.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /// Whether an address list is not by its grammar: either server says so, in its way.
  private static boolean isWrong(TortureMail mail, ImapValue here, ImapValue there) {
    return mail.hasWrongAddress()
        || INVENTED.stream().anyMatch(there.toString()::contains)
        || (here instanceof Items(var addresses)
            && addresses.stream()
                .map(address -> word(values(address).get(3)))
                .anyMatch(domain -> domain.contains(" ") || domain.contains("\\")));
  }

  private static String word(ImapValue value) {
    return value instanceof Text(var octets) ? octets : "";
  }

  private interface Comparison {
    boolean same(ImapValue here, ImapValue there);
  }

  private static boolean alike(List<ImapValue> here, List<ImapValue> there, Comparison comparison) {
    for (int i = 0; i < here.size(); i++) {
      if (!comparison.same(here.get(i), there.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean texts(ImapValue here, ImapValue there) {
    if (here instanceof Items(var ours) && there instanceof Items(var theirs)) {
      return ours.size() == theirs.size() && alike(ours, theirs, KnownDifference::texts);
    }
    return here.equals(there)
        || (here instanceof Text(var ours)
            && there instanceof Text(var theirs)
            && plain(ours).equals(plain(theirs)));
  }

  /// Without what is known of folds and NUL, which Dovecot shows as U+FFFD.
  private static String plain(String octets) {
    return octets.replace("\u00ef\u00bf\u00bd", "\u0080").replaceAll("[ \t\r\n]+", " ").strip();
  }

  /// ABNF: `body`
  private static boolean structure(TortureMail mail, ImapValue here, ImapValue there) {
    if (!(here instanceof Items(var ours) && there instanceof Items(var theirs))) {
      return texts(here, there)
          || (here instanceof Text(var octets)
              && there instanceof Text(var other)
              && octets.equals(other.toLowerCase(Locale.ROOT)));
    }
    if (ours.size() != theirs.size()) {
      return false;
    }
    boolean message = ours.size() > 9 && word(ours.get(1)).equals("rfc822");
    for (int i = 0; i < ours.size(); i++) {
      if (!(message
          ? ofMessage(i, mail, ours.get(i), theirs.get(i))
          : structure(mail, ours.get(i), theirs.get(i)))) {
        return false;
      }
    }
    return true;
  }

  /// ABNF: `body-type-msg`, whose octets and lines end where those of its last part end.
  private static boolean ofMessage(int at, TortureMail mail, ImapValue here, ImapValue there) {
    return switch (at) {
      case 6 -> isMore(there, here, 2);
      case 7 -> envelope(mail, values(here), values(there));
      case 9 -> isMore(there, here, 1);
      default -> structure(mail, here, there);
    };
  }

  private static boolean isMore(ImapValue number, ImapValue than, int by) {
    return number.equals(than)
        || (number instanceof Atom(var more)
            && than instanceof Atom(var less)
            && new BigInteger(more).equals(new BigInteger(less).add(BigInteger.valueOf(by))));
  }

  /// As a number without a sign.
  private static boolean isBelowZero(ImapValue number) {
    return number instanceof Atom(var digits)
        && !number.equals(ImapValue.NIL)
        && new BigInteger(digits).bitLength() == 64;
  }

  private static boolean section(TortureMail mail, String label, ImapValue here, ImapValue there) {
    boolean partial = label.endsWith(">");
    if (label.contains("HEADER.FIELDS")) {
      return endsWithBreaks(here, there, 2)
          || isGlobal(mail, label)
          || isOfOtherStructure(mail)
          || (word(there).contains("--b") && !word(here).contains("--b"))
          || (mail.holdsBareHeader() && word(there).startsWith(word(here).strip()));
    }
    if (label.contains(".MIME]") || label.contains(".HEADER]")) {
      return endsWithBreaks(here, there, 1) || isOfOtherStructure(mail) || isGlobal(mail, label);
    }
    if (label.startsWith("BINARY.SIZE[")) {
      return isMore(there, here, 2)
          || isBelowZero(there)
          || isOfOtherStructure(mail)
          || holdsEncoded(mail, label);
    }
    if (label.startsWith("BINARY[") && holdsEncoded(mail, label)) {
      return true;
    }
    return label.matches("[A-Z]+\\[[0-9].*")
        && (endsWithBreaks(there, here, partial ? 2 : 1)
            || isOfOtherStructure(mail)
            || isGlobal(mail, label));
  }

  private static boolean holdsEncoded(TortureMail mail, String label) {
    String path = label.substring(label.indexOf('[') + 1, label.indexOf(']'));
    return PartPath.parse(path).filter(mail::holdsEncoded).isPresent();
  }

  private static boolean isGlobal(TortureMail mail, String label) {
    return mail.text().contains("message/global")
        && label.matches("BODY\\[[0-9.]+\\.(HEADER|TEXT).*");
  }

  /// Whether one is the other with line breaks behind it.
  private static boolean endsWithBreaks(ImapValue one, ImapValue other, int most) {
    String longer = word(one).replace("\r\r\n", "\r\n");
    String shorter = word(other).replace("\r\r\n", "\r\n");
    return longer.startsWith(shorter)
        && longer.substring(shorter.length()).matches("[\r\n]{0," + 2 * most + "}");
  }
}
