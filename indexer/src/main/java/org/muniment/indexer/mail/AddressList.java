package org.muniment.indexer.mail;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An address list (RFC 5322 sections 3.4 and 4.4), read leniently: what is between two commas and
/// cannot be understood is an address of which parts are missing.
///
/// @param malformed whether something of it could not be understood
public record AddressList(List<Address> addresses, boolean malformed) {

  /// Most addresses that are read of a list.
  public static final int MAX_ADDRESSES = 20_000;

  public AddressList {
    addresses = List.copyOf(addresses);
  }

  /// Reads an address list.
  ///
  /// @param raw value of a field, unfolded, each octet one ISO-8859-1 character
  public static AddressList parse(String raw) {
    return new Parser(raw).list();
  }

  private static final class Parser {
    private final HeaderCursor cursor;
    private final List<Address> addresses = new ArrayList<>();
    private int count;
    private boolean malformed;

    Parser(String raw) {
      cursor = new HeaderCursor(raw);
    }

    // address-list = (address *("," address)) / obs-addr-list
    AddressList list() {
      while (cursor.skipCfws() || !cursor.atEnd()) {
        if (cursor.atEnd() || full()) {
          break;
        }
        if (!cursor.skip(',')) {
          address();
        }
      }
      return new AddressList(addresses, malformed);
    }

    private boolean full() {
      malformed |= count == MAX_ADDRESSES;
      return count == MAX_ADDRESSES;
    }

    // address = mailbox / group ; group = display-name ":" [group-list] ";" [CFWS]
    private void address() {
      Words words = words();
      if (cursor.skip(':')) {
        group(words.phrase());
      } else {
        Address.Mailbox mailbox = mailbox(words);
        if (mailbox != null) {
          addresses.add(mailbox);
        }
        separator();
      }
    }

    private void separator() {
      cursor.skipCfws();
      if (!cursor.atEnd() && cursor.peek() != ',') {
        malformed = true;
        if (!cursor.skip(';')) {
          skipToSeparator();
        }
      }
    }

    private void skipToSeparator() {
      while (!cursor.atEnd() && cursor.peek() != ',' && cursor.peek() != ';') {
        cursor.read();
      }
    }

    private void group(String name) {
      List<Address.Mailbox> members = new ArrayList<>();
      count++;
      cursor.skipCfws();
      while (!cursor.atEnd() && cursor.peek() != ';' && !full()) {
        if (!cursor.skip(',')) {
          Address.Mailbox member = mailbox(words());
          if (member != null) {
            members.add(member);
          }
          cursor.skipCfws();
          if (cursor.peek() != ',' && cursor.peek() != ';') {
            malformed = true;
            skipToSeparator();
          }
        }
        cursor.skipCfws();
      }
      malformed |= !cursor.skip(';');
      addresses.add(new Address.Group(name, members));
    }

    // mailbox = name-addr / addr-spec
    private Address.@Nullable Mailbox mailbox(Words words) {
      count++;
      if (cursor.peek() == '@') {
        String domain = domain();
        // foo@example.com <foo@example.com>
        return cursor.peek() == '<'
            ? angleAddress(words.local() + "@" + domain)
            : new Address.Mailbox(commentAsName(), null, words.local(), domain);
      }
      if (cursor.peek() == '<') {
        return angleAddress(words.isEmpty() ? null : words.phrase());
      }
      malformed = true;
      if (words.isEmpty()) {
        skipToSeparator();
        return null;
      }
      return new Address.Mailbox(commentAsName(), null, words.phrase(), null);
    }

    private @Nullable String commentAsName() {
      return cursor.comment().isEmpty() ? null : cursor.comment();
    }

    // angle-addr = "<" addr-spec ">" ; obs-angle-addr = "<" obs-route addr-spec ">"
    private Address.Mailbox angleAddress(@Nullable String name) {
      cursor.skip('<');
      cursor.skipCfws();
      String route = cursor.peek() == '@' ? route() : null;
      Words local = words();
      String domain = cursor.peek() == '@' ? domain() : null;
      malformed |= domain == null || local.isEmpty();
      if (!cursor.skip('>')) {
        malformed = true;
        while (!cursor.atEnd() && cursor.peek() != ',' && !cursor.skip('>')) {
          cursor.read();
        }
      }
      return new Address.Mailbox(name, route, local.isEmpty() ? null : local.local(), domain);
    }

    // obs-domain-list = *(CFWS / ",") "@" domain *("," [CFWS] ["@" domain])
    private String route() {
      StringBuilder route = new StringBuilder();
      while (cursor.peek() == '@') {
        route.append(route.isEmpty() ? "@" : ",@").append(domain());
        while (cursor.skip(',')) {
          cursor.skipCfws();
        }
      }
      malformed |= !cursor.skip(':');
      cursor.skipCfws();
      return route.toString();
    }

    // domain = dot-atom / domain-literal / obs-domain
    private String domain() {
      cursor.skip('@');
      cursor.forgetComment();
      cursor.skipCfws();
      if (cursor.peek() == '[') {
        String literal = cursor.domainLiteral();
        cursor.skipCfws();
        return literal;
      }
      String domain = words().local();
      malformed |= domain.isEmpty();
      return domain;
    }

    // phrase = 1*word / obs-phrase ; word = atom / quoted-string
    private Words words() {
      Words words = new Words();
      cursor.forgetComment();
      boolean space = cursor.skipCfws();
      while (!cursor.atEnd() && "<>@,;:".indexOf(cursor.peek()) < 0) {
        boolean quoted = cursor.peek() == '"';
        words.add(quoted ? cursor.quotedString() : atom(), space);
        space = cursor.skipCfws();
      }
      return words;
    }

    private String atom() {
      StringBuilder atom = new StringBuilder();
      while (!cursor.atEnd()
          && "<>@,;:(\"".indexOf(cursor.peek()) < 0
          && !HeaderCursor.isSpace(cursor.peek())) {
        atom.append(cursor.read());
      }
      return atom.toString();
    }
  }

  /// Words that are either the phrase before an address or its local part.
  private static final class Words {
    private final StringBuilder phrase = new StringBuilder();
    private final StringBuilder local = new StringBuilder();

    void add(String word, boolean space) {
      if (space && !phrase.isEmpty()) {
        phrase.append(' ');
        if (!word.startsWith(".") && local.charAt(local.length() - 1) != '.') {
          local.append(' ');
        }
      }
      phrase.append(word);
      local.append(word);
    }

    boolean isEmpty() {
      return phrase.isEmpty();
    }

    String phrase() {
      return phrase.toString();
    }

    String local() {
      return local.toString();
    }
  }
}
